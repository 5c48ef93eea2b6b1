package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.protocol.wire.features.Config;

/**
 * A member on its way to a room of another worker, with all that belongs to its session. It is in no room, under no
 * timer and in no table meanwhile; whichever thread holds this object owns it (docs/adr/0017).
 */
public final class Traveller {
  final Member member;
  private final Join join;
  final Config features;
  private final int destination;

  /** @param destination the room's worker, held until the member arrives there */
  Traveller(Member member, Join join, Config features, int destination) {
    this.member = member;
    this.join = join;
    this.features = features;
    this.destination = destination;
  }

  public PeerSession session() {
    return member.session();
  }

  /** The stay it was granted there. */
  public Join join() {
    return join;
  }

  /** Number of the worker it goes to. */
  public int destination() {
    return destination;
  }
}
