package dev.tapedeck.protocol.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.algorithms.Algorithm;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.fuzz.Mutator;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenFuzzTest {
  private static final long SEED = 20_261_121;
  private static final int MUTATIONS = 100_000;
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final long NOW_MILLIS = 1_800_000_000_000L;

  private final Apps apps = Apps.of(Map.of("acme", List.of(Redacted.of(SECRET))));
  private final TokenIssuer issuer = new TokenIssuer(apps, () -> NOW_MILLIS);
  private final TokenVerifier verifier = new TokenVerifier(apps, List.of(Redacted.of(SECRET)), () -> NOW_MILLIS);

  /** A changed token either fails with a reason, or only its spelling changed and it says what a real one said. */
  @Test
  void acceptsNothingThatWasNotSigned() throws TokenException {
    List<byte[]> corpus = corpus();
    Set<TokenClaims> said = new HashSet<>();
    for (byte[] token : corpus) {
      for (TokenKind kind : TokenKind.values()) {
        claims(new String(token, ISO_8859_1), kind, said, true);
      }
    }
    int genuine = said.size();

    Mutator.run("token", SEED, corpus, MUTATIONS, bytes -> {
      String token = new String(bytes, ISO_8859_1);
      claims(token, kindOf(token), said, false);
    });

    assertThat(genuine).isGreaterThan(5);
  }

  /** The mutator seldom guesses a signature, so here whatever it makes of the claims is signed properly. */
  @Test
  void survivesAnyClaimsThatAreSigned() {
    Mutator.run("token-claims", SEED, claimsCorpus(), MUTATIONS, payload -> {
      String head = base64("{\"alg\":\"HS256\"}".getBytes(UTF_8));
      byte[] signature = Algorithm.HMAC256(SECRET).sign(head.getBytes(UTF_8), base64(payload).getBytes(UTF_8));
      String token = head + "." + base64(payload) + "." + base64(signature);
      TokenKind kind = kindOf(token);
      try {
        TokenClaims claims = verifier.verify(token, kind);
        if (claims.kind() != kind || claims.expiresAtMillis() <= NOW_MILLIS) {
          throw new AssertionError("accepted " + claims);
        }
      } catch (TokenException refused) {
        if (refused.reason() == TokenException.Reason.BAD_SIGNATURE) {
          throw new AssertionError("signed, and yet refused for its signature", refused);
        }
      }
    });
  }

  private void claims(String token, TokenKind kind, Set<TokenClaims> said, boolean isGenuine) {
    try {
      TokenClaims claims = verifier.verify(token, kind);
      if (isGenuine) {
        said.add(claims);
      } else if (!said.contains(claims)) {
        throw new AssertionError("accepted what nobody signed: " + claims);
      }
    } catch (TokenException refused) {
      if (refused.getMessage().isBlank()) {
        throw new AssertionError("refused without a reason", refused);
      }
    }
  }

  /** The door this token would open if it were whole, so that mutations get past the first check. */
  private static TokenKind kindOf(String token) {
    String[] parts = token.split("\\.");
    for (TokenKind kind : TokenKind.values()) {
      if (parts.length > 1 && decoded(parts[1]).contains("\"iss\":\"" + kind.issuer())) {
        return kind;
      }
    }
    return TokenKind.WHIP;
  }

  private static String decoded(String part) {
    try {
      return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }

  private List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      corpus.add(ascii(issuer.media(TokenKind.WHIP, "acme", Grant.of("room-" + i, "peer", i % 2 == 0), 60)));
      corpus.add(ascii(issuer.media(TokenKind.WHEP, "acme", Grant.of("room-" + i, null, false), 60)));
      corpus.add(ascii(issuer.media(TokenKind.WEBRTC, "acme", new Grant(null, null, true, true, "x".repeat(i)), 60)));
      corpus.add(ascii(issuer.user("acme", "u" + i, "admin", 60)));
      corpus.add(ascii(issuer.invite("acme", "é😀" + i, true, 60)));
      corpus.add(ascii(TokenIssuer.node(Redacted.of(SECRET), i, NOW_MILLIS, 60)));
    }
    for (String text : List.of("", ".", "..", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "\u0000.\u0000.\u0000")) {
      corpus.add(ascii(text));
    }
    return corpus;
  }

  private List<byte[]> claimsCorpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (TokenKind kind : TokenKind.values()) {
      for (String exp : List.of("1900000000", "1900000000.5", "1e12", "-1", "\"soon\"", "null", "[]", "99999999999999999999")) {
        corpus.add(("{\"iss\":\"" + kind.issuer() + "\",\"sub\":\"acme\",\"room\":\"r\",\"peer\":\"p\",\"record\":true,"
            + "\"extra_data\":null,\"user\":\"u\",\"role\":\"admin\",\"node\":7,\"nbf\":1,\"exp\":" + exp + "}")
            .getBytes(UTF_8));
      }
    }
    return corpus;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
