package dev.tapedeck.connector.io.admin;

import dev.tapedeck.connector.core.audit.AuditEntry;
import dev.tapedeck.connector.core.audit.RefusalLog;
import dev.tapedeck.connector.io.admin.OrderException.Reason;
import dev.tapedeck.connector.io.grpc.NodeStreams;
import dev.tapedeck.connector.io.grpc.NotAttachedException;
import dev.tapedeck.connector.io.life.TokenRevocations;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.RoomRows.Room;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.CommandResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has administrators' orders carried out by the media server of their room, and writes each into the audit log together
 * with what follows from it, whatever its outcome. Safe for use by many threads; waits.
 */
public final class AdminDesk {
  /** More than a media server waits for its own worker. */
  public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(AdminDesk.class);

  private final Database database;
  private final NodeStreams streams;
  private final TokenRevocations revocations;
  private final RefusalLog refusals;
  private final Duration answerTimeout;
  private final LongSupplier wallMillis;

  /** @param answerTimeout how long an administrator waits for a media server; usually {@link #ANSWER_TIMEOUT} */
  public AdminDesk(Database database, NodeStreams streams, TokenRevocations revocations, RefusalLog refusals,
      Duration answerTimeout, LongSupplier wallMillis) {
    this.database = database;
    this.streams = streams;
    this.revocations = revocations;
    this.refusals = refusals;
    this.answerTimeout = answerTimeout;
    this.wallMillis = wallMillis;
  }

  /**
   * Carries out an order and returns the media server's answer. Tokens it names are revoked by then.
   *
   * @throws OrderException when it was not carried out, or nobody knows; the log says so too
   */
  public CommandResult carryOut(Order order) throws OrderException {
    Room room;
    CommandResult result;
    try {
      room = database.<Room, OrderException>read(handle -> RoomRows.open(handle, order.app(), order.room())
          .orElseThrow(() -> new OrderException(Reason.NOT_FOUND, "there is no such room now")));
      result = ask(room, order);
    } catch (OrderException e) {
      String outcome = e.reason() == Reason.UNKNOWN
          ? AuditEntry.unknown(e.getMessage()) : AuditEntry.outcome(e.getMessage());
      database.run(handle -> AuditRows.append(handle, entry(order, order.detail(), outcome)));
      throw e;
    }
    take(room, order, order.detail(), result);
    return result;
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

  /** Notes an order that was not even tried, unless there are too many of the kind: then it is counted. */
  public void refuse(Order order, String why) {
    refusals.admit(entry(order, order.detail(), AuditEntry.outcome(why)), System.nanoTime())
        .ifPresent(entry -> database.run(handle -> AuditRows.append(handle, entry)));
  }

  private CommandResult ask(Room room, Order order) throws OrderException {
    CompletableFuture<CommandResult> answer = streams.command(room.node(), order.command());
    try {
      CommandResult result = answer.get(answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!result.getError().isEmpty()) {
        throw new OrderException(reason(result), result.getError());
      }
      return result;
    } catch (ExecutionException e) {
      throw new OrderException(e.getCause() instanceof NotAttachedException ? Reason.UNREACHABLE : Reason.UNKNOWN,
          e.getCause().getMessage());
    } catch (TimeoutException e) {
      takeLate(room, order, answer);
      throw new OrderException(
          Reason.UNKNOWN, "node " + room.node() + " did not answer within " + answerTimeout.toSeconds() + " s");
    } catch (InterruptedException e) {
      takeLate(room, order, answer);
      Thread.currentThread().interrupt();
      throw new OrderException(Reason.UNKNOWN, "interrupted while node " + room.node() + " was asked");
    }
  }

  private static Reason reason(CommandResult failed) {
    return failed.getUnknown() ? Reason.UNKNOWN : failed.getNotFound() ? Reason.NOT_FOUND : Reason.REFUSED;
  }

  /** Nobody waits for the answer any more, but what was done is done; on its own thread, since the stream's goes on. */
  private void takeLate(Room room, Order order, CompletableFuture<CommandResult> answer) {
    String detail = (order.detail() + " (answered late)").strip();
    answer.thenAccept(result -> Thread.ofVirtual().name("late-answer").start(() -> {
      if (result.getError().isEmpty()) {
        take(room, order, detail, result);
      } else if (!result.getUnknown()) {
        database.run(handle ->
            AuditRows.append(handle, entry(order, detail, AuditEntry.outcome(result.getError()))));
      }
    }));
  }

  /** What follows from an order that was carried out. What it revoked is revoked even if that cannot be written. */
  private void take(Room room, Order order, String detail, CommandResult result) {
    List<TokenFingerprint> tokens = result.getRevokedList().stream()
        .map(token -> new TokenFingerprint(token.getHash(), token.getExpiresMs())).toList();
    try {
      database.run(handle -> {
        AuditRows.append(handle, entry(order, detail, AuditEntry.DONE));
        TokenRevocations.write(handle, order.app(), tokens, wallMillis.getAsLong());
        if (order.command().hasStartRecording()) {
          // It is armed from now on; the media server tells of it when there is something on tape.
          RecordingRows.open(handle, order.app(), result.getRecording(), order.room(), room.instance(), room.node(),
              room.incarnation(), wallMillis.getAsLong());
        }
      });
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("app", order.app()).addKeyValue("room", order.room())
          .addKeyValue("actor", order.actor()).addKeyValue("action", order.action())
          .addKeyValue("target", order.target()).addKeyValue("recording", result.getRecording())
          .addKeyValue("revoked", tokens.stream().map(TokenFingerprint::hash).toList())
          .log("order was carried out, but could not be written into the audit log");
      throw e;
    } finally {
      spread(tokens);
    }
  }

  private void spread(List<TokenFingerprint> tokens) {
    revocations.remember(tokens);
    TokenRevocations.messages(tokens).forEach(streams::tellAll);
  }

  private AuditEntry entry(Order order, String detail, String outcome) {
    return new AuditEntry(order.app(), wallMillis.getAsLong(), order.actor(), order.action(), order.room(),
        order.target(), detail, outcome);
  }
}
