package dev.tapedeck.connector.io.grpc;

import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Lets in only who brings a node token, and tells the call which node that is. */
final class NodeAuth implements ServerInterceptor {
  static final Context.Key<Long> NODE = Context.key("node");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "Bearer ";

  private final TokenVerifier tokens;

  NodeAuth(TokenVerifier tokens) {
    this.tokens = tokens;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
      ServerCallHandler<Q, R> next) {
    String authorization = headers.get(AUTHORIZATION);
    if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return refuse(call, "authorization: Bearer <node token> is needed");
    }
    try {
      long node = tokens.verify(authorization.substring(BEARER.length()).strip(), TokenKind.NODE).node();
      return Contexts.interceptCall(Context.current().withValue(NODE, node), call, headers, next);
    } catch (TokenException e) {
      return refuse(call, e.getMessage());
    }
  }

  private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, String reason) {
    call.close(Status.UNAUTHENTICATED.withDescription(reason), new Metadata());
    return new ServerCall.Listener<>() { };
  }
}
