package dev.tapedeck.media.io.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.gateway.ConnectResponse;
import dev.tapedeck.protocol.wire.gateway.RemoteIceRequest;
import dev.tapedeck.protocol.wire.gateway.RemoteIceResponse;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.Optional;

/**
 * Sessions of the session protocol: connect, trickled candidates, ICE restart. Bodies are protobuf, whatever their
 * content type says; statuses are those the published clients know.
 */
final class WebrtcHandler {
  private static final String PROTOBUF = "application/octet-stream";

  private final Connections connections;
  private final Bearer bearer;
  private volatile boolean refusing;

  WebrtcHandler(Connections connections, Bearer bearer) {
    this.connections = connections;
    this.bearer = bearer;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.post("/webrtc/connect", this::connect);
    routes.post("/webrtc/{connection}/ice-candidate", this::addCandidates);
    routes.post("/webrtc/{connection}/restart-ice", this::restart);
  }

  void refuseNewSessions() {
    refusing = true;
  }

  private void connect(Context context) {
    TokenClaims claims = bearer.require(context, TokenKind.WEBRTC);
    create(context, claims, read(context, ConnectRequest.parser()), "");
  }

  private void create(Context context, TokenClaims claims, ConnectRequest request, String before) {
    if (refusing) {
      throw HttpProblem.draining();
    }
    if (request.hasJoin()) {
      checkMatch(claims.room(), request.getJoin().getRoom(), "Wrong room");
      checkMatch(claims.peer(), request.getJoin().getPeer(), "Wrong peer");
    }
    try {
      answer(context, connections.meet(claims, request, context.ip(), before));
    } catch (SdpException e) {
      throw new SdkProblem(SdkError.INVALID_SDP);
    }
  }

  private static void checkMatch(Optional<String> granted, String asked, String problem) {
    if (granted.filter(asked::equals).isEmpty()) {
      throw new SdkProblem(403, problem);
    }
  }

  /** We are ICE-lite: the client's checks bring its addresses, and its candidates need not. */
  private void addCandidates(Context context) {
    connections.require(context.pathParam("connection"), SessionSpec.Role.MEET);
    RemoteIceRequest request = read(context, RemoteIceRequest.parser());
    long readable = request.getCandidatesList().stream().filter(line -> line.contains("candidate:")).count();
    respond(context, RemoteIceResponse.newBuilder().setAdded((int) readable).build());
  }

  /** The session goes on if it lives; else it begins anew from what the request says. */
  private void restart(Context context) {
    ConnectRequest request = read(context, ConnectRequest.parser());
    Optional<Connection> live = connections.find(context.pathParam("connection"), SessionSpec.Role.MEET);
    if (live.isEmpty()) {
      create(context, bearer.require(context, TokenKind.WEBRTC), request, context.pathParam("connection"));
      return;
    }
    TokenClaims claims = bearer.requireForLiveConnection(context, TokenKind.WEBRTC);
    Connection connection = live.get();
    if (!claims.app().equals(connection.spec.app())) {
      throw new SdkProblem(403, "Wrong app");
    }
    synchronized (connection) {
      String answer = connections.restart(connection, claims, request);
      respond(context, ConnectResponse.newBuilder()
          .setConnId(connection.spec.connection()).setSdp(answer).setIceLite(true).build());
    }
  }

  private static void answer(Context context, Connection connection) {
    respond(context, ConnectResponse.newBuilder().setConnId(connection.spec.connection())
        .setSdp(connection.negotiated.answerText()).setIceLite(true).build());
  }

  private static void respond(Context context, Message message) {
    context.contentType(PROTOBUF).result(message.toByteArray());
  }

  private static <T> T read(Context context, Parser<T> parser) {
    return read(context.bodyAsBytes(), parser);
  }

  /** The message in a body. @throws SdkProblem if it holds none */
  static <T> T read(byte[] body, Parser<T> parser) {
    try {
      return parser.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new SdkProblem(400, "the body is not the protobuf message of this route");
    }
  }

  /** Answered in plain text, as the published clients expect it. */
  static final class SdkProblem extends RuntimeException {
    private final int status;

    SdkProblem(SdkError error) {
      this(400, "Code: " + error.code() + ", Message: " + error.wireName());
    }

    SdkProblem(int status, String text) {
      super(text, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
