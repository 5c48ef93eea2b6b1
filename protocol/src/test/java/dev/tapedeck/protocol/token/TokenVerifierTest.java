package dev.tapedeck.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.TokenException.Reason;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String NEXT_SECRET = "fedcba9876543210fedcba9876543210";
  private static final Redacted NODE_SECRET = Redacted.of("node-secret-node-secret-node-secret");

  private final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
  private final Apps apps = Apps.of(Map.of(
      "acme", List.of(Redacted.of(SECRET), Redacted.of(NEXT_SECRET)),
      "other", List.of(Redacted.of("another-secret-another-secret-xx"))));
  private final TokenIssuer issuer = new TokenIssuer(apps, nowMillis::get);
  private final TokenVerifier verifier = new TokenVerifier(apps, List.of(NODE_SECRET), nowMillis::get);

  @ParameterizedTest
  @CsvSource({"all, both", "top, audio", "audio-first, video"})
  void aTokenSaysWhatIsTaped(String layers, String media) throws TokenException {
    Optional<RecordPolicy> policy = RecordPolicies.of(Optional.of(layers), Optional.of(media));
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", true, policy), 60);
    TokenClaims claims = verifier.verify(token, TokenKind.WHIP);
    assertThat(claims.recordPolicy()).isEqualTo(policy);
    assertThat(RecordPolicies.layers(claims.recordPolicy().orElseThrow())).isEqualTo(layers);
    assertThat(RecordPolicies.media(claims.recordPolicy().orElseThrow())).isEqualTo(media);
    TokenClaims invite = verifier.verify(issuer.invite("acme", "r", true, policy, 60), TokenKind.INVITE);
    assertThat(invite.recordPolicy()).isEqualTo(policy);
  }

  @Test
  void aTokenMayLeaveToItsRoomWhatIsTaped() throws TokenException {
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", true), 60);
    assertThat(verifier.verify(token, TokenKind.WHIP).recordPolicy()).isEmpty();
    assertThat(RecordPolicies.of(Optional.of("top"), Optional.empty()).map(RecordPolicies::media)).contains("both");
    assertThatThrownBy(() -> RecordPolicies.of(Optional.of("best"), Optional.empty()))
        .hasMessageContaining(RecordPolicies.LAYERS);
    assertThatThrownBy(() -> RecordPolicies.of(Optional.empty(), Optional.of("none")))
        .hasMessageContaining(RecordPolicies.MEDIA);
  }

  /** S1-7b */
  @Test
  void onlyATokenThatSaysSoIsOfSomebodyHidden() throws TokenException {
    TokenClaims plain = verifier.verify(
        issuer.media(TokenKind.WEBRTC, "acme", Grant.of("r", "p", false), 60), TokenKind.WEBRTC);
    assertThat(plain.hidden() || plain.recorder()).isFalse();
    Grant hidden = new Grant("r", "p", false, false, Optional.empty(), null, true, false);
    TokenClaims claims = verifier.verify(issuer.media(TokenKind.WEBRTC, "acme", hidden, 60), TokenKind.WEBRTC);
    assertThat(claims.hidden()).isTrue();
    assertThat(claims.recorder()).isFalse();
    Grant recorder = new Grant("r", "p", false, false, Optional.empty(), null, false, true);
    assertThat(verifier.verify(issuer.media(TokenKind.WHEP, "acme", recorder, 60), TokenKind.WHEP).recorder()).isTrue();
  }

  @Test
  void givesBackWhatWasGranted() throws TokenException {
    String token = issuer.media(TokenKind.WHIP, "acme", new Grant("r/1", "Zoë 😀", true, true, "{\"a\":1}"), 60);

    TokenClaims claims = verifier.verify(token, TokenKind.WHIP);

    assertThat(claims.app()).isEqualTo("acme");
    assertThat(claims.requireRoom()).isEqualTo("r/1");
    assertThat(claims.requirePeer()).isEqualTo("Zoë 😀");
    assertThat(claims.record()).isTrue();
    assertThat(claims.recordExclude()).isTrue();
    assertThat(claims.extraData()).contains("{\"a\":1}");
    assertThat(claims.expiresAtMillis()).isEqualTo(nowMillis.get() + 60_000);
  }

  @Test
  void tellsATokenFromOthersIfItHasAnId() throws TokenException {
    Grant grant = Grant.of("r", "p", false);

    assertThat(verifier.verify(issuer.media(TokenKind.WHIP, "acme", grant, 60), TokenKind.WHIP).tokenId()).isEmpty();
    assertThat(verifier.verify(issuer.media(TokenKind.WHIP, "acme", grant, 60, Optional.of("t-1")), TokenKind.WHIP)
        .tokenId()).contains("t-1");
    refused(sign(Map.of("iss", "whip", "sub", "acme", "room", "r", "peer", "p", "exp", soon(), "jti", "i".repeat(129)),
        SECRET), TokenKind.WHIP, Reason.BAD_CLAIM);
  }

  @Test
  void readsATokenMadeByABackendOnItsOwn() throws TokenException {
    Instant now = Instant.ofEpochMilli(nowMillis.get());
    String token = JWT.create().withIssuer("webrtc").withSubject("acme").withNullClaim("room").withNullClaim("peer")
        .withClaim("record", false).withNullClaim("extra_data").withExpiresAt(now.plusSeconds(5))
        .sign(Algorithm.HMAC256(NEXT_SECRET));

    assertThat(verifier.verify(token, TokenKind.WEBRTC).room()).isEmpty();
  }

  @Test
  void opensNoOtherDoor() {
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", false), 60);

    for (TokenKind kind : TokenKind.values()) {
      if (kind != TokenKind.WHIP) {
        refused(token, kind, Reason.WRONG_KIND);
      }
    }
  }

  @Test
  void selectsTheAppBySub() {
    String foreign = sign(Map.of("iss", "whip", "sub", "other", "room", "r", "peer", "p", "exp", soon()), SECRET);
    String unknown = sign(Map.of("iss", "whip", "sub", "nobody", "room", "r", "peer", "p", "exp", soon()), SECRET);
    String none = sign(Map.of("iss", "whip", "room", "r", "peer", "p", "exp", soon()), SECRET);

    refused(foreign, TokenKind.WHIP, Reason.BAD_SIGNATURE);
    refused(unknown, TokenKind.WHIP, Reason.UNKNOWN_APP);
    refused(none, TokenKind.WHIP, Reason.UNKNOWN_APP);
  }

  @Test
  void takesATokenWithoutSubWhereThereIsOneApp() throws TokenException {
    Apps one = Apps.of(Map.of("acme", List.of(Redacted.of(SECRET))));
    String token = sign(Map.of("iss", "whip", "room", "r", "peer", "p", "exp", soon()), SECRET);

    assertThat(new TokenVerifier(one, List.of(), nowMillis::get).verify(token, TokenKind.WHIP).app()).isEqualTo("acme");
  }

  @Test
  void pinsTheAlgorithm() {
    Instant later = Instant.ofEpochMilli(nowMillis.get() + 5000);
    String stronger = JWT.create().withIssuer("whip").withSubject("acme").withClaim("room", "r").withClaim("peer", "p")
        .withExpiresAt(later).sign(Algorithm.HMAC512(SECRET));
    String none = part("{\"alg\":\"none\"}") + "." + part("{\"iss\":\"whip\",\"sub\":\"acme\",\"exp\":9999999999}") + ".";

    refused(stronger, TokenKind.WHIP, Reason.WRONG_ALGORITHM);
    refused(none, TokenKind.WHIP, Reason.WRONG_ALGORITHM);
  }

  @Test
  void endsWithItsTime() throws TokenException {
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", false), 60);
    nowMillis.addAndGet(59_999);
    verifier.verify(token, TokenKind.WHIP);

    nowMillis.incrementAndGet();

    refused(token, TokenKind.WHIP, Reason.EXPIRED);
    assertThat(verifier.verifyForRestart(token, TokenKind.WHIP).requirePeer()).isEqualTo("p");
  }

  /** 32 bytes in base64url leave two bits of the last character free, so that one signature has four spellings. */
  @Test
  void refusesARevokedTokenHoweverItsSignatureIsSpelt() throws TokenException {
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", true), 60);
    TokenFingerprint revoked = verifier.verify(token, TokenKind.WHIP).fingerprint();
    assertThat(revoked.expiresAtMillis()).isEqualTo(nowMillis.get() + 60_000);
    TokenVerifier refusing = verifier.refusing(other -> other.hash().equals(revoked.hash()));
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    int accepted = 0;
    for (int spelling = 0; spelling < 4; spelling++) {
      String variant = token.substring(0, token.length() - 1) + alphabet.charAt(last & ~3 | spelling);
      try {
        verifier.verify(variant, TokenKind.WHIP);
        accepted++;
      } catch (TokenException e) {
        continue; // spelt in a way that nobody takes
      }
      assertThatThrownBy(() -> refusing.verify(variant, TokenKind.WHIP)).isInstanceOfSatisfying(
          TokenException.class, e -> assertThat(e.reason()).isEqualTo(TokenException.Reason.REVOKED));
    }
    assertThat(accepted).isPositive();
    nowMillis.addAndGet(1000);
    refusing.verify(issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", true), 60), TokenKind.WHIP);
  }

  @Test
  void toleratesAClockAMinuteAhead() throws TokenException {
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", false), 600);
    nowMillis.addAndGet(-TokenVerifier.NOT_BEFORE_LEEWAY_MILLIS);
    verifier.verify(token, TokenKind.WHIP);

    nowMillis.decrementAndGet();

    refused(token, TokenKind.WHIP, Reason.NOT_YET_VALID);
  }

  @Test
  void demandsAnEnd() {
    refused(sign(Map.of("iss", "whip", "sub", "acme", "room", "r", "peer", "p"), SECRET), TokenKind.WHIP,
        Reason.NO_EXPIRY);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{\"exp\":9999999999,\"room\":\"r\"}",
    "{\"exp\":9999999999,\"room\":\"\",\"peer\":\"p\"}",
    "{\"exp\":9999999999,\"room\":5,\"peer\":\"p\"}",
    "{\"exp\":9999999999,\"room\":\"a\\u0000b\",\"peer\":\"p\"}",
    "{\"exp\":9999999999,\"room\":\"\\ud800\",\"peer\":\"p\"}",
    "{\"exp\":9999999999,\"room\":\"r\",\"peer\":\"p\",\"record\":\"yes\"}",
    "{\"exp\":9999999999,\"room\":\"r\",\"peer\":\"p\",\"extra_data\":{}}"
  })
  void refusesClaimsThatAreNotWhatTheyShouldBe(String claims) {
    String payload = "{\"iss\":\"whip\",\"sub\":\"acme\"," + claims.substring(1);

    refused(signRaw("{\"alg\":\"HS256\"}", payload, SECRET), TokenKind.WHIP, Reason.BAD_CLAIM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "W10.W10.x", "bnVsbA.bnVsbA.x", "e30.bnVsbA.x", "null", "\u0000"})
  void refusesWhatIsNoToken(String text) {
    refused(text, TokenKind.WHIP, Reason.MALFORMED);
  }

  @Test
  void refusesADateThatIsNoNumber() {
    String payload = "{\"iss\":\"whip\",\"sub\":\"acme\",\"exp\":\"soon\",\"room\":\"r\",\"peer\":\"p\"}";

    refused(signRaw("{\"alg\":\"HS256\"}", payload, SECRET), TokenKind.WHIP, Reason.MALFORMED);
  }

  @Test
  void refusesDatesBeyondReckoningWithoutOverflow() throws TokenException {
    String forever = "{\"iss\":\"whip\",\"sub\":\"acme\",\"room\":\"r\",\"peer\":\"p\",\"exp\":31556889864403199}";
    verifier.verify(signRaw("{\"alg\":\"HS256\"}", forever, SECRET), TokenKind.WHIP);
    String never = forever.replace("31556889864403199", "-31556889864403199");

    refused(signRaw("{\"alg\":\"HS256\"}", never, SECRET), TokenKind.WHIP, Reason.EXPIRED);
  }

  @Test
  void knowsNodesByTheirOwnSecret() throws TokenException {
    String token = TokenIssuer.node(NODE_SECRET, 4_000_000_000L, nowMillis.get(), 60);
    assertThat(verifier.verify(token, TokenKind.NODE).node()).isEqualTo(4_000_000_000L);

    String byApp = sign(Map.of("iss", "node", "sub", "acme", "node", 1, "exp", soon()), SECRET);
    refused(byApp, TokenKind.NODE, Reason.BAD_SIGNATURE);
  }

  @Test
  void knowsUsersAndInvites() throws TokenException {
    TokenClaims user = verifier.verify(issuer.user("acme", "u1", "admin", 60), TokenKind.USER);
    TokenClaims invite = verifier.verify(issuer.invite("acme", "r1", true, 60), TokenKind.INVITE);

    assertThat(user.user()).contains("u1");
    assertThat(user.role()).contains("admin");
    assertThat(invite.requireRoom()).isEqualTo("r1");
    assertThat(invite.record()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(value = TokenKind.class, mode = Mode.INCLUDE, names = {"WHIP", "WHEP", "WEBRTC"})
  void refusesToIssueForNamesThatAreNoIds(TokenKind kind) {
    for (String bad : List.of("", "x".repeat(129), "é".repeat(65), "a\nb")) {
      assertThatThrownBy(() -> issuer.media(kind, "acme", Grant.of(bad, "p", false), 60))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("room");
    }
  }

  @Test
  void neverRepeatsTheTokenInItsMessage() {
    String token = issuer.media(TokenKind.WHIP, "acme", Grant.of("r", "p", false), 60);
    String broken = token.substring(0, token.length() - 2);

    assertThatThrownBy(() -> verifier.verify(broken, TokenKind.WHIP))
        .isInstanceOf(TokenException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(broken.split("\\.")[1]));
  }

  private void refused(String token, TokenKind kind, Reason reason) {
    assertThatThrownBy(() -> verifier.verify(token, kind))
        .isInstanceOfSatisfying(TokenException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private long soon() {
    return nowMillis.get() / 1000 + 60;
  }

  private static String sign(Map<String, ?> claims, String secret) {
    return JWT.create().withPayload(claims).sign(Algorithm.HMAC256(secret));
  }

  private static String signRaw(String header, String payload, String secret) {
    byte[] signature = Algorithm.HMAC256(secret).sign(part(header).getBytes(UTF_8), part(payload).getBytes(UTF_8));
    return part(header) + "." + part(payload) + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  private static String part(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }
}
