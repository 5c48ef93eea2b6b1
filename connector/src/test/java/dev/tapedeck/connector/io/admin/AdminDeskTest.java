package dev.tapedeck.connector.io.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.connector.Await;
import dev.tapedeck.connector.Databases;
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
import dev.tapedeck.protocol.wire.RevokedToken;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  private Rig rig(String name, Redacted url) throws Exception {
    return new Rig(Files.createDirectories(folder.resolve(name)), url, List.of());
  }
}
