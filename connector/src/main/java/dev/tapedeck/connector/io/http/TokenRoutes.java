package dev.tapedeck.connector.io.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /token/*}: tokens for media, in the envelope that existing backends expect. */
final class TokenRoutes {
  private final Api api;
  private final Apps apps;
  private final TokenIssuer issuer;

  TokenRoutes(Api api, Apps apps, TokenIssuer issuer) {
    this.api = api;
    this.apps = apps;
    this.issuer = issuer;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.post("/token/whip", api.guard(ctx -> issue(ctx, TokenKind.WHIP)));
    routes.post("/token/whep", api.guard(ctx -> issue(ctx, TokenKind.WHEP)));
    routes.post("/token/webrtc", api.guard(ctx -> issue(ctx, TokenKind.WEBRTC)));
  }

  private void issue(Context ctx, TokenKind kind) throws IOException {
    Optional<String> app = apps.appOfSecret(Api.bearer(ctx));
    if (app.isEmpty()) {
      // The documented answer: 200, and the envelope says no.
      Api.json(ctx, 200, Map.of("status", false, "error", "APP_TOKEN_INVALID"));
      return;
    }
    JsonNode body = Api.body(ctx);
    boolean needsRoom = kind != TokenKind.WEBRTC;
    boolean needsPeer = kind == TokenKind.WHIP;
    Grant grant = new Grant(
        needsRoom || body.hasNonNull("room") ? Api.name(body, "room") : null,
        needsPeer || body.hasNonNull("peer") ? Api.name(body, "peer") : null,
        Api.flag(body, "record"), Api.flag(body, "record_exclude"),
        Api.recordPolicy(body, "record_layers", "record_media"), Api.text(body, "extra_data").orElse(null),
        Api.flag(body, "hidden"), Api.flag(body, "recorder"));
    if (kind == TokenKind.WHIP && (grant.hidden() || grant.recorder())) {
      throw ApiException.badRequest("who publishes cannot be hidden: leave out hidden and recorder");
    }
    if (!body.hasNonNull("ttl")) {
      throw ApiException.badRequest("ttl is needed: seconds the token may be used to connect");
    }
    long ttlSeconds = Api.number(body, "ttl", 0, TokenIssuer.MIN_TTL_SECONDS, TokenIssuer.MAX_TTL_SECONDS);
    Optional<String> tokenId =
        Api.flag(body, "single_use") ? Optional.of(UUID.randomUUID().toString()) : Optional.empty();
    String token = issuer.media(kind, app.get(), grant, ttlSeconds, tokenId);
    Api.json(ctx, 200, Map.of("status", true, "data", Map.of("token", token)));
  }
}
