package dev.tapedeck.connector.io.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tapedeck.connector.Await;
import dev.tapedeck.connector.Databases;
import dev.tapedeck.connector.NodeScript;
import dev.tapedeck.connector.Rig;
import dev.tapedeck.connector.core.audit.AuditEntry;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.media.io.connector.CommandListener;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.KickPeer;
import dev.tapedeck.protocol.wire.RevokedToken;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** what must outlive the process. */
class AdminDeskTest {
  private static final TokenFingerprint TOKEN = new TokenFingerprint("ab".repeat(32), 1_800_000_600_000L);

  /** Takes no orders and notes which tokens are revoked. */
  private static final class Told implements CommandListener {
    final List<RevokedToken> tokens = new CopyOnWriteArrayList<>();

    @Override
    public CommandResult handle(Command command) {
      return CommandResult.newBuilder().setError("no orders here").build();
    }

    @Override
    public void revoked(RevokedTokens revoked) {
      tokens.addAll(revoked.getTokensList());
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aRevokedTokenStaysRevokedWhenTheConnectorStartsAnew(Databases kind) throws Exception {
    Redacted url = kind.url(folder);
    try (Rig rig = rig("first", url)) {
      rig.administration().desk().revoke("acme", "user:Zoë", "lost", TOKEN);
      rig.administration().desk().revoke("acme", "user:Zoë", "lost", TOKEN);
      assertThat(rig.life.revocations().isRevoked(TOKEN)).isTrue();
    }
    Told told = new Told();
    try (Rig rig = rig("second", url);
        ConnectorClient node = rig.client(rig.link.port(), 8, new EventOutbox(10), told)) {
      assertThat(rig.life.revocations().isRevoked(TOKEN)).isTrue();
      Await.until("attached", node::isAttached);
      assertThat(told.tokens).singleElement().satisfies(token -> {
        assertThat(token.getHash()).isEqualTo(TOKEN.hash());
        assertThat(token.getExpiresMs()).isEqualTo(TOKEN.expiresAtMillis());
      });
      List<AuditRows.Numbered> log = rig.database.read(handle -> AuditRows.after(handle, "acme", 0, 10));
      assertThat(log).extracting(AuditRows.Numbered::entry).extracting(AuditEntry::target)
          .containsExactly("token:" + TOKEN.hash(), "token:" + TOKEN.hash());
      rig.clock.addAndGet(600_000);
      rig.life.tick();
    }
    try (Rig rig = rig("third", url)) {
      assertThat(rig.life.revocations().isRevoked(TOKEN)).as("after it has expired").isFalse();
    }
  }

  /** Takes its time, and does what it is told in the end. */
  private static final class Slow implements CommandListener {
    final CountDownLatch mayAnswer = new CountDownLatch(1);
    volatile Runnable before = () -> { };

    @Override
    public CommandResult handle(Command command) {
      try {
        assertThat(mayAnswer.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      before.run();
      return CommandResult.newBuilder().addRevoked(
          RevokedToken.newBuilder().setHash(TOKEN.hash()).setExpiresMs(TOKEN.expiresAtMillis())).build();
    }

    @Override
    public void revoked(RevokedTokens revoked) {}
  }

  @Test
  void whatAMediaServerDoesLateIsTakenIn() throws Exception {
    Slow slow = new Slow();
    try (Rig rig = rig("late", Databases.SQLITE.url(folder));
        ConnectorClient node = rig.client(rig.link.port(), 8, new EventOutbox(10), slow)) {
      occupy(rig, node);
      AdminDesk desk = rig.administration(Duration.ofMillis(1)).desk();
      assertThatThrownBy(() -> desk.carryOut(kick())).isInstanceOfSatisfying(OrderException.class,
          e -> assertThat(e.reason()).isEqualTo(OrderException.Reason.UNKNOWN));
      assertThat(outcomes(rig)).singleElement().asString().startsWith("unknown: node 8 did not answer");

      slow.mayAnswer.countDown();
      Await.until("the token is revoked here as there", () -> rig.life.revocations().isRevoked(TOKEN));
      assertThat(outcomes(rig)).hasSize(2).element(1).isEqualTo(AuditEntry.DONE);
    }
  }

  @Test
  void whatWasDoneHoldsAlsoIfItCannotBeWrittenDown() throws Exception {
    Slow slow = new Slow();
    try (Rig rig = rig("broken", Databases.SQLITE.url(folder));
        ConnectorClient node = rig.client(rig.link.port(), 8, new EventOutbox(10), slow)) {
      occupy(rig, node);
      slow.before = rig.database::close;
      slow.mayAnswer.countDown();
      ListAppender<ILoggingEvent> told = new ListAppender<>();
      Logger log = (Logger) LoggerFactory.getLogger(AdminDesk.class);
      told.start();
      log.addAppender(told);
      try {
        assertThatThrownBy(() -> rig.administration().desk().carryOut(kick())).isInstanceOf(RuntimeException.class);
      } finally {
        log.detachAppender(told);
      }
      assertThat(rig.life.revocations().isRevoked(TOKEN)).isTrue();
      assertThat(told.list).singleElement().satisfies(line ->
          assertThat(line.getKeyValuePairs().toString()).contains("kick_peer", "peer:Ann", "user:Zoë", TOKEN.hash()));
    }
  }

  private static void occupy(Rig rig, ConnectorClient node) throws Exception {
    NodeScript script = new NodeScript(node, rig, "acme", "r1", 5_000_000_001L);
    script.openRoom(5_000_000_000L);
    script.join("Ann", 5_000_000_003L);
    node.flush(Duration.ofSeconds(60));
  }

  private static Order kick() {
    return new Order("acme", "user:Zoë", "kick_peer", "r1", "peer:Ann", "too loud",
        Command.newBuilder().setKickPeer(KickPeer.newBuilder().setApp("acme").setRoom("r1").setPeer("Ann")));
  }

  private static List<String> outcomes(Rig rig) {
    return rig.database.read(handle -> AuditRows.after(handle, "acme", 0, 10)).stream()
        .map(line -> line.entry().outcome()).toList();
  }

  private Rig rig(String name, Redacted url) throws Exception {
    return new Rig(Files.createDirectories(folder.resolve(name)), url, List.of());
  }
}
