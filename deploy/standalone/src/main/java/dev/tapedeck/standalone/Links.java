package dev.tapedeck.standalone;

import dev.tapedeck.protocol.token.TokenIssuer;
import java.time.Duration;

/** Links for people into a running standalone server. Tokens stand behind the '#', which browsers keep to themselves. */
final class Links {
  private static final long INVITE_SECONDS = Duration.ofDays(1).toSeconds();
  private static final long OPERATOR_SECONDS = Duration.ofDays(30).toSeconds();

  private final String origin;
  private final String app;
  private final TokenIssuer issuer;

  Links(Standalone server) {
    // Pages get camera and microphone only in a secure context, which localhost is.
    origin = server.origin().toString().replace("127.0.0.1", "localhost");
    app = server.defaultApp();
    issuer = server.connector().issuer();
  }

  /** A meeting in this room for whoever holds the link. */
  String invite(String room, boolean record) {
    return origin + "/meeting.html#invite=" + issuer.invite(app, room, record, INVITE_SECONDS);
  }

  /** The recordings page with the rights of the app's operator. */
  String recordings() {
    return origin + "/recordings.html#token=" + issuer.user(app, "operator", "admin", OPERATOR_SECONDS);
  }
}
