package dev.tapedeck.media.core.session;

import java.util.Optional;

/**
 * What others learn of a peer, and what it is told of them.
 *
 * @param showsPeer   others are told that it is there
 * @param showsTracks others are told of its tracks; who knows their names can receive them in any case
 * @param seesPeers   it is told of other peers
 * @param seesTracks  it is told of their tracks
 * @param metadata    free text of the client
 * @param extraData   free text of the token
 * @param visibility  whether others may know of it at all
 */
public record Presence(
    boolean showsPeer,
    boolean showsTracks,
    boolean seesPeers,
    boolean seesTracks,
    Optional<String> metadata,
    Optional<String> extraData,
    Visibility visibility) {

  /** Of somebody whom others may know of. */
  public Presence(
      boolean showsPeer,
      boolean showsTracks,
      boolean seesPeers,
      boolean seesTracks,
      Optional<String> metadata,
      Optional<String> extraData) {
    this(showsPeer, showsTracks, seesPeers, seesTracks, metadata, extraData, Visibility.SHOWN);
  }

  /** Of somebody who is told everything, also what others do not show, and of whom nobody is told. */
  public static Presence hidden(Visibility visibility, Optional<String> extraData) {
    return new Presence(false, false, true, true, Optional.empty(), extraData, visibility);
  }

  /** Of somebody who came without a session protocol: seen by all, told nothing. */
  public static Presence of(Optional<String> extraData) {
    return new Presence(true, true, false, false, Optional.empty(), extraData);
  }

  public Presence withMetadata(Optional<String> changed) {
    return new Presence(showsPeer, showsTracks, seesPeers, seesTracks, changed, extraData, visibility);
  }
}
