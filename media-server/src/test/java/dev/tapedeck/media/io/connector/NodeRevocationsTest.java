package dev.tapedeck.media.io.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RevokedToken;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** */
class NodeRevocationsTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  @TempDir Path folder;

  @Test
  void knowsAfterARestartWhatItWasToldBefore() throws Exception {
    NodeRevocations first = open();
    assertThat(first.learn(told("aa", 5_000, "bb", 9_000))).isTrue();
    assertThat(first.learn(told("bb", 9_000))).as("known already").isFalse();
    first.save();

    NodeRevocations second = open();
    assertThat(second.isRevoked(token("aa", 5_000)) && second.isRevoked(token("bb", 9_000))).isTrue();
    assertThat(second.isRevoked(token("cc", 5_000))).isFalse();
    clock.set(5_000);
    second.save();
    assertThat(second.isRevoked(token("aa", 5_000))).as("after it has expired").isFalse();
    assertThat(open().isRevoked(token("bb", 9_000))).isTrue();
    assertThat(open().isRevoked(token("aa", 5_000))).isFalse();
  }

  @Test
  void passesOverLinesThatAreNone() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/revoked"),
        "\n# no token\n" + "dd".repeat(32) + " 9000\nzz 1\n" + "dd".repeat(32) + "\n");
    assertThat(open().isRevoked(token("dd", 9_000))).isTrue();
  }

  private NodeRevocations open() throws Exception {
    return NodeRevocations.open(folder.resolve("data/revoked"), clock::get);
  }

  private static TokenFingerprint token(String pair, long expiresAtMillis) {
    return new TokenFingerprint(pair.repeat(32), expiresAtMillis);
  }

  private static RevokedTokens told(Object... tokens) {
    RevokedTokens.Builder told = RevokedTokens.newBuilder();
    for (int i = 0; i < tokens.length; i += 2) {
      told.addTokens(RevokedToken.newBuilder().setHash(((String) tokens[i]).repeat(32))
          .setExpiresMs((int) tokens[i + 1]));
    }
    return told.build();
  }
}
