package dev.tapedeck.bench.client;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Signs join tokens with an app's secret, as a backend does that issues its own. */
public final class JoinTokens {
  private final TokenIssuer issuer;
  private final String app;
  private final Duration validFor;

  public JoinTokens(String app, String secret, Duration validFor) {
    this.issuer = new TokenIssuer(Apps.of(Map.of(app, List.of(Redacted.of(secret)))), System::currentTimeMillis);
    this.app = app;
    this.validFor = validFor;
  }

  public String whip(String room, String peer, boolean isRecorded) {
    return issuer.media(TokenKind.WHIP, app, Grant.of(room, peer, isRecorded), validFor.toSeconds());
  }

  public String whep(String room, String peer) {
    return issuer.media(TokenKind.WHEP, app, Grant.of(room, peer, false), validFor.toSeconds());
  }
}
