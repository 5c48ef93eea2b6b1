package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.Map;
import java.util.UUID;

/** The media server's routes, to be put on a server of its own or beside the connector's. */
public final class MediaRoutes {
  /** Largest body of any route; an offer with a hundred m-lines fits. */
  public static final int MAX_BODY_BYTES = 64 * 1024;


  private final WhipHandler whip;
  private final WhepHandler whep;

  public MediaRoutes(Connections connections, TokenVerifier verifier) {
    Bearer bearer = new Bearer(verifier);
    whip = new WhipHandler(connections, bearer);
    whep = new WhepHandler(connections, bearer);
  }

  public void register(JavalinDefaultRoutingApi routes) {
    for (String root : new String[] {"/whip/*", "/whep/*"}) {
      routes.before(root, MediaRoutes::allowOrigins);
    }
    whip.register(routes);
    whep.register(routes);
    for (String path : new String[] {"/whip/conn/{connection}", "/whep/conn/{connection}",
        "/whep/conn/{connection}/slots"}) {
      routes.options(path, context -> context.status(204));
    }
    routes.exception(HttpProblem.class, (problem, context) ->
        fail(context, problem.status(), problem.code(), problem.getMessage()));
    routes.exception(Bearer.Unauthorized.class, (problem, context) -> {
      context.header("WWW-Authenticate",
          "Bearer realm=\"tapedeck\", error=\"invalid_token\", error_description=\"" + plain(problem.getMessage()) + "\"");
      fail(context, 401, "invalid_token", problem.getMessage());
    });
    routes.exception(SdpException.class, (problem, context) ->
        fail(context, 400, "bad_sdp", problem.getMessage()));
  }

  /** From now on an offer is answered with 503: this server is about to stop. */
  public void refuseNewSessions() {
    whip.refuseNewSessions();
    whep.refuseNewSessions();
  }

  /** A page of any origin may publish and watch: it proves itself by its token, never by a cookie. */
  private static void allowOrigins(Context context) {
    context.header("Access-Control-Allow-Origin", "*")
        .header("Access-Control-Allow-Methods", "GET, POST, PATCH, PUT, DELETE, OPTIONS")
        .header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, Idempotency-Key")
        .header("Access-Control-Expose-Headers", "Location, ETag, Link, Accept-Patch, WWW-Authenticate, X-Request-Id")
        .header("Access-Control-Max-Age", "86400");
  }

  private static void fail(Context context, int status, String code, String message) {
    String request = context.attribute("requestId");
    context.status(status).json(Map.of("error", message, "code", code, "message", message,
        "requestId", request == null ? UUID.randomUUID().toString() : request));
  }

  /** For a quoted string in a header (RFC 9110 §5.6.4). */
  private static String plain(String message) {
    return message.replaceAll("[^\\x20-\\x7E]", " ").replace("\\", " ").replace('"', '\'');
  }
}
