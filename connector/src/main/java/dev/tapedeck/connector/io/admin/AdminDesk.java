package dev.tapedeck.connector.io.admin;

import dev.tapedeck.connector.core.audit.AuditEntry;
import dev.tapedeck.connector.io.admin.OrderException.Reason;
import dev.tapedeck.connector.io.grpc.NodeStreams;
import dev.tapedeck.connector.io.life.TokenRevocations;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.RoomRows.Room;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.CommandResult;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Has administrators' orders carried out by the media server of their room, and writes each into the audit log together
 * with what follows from it, whatever its outcome. Safe for use by many threads; waits.
 */
public final class AdminDesk {
  /** More than a media server waits for its own worker. */
  private static final long ANSWER_TIMEOUT_SECONDS = 15;

  private final Database database;
  private final NodeStreams streams;
  private final TokenRevocations revocations;
  private final LongSupplier wallMillis;

  public AdminDesk(Database database, NodeStreams streams, TokenRevocations revocations, LongSupplier wallMillis) {
    this.database = database;
    this.streams = streams;
    this.revocations = revocations;
    this.wallMillis = wallMillis;
  }

  /**
   * Carries out an order and returns the media server's answer. Tokens it names are revoked by then.
   *
   * @throws OrderException when it was not carried out; the log says so too
   */
  public CommandResult carryOut(Order order) throws OrderException {
    try {
      Room room = database.<Room, OrderException>read(handle -> RoomRows.open(handle, order.app(), order.room())
          .orElseThrow(() -> new OrderException(Reason.NOT_FOUND, "there is no such room now")));
      CommandResult result = ask(room, order);
      List<TokenFingerprint> tokens = result.getRevokedList().stream()
          .map(token -> new TokenFingerprint(token.getHash(), token.getExpiresMs())).toList();
      database.run(handle -> {
        AuditRows.append(handle, entry(order, ""));
        TokenRevocations.write(handle, order.app(), tokens, wallMillis.getAsLong());
        if (order.command().hasStartRecording()) {
          // It is armed from now on; the media server tells of it when there is something on tape.
          RecordingRows.open(handle, order.app(), result.getRecording(), order.room(), room.instance(), room.node(),
              room.incarnation(), wallMillis.getAsLong());
        }
      });
      spread(tokens);
      return result;
    } catch (OrderException e) {
      refuse(order, e.getMessage());
      throw e;
    }
  }

  /** Revokes one token: it opens nothing any more, and the sessions it opened end. */
  public void revoke(String app, String actor, String detail, TokenFingerprint token) {
    long now = wallMillis.getAsLong();
    database.run(handle -> {
      TokenRevocations.write(handle, app, List.of(token), now);
      AuditRows.append(handle, new AuditEntry(
          app, now, actor, "revoke_token", "", "token:" + token.hash(), detail, AuditEntry.DONE));
    });
    spread(List.of(token));
  }

  /** Notes an order that was not even tried. */
  public void refuse(Order order, String why) {
    database.run(handle -> AuditRows.append(handle, entry(order, why)));
  }

  private void spread(List<TokenFingerprint> tokens) {
    revocations.remember(tokens);
    TokenRevocations.messages(tokens).forEach(streams::tellAll);
  }

  private CommandResult ask(Room room, Order order) throws OrderException {
    try {
      CommandResult result = streams.command(room.node(), order.command()).get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!result.getError().isEmpty()) {
        throw new OrderException(result.getNotFound() ? Reason.NOT_FOUND : Reason.REFUSED, result.getError());
      }
      return result;
    } catch (ExecutionException e) {
      throw new OrderException(Reason.UNREACHABLE, e.getCause().getMessage());
    } catch (TimeoutException e) {
      throw new OrderException(
          Reason.UNREACHABLE, "node " + room.node() + " did not answer within " + ANSWER_TIMEOUT_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OrderException(Reason.UNREACHABLE, "interrupted while node " + room.node() + " was asked");
    }
  }

  private AuditEntry entry(Order order, String refusal) {
    return new AuditEntry(order.app(), wallMillis.getAsLong(), order.actor(), order.action(), order.room(),
        order.target(), order.detail(), AuditEntry.outcome(refusal));
  }
}
