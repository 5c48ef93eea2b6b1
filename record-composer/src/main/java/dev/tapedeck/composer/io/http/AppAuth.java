package dev.tapedeck.composer.io.http;

import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.http.Context;
import java.util.Optional;

/** Tells whose request it is: bearer is a secret of an app, or a token of one of its users. */
final class AppAuth {
  private static final String SCHEME = "Bearer ";

  private final Apps apps;
  private final TokenVerifier tokens;

  AppAuth(Apps apps, TokenVerifier tokens) {
    this.apps = apps;
    this.tokens = tokens;
  }

  /** @throws ApiException 401 when the bearer opens nothing */
  String requireApp(Context context) {
    String header = Optional.ofNullable(context.header("Authorization")).orElse("");
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw refused(context, "send Authorization: Bearer with the app's secret or a user token");
    }
    String bearer = header.substring(SCHEME.length()).strip();
    Optional<String> app = apps.appOfSecret(bearer);
    if (app.isPresent()) {
      return app.get();
    }
    try {
      return tokens.verify(bearer, TokenKind.USER).app();
    } catch (TokenException e) {
      throw refused(context, "this is neither the secret of an app nor a user token in force");
    }
  }

  private static ApiException refused(Context context, String message) {
    context.header("WWW-Authenticate", "Bearer");
    return new ApiException(401, "invalid_token", "Invalid token", message);
  }
}
