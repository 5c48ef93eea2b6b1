package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;

/** The public keys that manifests are signed with: for everybody, everywhere. */
final class KeyRoutes {
  /** A verifier that meets an unknown key asks again; a rotated one is known to all after this long. */
  private static final int CACHE_SECONDS = 300;

  private final Api api;
  private final SigningKeys keys;

  KeyRoutes(Api api, SigningKeys keys) {
    this.api = api;
    this.keys = keys;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get(ManifestKeySet.PATH, api.guard(this::get));
  }

  private void get(Context ctx) {
    ctx.header("Cache-Control", "public, max-age=" + CACHE_SECONDS);
    ctx.header("Access-Control-Allow-Origin", "*");
    ctx.contentType("application/jwk-set+json").result(keys.publicKeys().json());
  }
}
