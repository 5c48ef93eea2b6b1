package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Lets in whoever has a token for this very room and peer; a token without them opens no room. Who wants to be hidden
 * needs a token that says so, and each such wish is audited, granted or not. Used by request threads and workers.
 */
public final class TokenJoinGate implements JoinGate {
  /** The newest version of a join's role that is known here. */
  private static final int ROLE_VERSION = 1;

  private final TokenVerifier verifier;
  private final RandomGenerator random;
  private final TokenUse tokens;
  private final Consumer<WorkerEvent> events;

  /** @param events hears what is to be audited; only queues */
  public TokenJoinGate(
      TokenVerifier verifier, RandomGenerator random, Admission admission, Consumer<WorkerEvent> events) {
    this.verifier = verifier;
    this.random = random;
    tokens = admission.tokens;
    this.events = events;
  }

  @Override
  public Decision decide(String app, String connection, RoomJoin info, String token) {
    TokenClaims claims;
    try {
      claims = verifier.verify(token, TokenKind.WEBRTC);
    } catch (TokenException e) {
      return new Decision.Refused(SdkError.TOKEN_INVALID, e.getMessage());
    }
    if (!claims.app().equals(app)) {
      return new Decision.Refused(SdkError.TOKEN_APP_NOT_MATCH, "the token is of another app than the connection");
    }
    return switch (decide(claims, info, Ids.draw(random))) {
      case Decision.Granted granted -> spend(claims, connection, granted);
      case Decision.Refused refused -> refused;
    };
  }

  /** The last that is asked, so that nothing refused spends the token. */
  private Decision spend(TokenClaims claims, String connection, Decision.Granted granted) {
    return switch (tokens.take(claims, connection, "")) {
      case TAKEN -> new Decision.Granted(granted.join().spending(claims.tokenId().orElseThrow()));
      case KEPT -> granted;
      case USED -> new Decision.Refused(SdkError.TOKEN_INVALID, TokenUse.USED);
      case TOO_MANY -> new Decision.Refused(SdkError.LIMIT_REACHED, TokenUse.tooMany(claims.app()));
    };
  }

  @Override
  public void giveBack(String app, String connection, Join join) {
    join.spent().ifPresent(id -> tokens.giveBack(app, id, connection, ""));
  }

  /** The stay this token grants. */
  Decision decide(TokenClaims claims, RoomJoin info, long session) {
    if (!isFor(claims, info)) {
      return new Decision.Refused(SdkError.TOKEN_ROOM_PEER_NOT_MATCH, "the token is for another room or peer");
    }
    if (!Ids.isName(info.getRoom()) || !Ids.isName(info.getPeer())
        || info.getMetadata().length() > Join.MAX_METADATA_CHARS) {
      return new Decision.Refused(SdkError.INVALID_REQUEST, "room or peer is no name, or the metadata is too long");
    }
    if (Integer.compareUnsigned(info.getRole().getVersion(), ROLE_VERSION) > 0) {
      return new Decision.Refused(SdkError.INVALID_REQUEST, "roles are known up to version " + ROLE_VERSION);
    }
    Visibility visibility = visibility(info.getRole().getHidden(), info.getRole().getRecorder());
    if (!grants(claims, visibility, info.getRoom(), info.getPeer())) {
      return new Decision.Refused(SdkError.NOT_GRANTED, refusal(visibility));
    }
    return new Decision.Granted(new Join(session, info.getRoom(), info.getPeer(),
        claims.record() && !claims.recordExclude(), claims.recordExclude(), claims.recordPolicy(),
        presence(claims, info, visibility), Optional.of(claims.fingerprint())));
  }

  /** What a client asks for. */
  static Visibility visibility(boolean hidden, boolean recorder) {
    return recorder ? Visibility.RECORDER : hidden ? Visibility.HIDDEN : Visibility.SHOWN;
  }

  /** Whether the token lets its holder be seen so little in this room; audited unless it is nothing special. */
  boolean grants(TokenClaims claims, Visibility visibility, String room, String peer) {
    boolean isGranted = switch (visibility) {
      case SHOWN -> true;
      case HIDDEN -> claims.hidden() || claims.recorder();
      case RECORDER -> claims.recorder();
    };
    if (visibility.isHidden()) {
      events.accept(new WorkerEvent.Audited(claims.app(), room, "peer:" + peer,
          "join_" + visibility.name().toLowerCase(Locale.ROOT), "", "", isGranted ? "" : refusal(visibility)));
    }
    return isGranted;
  }

  static String refusal(Visibility visibility) {
    return "the token has no claim \"" + visibility.name().toLowerCase(Locale.ROOT) + "\"";
  }

  private static boolean isFor(TokenClaims claims, RoomJoin info) {
    return claims.room().filter(info.getRoom()::equals).isPresent()
        && claims.peer().filter(info.getPeer()::equals).isPresent();
  }

  private static Presence presence(TokenClaims claims, RoomJoin info, Visibility visibility) {
    if (visibility.isHidden()) {
      return Presence.hidden(visibility, claims.extraData());
    }
    return new Presence(info.getPublish().getPeer(), info.getPublish().getTracks(), info.getSubscribe().getPeers(),
        info.getSubscribe().getTracks(), info.hasMetadata() ? Optional.of(info.getMetadata()) : Optional.empty(),
        claims.extraData());
  }
}
