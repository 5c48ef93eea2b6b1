package dev.tapedeck.connector.io.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.connector.io.admin.AdminDesk;
import dev.tapedeck.connector.io.admin.Order;
import dev.tapedeck.connector.io.admin.OrderException;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.CloseRoom;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.KickPeer;
import dev.tapedeck.protocol.wire.MuteTrack;
import dev.tapedeck.protocol.wire.PauseRecording;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.StartRecording;
import dev.tapedeck.protocol.wire.StopRecording;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * {@code POST /api/admin}: orders of administrators. Each is in the audit log, also when it was refused; who tries again and
 * again what he may not do is counted there.
 */
final class AdminRoutes {
  private static final int MAX_REASON_CHARS = 200;
  private static final long RETRY_SECONDS = 5;
  private static final Set<TokenKind> REVOCABLE =
      Set.of(TokenKind.WHIP, TokenKind.WHEP, TokenKind.WEBRTC, TokenKind.INVITE, TokenKind.USER);
  private static final String ROOM = "/api/admin/rooms/{room}";

  private final Api api;
  private final AdminDesk desk;
  private final TokenVerifier tokens;

  /** @param tokens knows the tokens that people hold; one that is revoked already may be revoked again */
  AdminRoutes(Api api, AdminDesk desk, TokenVerifier tokens) {
    this.api = api;
    this.desk = desk;
    this.tokens = tokens.refusing(token -> false);
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.post(ROOM + "/close", api.guard(this::closeRoom));
    routes.post(ROOM + "/peers/{peer}/kick", api.guard(this::kick));
    routes.post(ROOM + "/peers/{peer}/tracks/{track}/mute", api.guard(ctx -> mute(ctx, true)));
    routes.post(ROOM + "/peers/{peer}/tracks/{track}/unmute", api.guard(ctx -> mute(ctx, false)));
    routes.post(ROOM + "/recording/start", api.guard(this::startRecording));
    routes.post(ROOM + "/recording/stop", api.guard(this::stopRecording));
    routes.post(ROOM + "/recording/pause", api.guard(ctx -> pauseRecording(ctx, true)));
    routes.post(ROOM + "/recording/resume", api.guard(ctx -> pauseRecording(ctx, false)));
    routes.post("/api/admin/tokens/revoke", api.guard(this::revoke));
  }

  private void closeRoom(Context ctx) throws IOException {
    Caller caller = administrator(ctx, "close_room", "");
    String reason = reason(Api.body(ctx));
    carryOut(ctx, caller, "close_room", "", reason, (app, room) -> Command.newBuilder().setCloseRoom(
        CloseRoom.newBuilder().setApp(app).setRoom(room).setReason(reason)));
    Api.json(ctx, 200, Map.of("closed", true));
  }

  private void kick(Context ctx) throws IOException {
    String peer = ctx.pathParam("peer");
    Caller caller = administrator(ctx, "kick_peer", "peer:" + peer);
    String reason = reason(Api.body(ctx));
    CommandResult result = carryOut(ctx, caller, "kick_peer", "peer:" + peer, reason,
        (app, room) -> Command.newBuilder().setKickPeer(
            KickPeer.newBuilder().setApp(app).setRoom(room).setPeer(peer).setReason(reason)));
    Api.json(ctx, 200, Map.of("revokedTokens", result.getRevokedCount()));
  }

  private void mute(Context ctx, boolean isMuted) throws IOException {
    String peer = ctx.pathParam("peer");
    String track = ctx.pathParam("track");
    String action = isMuted ? "mute_track" : "unmute_track";
    String target = "peer:" + peer + " track:" + track;
    carryOut(ctx, administrator(ctx, action, target), action, target, "",
        (app, room) -> Command.newBuilder().setMuteTrack(MuteTrack.newBuilder().setApp(app).setRoom(room)
            .setPeer(peer).setTrack(track).setMuted(isMuted)));
    Api.json(ctx, 200, Map.of("muted", isMuted));
  }

  private void startRecording(Context ctx) throws IOException {
    Caller caller = administrator(ctx, "start_recording", "");
    RecordPolicy policy = Api.recordPolicy(Api.body(ctx), "recordLayers", "recordMedia")
        .orElse(RecordPolicy.getDefaultInstance());
    recording(ctx, caller, "start_recording", (app, room) -> Command.newBuilder().setStartRecording(
        StartRecording.newBuilder().setApp(app).setRoom(room).setPolicy(policy)));
  }

  private void stopRecording(Context ctx) throws IOException {
    recording(ctx, administrator(ctx, "stop_recording", ""), "stop_recording",
        (app, room) -> Command.newBuilder().setStopRecording(
            StopRecording.newBuilder().setApp(app).setRoom(room)));
  }

  private void pauseRecording(Context ctx, boolean isPaused) throws IOException {
    String action = isPaused ? "pause_recording" : "resume_recording";
    recording(ctx, administrator(ctx, action, ""), action,
        (app, room) -> Command.newBuilder().setPauseRecording(
            PauseRecording.newBuilder().setApp(app).setRoom(room).setPaused(isPaused)));
  }

  private void recording(Context ctx, Caller caller, String action, CommandOf command) throws IOException {
    Api.json(ctx, 200, Map.of("recording", carryOut(ctx, caller, action, "", "", command).getRecording()));
  }

  /** Any token of the caller's app that somebody holds; the sessions it opened end. */
  private void revoke(Context ctx) throws IOException {
    Caller caller = administrator(ctx, "revoke_token", "");
    JsonNode body = Api.body(ctx);
    String token = Api.text(body, "token")
        .orElseThrow(() -> ApiException.badRequest("token must be the token to revoke"));
    TokenClaims claims = claims(token);
    if (!claims.app().equals(caller.app())) {
      throw ApiException.notFound("Token");
    }
    desk.revoke(caller.app(), caller.actor(), reason(body), claims.fingerprint());
    Api.json(ctx, 200, Map.of("revoked", true));
  }

  private TokenClaims claims(String token) {
    String why = "the token is of no kind that can be revoked";
    for (TokenKind kind : REVOCABLE) {
      try {
        return tokens.verify(token, kind);
      } catch (TokenException e) {
        if (e.reason() != TokenException.Reason.WRONG_KIND) {
          why = e.getMessage();
        }
      }
    }
    throw ApiException.badRequest("token: " + why);
  }

  private interface CommandOf {
    Command.Builder of(String app, String room);
  }

  /** Who calls; whoever may not is in the log with what it wanted. */
  private Caller administrator(Context ctx, String action, String target) {
    Caller caller = api.adminCaller(ctx);
    try {
      return Api.requireAdmin(caller);
    } catch (ApiException e) {
      String room = ctx.pathParamMap().getOrDefault("room", "");
      desk.refuse(new Order(caller.app(), caller.actor(), action, room, target, "", Command.newBuilder()),
          "not an administrator");
      throw e;
    }
  }

  private CommandResult carryOut(
      Context ctx, Caller caller, String action, String target, String detail, CommandOf command) {
    String room = ctx.pathParam("room");
    Order order = new Order(
        caller.app(), caller.actor(), action, room, target, detail, command.of(caller.app(), room));
    try {
      return desk.carryOut(order);
    } catch (OrderException e) {
      throw switch (e.reason()) {
        case NOT_FOUND -> new ApiException(404, "not_found", "Not found", e.getMessage());
        case REFUSED -> new ApiException(409, "refused", "Refused by the media server", e.getMessage());
        case UNREACHABLE -> new ApiException(503, "node_unreachable", "Media server unreachable",
            e.getMessage() + "; try again", RETRY_SECONDS);
        case UNKNOWN -> new ApiException(503, "outcome_unknown", "Media server did not answer",
            e.getMessage() + "; the order may be carried out yet, look at the room before you try again",
            RETRY_SECONDS);
      };
    }
  }

  private static String reason(JsonNode body) {
    String reason = Api.text(body, "reason").orElse("");
    if (reason.length() > MAX_REASON_CHARS || reason.chars().anyMatch(Character::isISOControl)) {
      throw ApiException.badRequest(
          "reason must be at most " + MAX_REASON_CHARS + " characters without control characters");
    }
    return reason;
  }
}
