package dev.tapedeck.protocol.token;

import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.Optional;

/**
 * What a verified token says. Claims that its kind does not have are empty, false or 0.
 *
 * @param app             tenant of everything done with this token; "" only for {@link TokenKind#NODE}
 * @param room            name of the room; present for whip, whep and invite, optional for webrtc
 * @param peer            name of the participant; present for whip, optional for whep and webrtc
 * @param record          whether the session is taped
 * @param recordExclude   whether the session stays off every tape, also those of its room
 * @param hidden          whether the session may be one that others are never told of
 * @param recorder        whether it may be one that records, of which others are never told either
 * @param recordPolicy    what of the session is taped, if the token says
 * @param extraData       opaque text of the app, passed on to the other peers; the file, for {@link TokenKind#FILE}
 * @param user            person of the app, for {@link TokenKind#USER}
 * @param role            what that person may do: "admin" or "member"
 * @param node            number of the media server, for {@link TokenKind#NODE}
 * @param tokenId         {@code jti}, by which this token is told from others of its app (RFC 7519 §4.1.7)
 * @param expiresAtMillis Unix milliseconds after which the token opens nothing
 * @param fingerprint     names the token, to revoke it
 */
public record TokenClaims(
    TokenKind kind,
    String app,
    Optional<String> room,
    Optional<String> peer,
    boolean record,
    boolean recordExclude,
    boolean hidden,
    boolean recorder,
    Optional<RecordPolicy> recordPolicy,
    Optional<String> extraData,
    Optional<String> user,
    Optional<String> role,
    long node,
    Optional<String> tokenId,
    long expiresAtMillis,
    TokenFingerprint fingerprint) {

  /** The room of a token whose kind always has one. */
  public String requireRoom() {
    return room.orElseThrow();
  }

  /** The peer of a token whose kind always has one. */
  public String requirePeer() {
    return peer.orElseThrow();
  }
}
