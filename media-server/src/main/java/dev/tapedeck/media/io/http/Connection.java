package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.sdp.Negotiated;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.protocol.token.TokenClaims;

/**
 * A WHIP or WHEP session as its HTTP resource knows it. Changed under its own lock, so that two requests for one
 * connection do not mix.
 */
final class Connection {
  final SessionSpec spec;
  final int worker;
  final Negotiated negotiated;
  private final String prefix;
  private String remoteUfrag;
  private int generation = 1;

  Connection(SessionSpec spec, int worker, Negotiated negotiated, String prefix) {
    this.spec = spec;
    this.worker = worker;
    this.negotiated = negotiated;
    this.prefix = prefix;
    remoteUfrag = negotiated.remoteUfrag();
  }

  String location() {
    return "/" + prefix + "/conn/" + spec.connection();
  }

  /** Names the ICE session (RFC 9725 §4.3.1); changes with each restart. */
  synchronized String entityTag() {
    return "\"" + spec.local().ufrag() + "-" + generation + "\"";
  }

  synchronized String remoteUfrag() {
    return remoteUfrag;
  }

  synchronized void restarted(String newRemoteUfrag) {
    remoteUfrag = newRemoteUfrag;
    generation++;
  }

  /** Whether this token was made for this connection's app, room and peer. */
  boolean belongsTo(TokenClaims claims) {
    return claims.app().equals(spec.app())
        && claims.room().filter(spec.requireJoin().room()::equals).isPresent()
        && claims.peer().map(spec.requireJoin().peer()::equals).orElse(true);
  }
}
