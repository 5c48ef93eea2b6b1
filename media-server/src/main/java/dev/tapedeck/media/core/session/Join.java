package dev.tapedeck.media.core.session;

import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.Optional;

/**
 * One stay of a peer in a room, as its token grants it. A connection may join several rooms one after the other.
 *
 * @param session       2^32..2^53-1; of the connection in its first room, drawn anew for each later stay
 * @param record        tape what is sent during this stay
 * @param recordExclude keep it off every tape, also off its room's
 * @param recordPolicy  what of it is taped, if the token says; else what the room says
 * @param presence      what is shown to it and of it at the beginning
 * @param token         the token that grants it, where there is one
 * @param spent         the {@code jti} of a token for one connection that this stay is the first to use; given back by
 *                      {@link JoinGate#giveBack} if the stay does not begin
 */
public record Join(
    long session,
    String room,
    String peer,
    boolean record,
    boolean recordExclude,
    Optional<RecordPolicy> recordPolicy,
    Presence presence,
    Optional<TokenFingerprint> token,
    Optional<String> spent) {
  /** Longest metadata of a peer or a track, in characters. */
  public static final int MAX_METADATA_CHARS = 16 << 10;

  /** A stay for which no token is spent. */
  public Join(
      long session,
      String room,
      String peer,
      boolean record,
      boolean recordExclude,
      Optional<RecordPolicy> recordPolicy,
      Presence presence,
      Optional<TokenFingerprint> token) {
    this(session, room, peer, record, recordExclude, recordPolicy, presence, token, Optional.empty());
  }

  /** A stay that no token grants. */
  public Join(
      long session,
      String room,
      String peer,
      boolean record,
      boolean recordExclude,
      Optional<RecordPolicy> recordPolicy,
      Presence presence) {
    this(session, room, peer, record, recordExclude, recordPolicy, presence, Optional.empty());
  }

  /** The same, as the first that uses the token with this id. */
  public Join spending(String tokenId) {
    return new Join(
        session, room, peer, record, recordExclude, recordPolicy, presence, token, Optional.of(tokenId));
  }
}
