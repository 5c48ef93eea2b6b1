package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Lets in whoever has a token for this very room and peer; a token without them opens no room. */
public final class TokenJoinGate implements JoinGate {
  private final TokenVerifier verifier;
  private final RandomGenerator random;

  public TokenJoinGate(TokenVerifier verifier, RandomGenerator random) {
    this.verifier = verifier;
    this.random = random;
  }

  @Override
  public Decision decide(String app, RoomJoin info, String token) {
    TokenClaims claims;
    try {
      claims = verifier.verify(token, TokenKind.WEBRTC);
    } catch (TokenException e) {
      return new Decision.Refused(SdkError.TOKEN_INVALID, e.getMessage());
    }
    if (!claims.app().equals(app)) {
      return new Decision.Refused(SdkError.TOKEN_APP_NOT_MATCH, "the token is of another app than the connection");
    }
    return decide(claims, info, Ids.draw(random));
  }

  /** The stay this token grants. */
  static Decision decide(TokenClaims claims, RoomJoin info, long session) {
    if (!isFor(claims, info)) {
      return new Decision.Refused(SdkError.TOKEN_ROOM_PEER_NOT_MATCH, "the token is for another room or peer");
    }
    if (!Ids.isName(info.getRoom()) || !Ids.isName(info.getPeer())
        || info.getMetadata().length() > Join.MAX_METADATA_CHARS) {
      return new Decision.Refused(SdkError.INVALID_REQUEST, "room or peer is no name, or the metadata is too long");
    }
    return new Decision.Granted(new Join(session, info.getRoom(), info.getPeer(),
        claims.record() && !claims.recordExclude(), claims.recordExclude(), claims.recordPolicy(),
        presence(claims, info), Optional.of(claims.fingerprint())));
  }

  private static boolean isFor(TokenClaims claims, RoomJoin info) {
    return claims.room().filter(info.getRoom()::equals).isPresent()
        && claims.peer().filter(info.getPeer()::equals).isPresent();
  }

  private static Presence presence(TokenClaims claims, RoomJoin info) {
    return new Presence(info.getPublish().getPeer(), info.getPublish().getTracks(), info.getSubscribe().getPeers(),
        info.getSubscribe().getTracks(), info.hasMetadata() ? Optional.of(info.getMetadata()) : Optional.empty(),
        claims.extraData());
  }
}
