package dev.tapedeck.media.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate.Decision;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** tokens for one connection, at joins over the data channel. */
class TokenJoinGateTest {
  private static final Apps APPS =
      Apps.of(Map.of("acme", List.of(Redacted.of("0123456789abcdef0123456789abcdef"))));

  private final TokenVerifier verifier = new TokenVerifier(APPS, List.of(), () -> 1_000_000);
  private final Admission admission = new Admission(Limits.defaults(), List.of(), true, () -> 0, () -> 1_000_000);
  private final TokenJoinGate gate = new TokenJoinGate(verifier, new SplittableRandom(1), admission, event -> { });

  @Test
  void aTokenIsForTheConnectionThatJoinedByIt() {
    assertThat(join("c1", "t", "room")).isInstanceOf(Decision.Granted.class);
    assertThat(join("c1", "t", "room")).as("joins again").isInstanceOf(Decision.Granted.class);
    assertThat(join("c2", "t", "room")).isInstanceOfSatisfying(Decision.Refused.class,
        refused -> assertThat(refused.error()).isEqualTo(SdkError.TOKEN_INVALID));
  }

  @Test
  void aTokenIsNotSpentByAJoinThatIsRefusedOrDoesNotComeAbout() {
    assertThat(join("c1", "t", "elsewhere")).isInstanceOf(Decision.Refused.class);
    Join vain = granted("c1");
    gate.giveBack("acme", "c1", vain);

    Join first = granted("c2");
    Join second = granted("c2");
    gate.giveBack("acme", "c2", second);
    assertThat(join("c3", "t", "room")).as("c2 came in by it before").isInstanceOf(Decision.Refused.class);
    gate.giveBack("acme", "c2", first);
    assertThat(join("c3", "t", "room")).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void moreTokensThanCanBeRememberedAreALimit() {
    for (int i = 0; i < SingleUse.MAX_TOKENS; i++) {
      admission.tokens.take("acme", "other-" + i, Long.MAX_VALUE, "c", "");
    }
    assertThat(join("c1", "t", "room")).isInstanceOfSatisfying(Decision.Refused.class, refused -> {
      assertThat(refused.error()).isEqualTo(SdkError.LIMIT_REACHED);
      assertThat(refused.why()).contains("app acme has 100000 single-use tokens");
    });
  }

  private Join granted(String connection) {
    return ((Decision.Granted) join(connection, "t", "room")).join();
  }

  private Decision join(String connection, String id, String room) {
    String token = new TokenIssuer(APPS, () -> 1_000_000)
        .media(TokenKind.WEBRTC, "acme", Grant.of("room", "ann", false), 600, Optional.of(id));
    return gate.decide("acme", connection, RoomJoin.newBuilder().setRoom(room).setPeer("ann").build(), token);
  }
}
