package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.sdp.SdpFragment;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.protocol.token.TokenKind;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;

/**
 * Publishing over HTTP (WHIP, RFC 9725) and, because it differs so little, the common part of watching (WHEP): offer and
 * answer, trickled candidates, ICE restart, end.
 */
class WhipHandler {
  static final String SDP = "application/sdp";
  static final String SDP_FRAGMENT = "application/trickle-ice-sdpfrag";

  private final SessionSpec.Role role;
  private final TokenKind tokenKind;
  final Connections connections;
  final Bearer bearer;
  private volatile boolean refusing;

  WhipHandler(Connections connections, Bearer bearer) {
    this(SessionSpec.Role.PUBLISH, TokenKind.WHIP, connections, bearer);
  }

  WhipHandler(SessionSpec.Role role, TokenKind tokenKind, Connections connections, Bearer bearer) {
    this.role = role;
    this.tokenKind = tokenKind;
    this.connections = connections;
    this.bearer = bearer;
  }

  void register(JavalinDefaultRoutingApi routes) {
    String root = "/" + tokenKind.issuer();
    routes.post(root + "/endpoint", this::create);
    routes.options(root + "/endpoint", this::describe);
    routes.patch(root + "/conn/{connection}", this::patch);
    routes.delete(root + "/conn/{connection}", this::delete);
  }

  void refuseNewSessions() {
    refusing = true;
  }

  private void create(Context context) {
    if (refusing) {
      throw HttpProblem.draining();
    }
    var claims = bearer.require(context, tokenKind);
    requireType(context, SDP);
    String watched = context.queryParam("peer");
    // Not X-Forwarded-For, in which anybody can write anything.
    Connection connection =
        connections.create(role, claims, context.body(), context.ip(), watched == null ? "" : watched,
            visibility(context));
    context.status(201)
        .header("Location", connection.location())
        .header("ETag", connection.entityTag())
        .header("Accept-Patch", SDP_FRAGMENT)
        .contentType(SDP)
        .result(connection.negotiated.answerText());
  }

  /** Others do not learn of a publisher that is hidden if there is none. */
  Visibility visibility(Context context) {
    return Visibility.SHOWN;
  }

  /** What a client may send, without a token (RFC 9725 §4.6). */
  private void describe(Context context) {
    context.status(204).header("Accept-Post", SDP);
  }

  private void patch(Context context) {
    Connection connection = require(context);
    requireType(context, SDP_FRAGMENT);
    SdpFragment fragment = SdpFragment.parse(context.body());
    synchronized (connection) {
      boolean restarts = fragment.ufrag().filter(ufrag -> !ufrag.equals(connection.remoteUfrag())).isPresent();
      checkMatch(context, connection, restarts);
      if (!restarts) {
        context.status(204); // we are ICE-lite: the client's checks bring its addresses, its candidates need not
        return;
      }
      if (fragment.pwd().isEmpty()) {
        throw new HttpProblem(400, "bad_sdp", "an ICE restart needs a=ice-pwd beside a=ice-ufrag");
      }
      IceCredentials local = connections.restartIce(connection, fragment.ufrag().orElseThrow());
      context.status(200)
          .header("ETag", connection.entityTag())
          .contentType(SDP_FRAGMENT)
          .result(SdpFragment.restarted(connection.negotiated, local.ufrag(), local.pwd(),
              connections.candidates(connection.worker)).write());
    }
  }

  private void delete(Context context) {
    connections.close(require(context));
    context.status(200);
  }

  /** The connection named by the path, if the token was made for it; the token may have expired since. */
  Connection require(Context context) {
    var claims = bearer.requireForLiveConnection(context, tokenKind);
    Connection connection = connections.require(context.pathParam("connection"), role);
    if (!connection.belongsTo(claims)) {
      throw new HttpProblem(403, "wrong_token", "this token is for another app, room or peer than the connection");
    }
    return connection;
  }

  /** RFC 9725 §4.3.1: candidates go with the current tag, a restart with {@code *} or the current tag. */
  private static void checkMatch(Context context, Connection connection, boolean restarts) {
    String match = context.header("If-Match");
    if (match == null) {
      throw new HttpProblem(428, "if_match_required",
          "send If-Match with the ETag of the last answer, or * to restart ICE");
    }
    boolean matches = match.equals(connection.entityTag()) || restarts && match.equals("*");
    if (!matches) {
      throw new HttpProblem(412, "etag_mismatch",
          "the ICE session has changed since; its ETag is now " + connection.entityTag());
    }
  }

  static void requireType(Context context, String type) {
    String given = context.contentType();
    String bare = given == null ? "" : given.split(";", 2)[0].strip();
    if (!bare.equalsIgnoreCase(type)) {
      throw new HttpProblem(415, "wrong_content_type", "send the body as " + type);
    }
  }
}
