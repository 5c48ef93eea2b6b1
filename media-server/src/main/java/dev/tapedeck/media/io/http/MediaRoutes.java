package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.io.net.SilentWorkerException;
import dev.tapedeck.protocol.http.AllowedMethods;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.Map;
import java.util.UUID;

/** The media server's routes, to be put on a server of its own or beside the connector's. */
public final class MediaRoutes {
  /** Largest body of any route; an offer with a hundred m-lines fits. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  private static final String REQUEST_ID = "x-request-id";

  private final WhipHandler whip;
  private final WhepHandler whep;
  private final WebrtcHandler webrtc;
  private final RequestLimits limits;

  public MediaRoutes(Connections connections, TokenVerifier verifier, Admission admission) {
    limits = admission.requests;
    Bearer bearer = new Bearer(verifier, limits);
    whip = new WhipHandler(connections, bearer);
    whep = new WhepHandler(connections, bearer);
    webrtc = new WebrtcHandler(connections, bearer);
  }

  public void register(JavalinDefaultRoutingApi routes) {
    for (String root : new String[] {"/whip/*", "/whep/*", "/webrtc/*"}) {
      routes.before(root, MediaRoutes::nameRequest);
      routes.before(root, MediaRoutes::allowOrigins);
      routes.before(root, limits::takeAddress);
    }
    whip.register(routes);
    whep.register(routes);
    webrtc.register(routes);
    for (String path : new String[] {"/whip/conn/{connection}", "/whep/conn/{connection}",
        "/whep/conn/{connection}/slots", "/webrtc/connect", "/webrtc/{connection}/ice-candidate",
        "/webrtc/{connection}/restart-ice"}) {
      routes.options(path, context -> context.status(204));
    }
    routes.exception(HttpProblem.class, (problem, context) -> {
      if (problem.retryAfterSeconds() > 0) {
        context.header("Retry-After", Long.toString(problem.retryAfterSeconds()));
      }
      fail(context, problem.status(), problem.code(), problem.getMessage());
    });
    routes.exception(Bearer.Unauthorized.class, (problem, context) -> {
      context.header("WWW-Authenticate",
          "Bearer realm=\"tapedeck\", error=\"invalid_token\", error_description=\"" + plain(problem.getMessage()) + "\"");
      fail(context, 401, "invalid_token", problem.getMessage());
    });
    routes.exception(WebrtcHandler.SdkProblem.class, (problem, context) ->
        context.status(problem.status()).contentType("text/plain; charset=utf-8").result(problem.getMessage()));
    routes.exception(SilentWorkerException.class, (problem, context) -> {
      context.header("Retry-After", Long.toString(HttpProblem.RETRY_SECONDS));
      fail(context, 503, "overloaded", "the server is too busy to answer; try again, or connect to another");
    });
    routes.exception(SdpException.class, (problem, context) ->
        fail(context, 400, "bad_sdp", problem.getMessage()));
    routes.exception(HttpResponseException.class, MediaRoutes::refuse);
    routes.exception(MethodNotAllowedResponse.class, (problem, context) -> {
      String methods = String.join(", ", AllowedMethods.of(problem.getDetails()));
      context.header("Allow", methods);
      fail(context, 405, "method_not_allowed", "this path answers " + methods);
    });
  }

  /** From now on an offer is answered with 503: this server is about to stop. */
  public void refuseNewSessions() {
    whip.refuseNewSessions();
    whep.refuseNewSessions();
    webrtc.refuseNewSessions();
  }

  /** The caller's id for the request if it is a harmless one, else a new one. */
  private static void nameRequest(Context context) {
    String given = context.header(REQUEST_ID);
    context.header(REQUEST_ID, given != null && given.matches("[A-Za-z0-9._-]{1,64}")
        ? given : UUID.randomUUID().toString());
  }

  /** A page of any origin may publish and watch: it proves itself by its token, never by a cookie. */
  private static void allowOrigins(Context context) {
    context.header("Access-Control-Allow-Origin", "*")
        .header("Access-Control-Allow-Methods", "GET, POST, PATCH, PUT, DELETE, OPTIONS")
        .header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, Idempotency-Key, X-Request-Id")
        .header("Access-Control-Expose-Headers",
            "Location, ETag, Link, Accept-Patch, WWW-Authenticate, Retry-After, X-Request-Id")
        .header("Access-Control-Max-Age", "86400");
  }

  /** What the server itself refuses, before or instead of a handler. */
  private static void refuse(HttpResponseException problem, Context context) {
    switch (problem.getStatus()) {
      case 404 -> fail(context, 404, "no_such_route", "see /openapi.json for what there is");
      case 413 -> fail(context, 413, "too_large", "send at most " + MAX_BODY_BYTES + " bytes");
      default -> fail(context, problem.getStatus(), "refused", String.valueOf(problem.getMessage()));
    }
  }

  private static void fail(Context context, int status, String code, String message) {
    if (context.res().getHeader(REQUEST_ID) == null) {
      nameRequest(context); // a route of another program on this server
    }
    context.status(status).json(Map.of("error", HttpStatus.forStatus(status).getMessage(), "code", code,
        "message", message, "requestId", context.res().getHeader(REQUEST_ID)));
  }

  /** For a quoted string in a header (RFC 9110 §5.6.4). */
  private static String plain(String message) {
    return message.replaceAll("[^\\x20-\\x7E]", " ").replace("\\", " ").replace('"', '\'');
  }
}
