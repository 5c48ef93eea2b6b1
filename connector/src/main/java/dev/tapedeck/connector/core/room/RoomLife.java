package dev.tapedeck.connector.core.room;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Decides when a room instance ends: when it has been empty long enough, or when its media server is gone. */
public final class RoomLife {
  private final Duration destroyAfter;
  private final Duration nodeLost;

  /**
   * @param destroyAfter how long a room may be empty, 120 s by default
   * @param nodeLost     how long a media server may be away before its rooms end
   */
  public RoomLife(Duration destroyAfter, Duration nodeLost) {
    this.destroyAfter = destroyAfter;
    this.nodeLost = nodeLost;
  }

  /**
   * The reason to end the instance now, or nothing.
   *
   * @param emptySinceMs Unix milliseconds of the last leave, empty while somebody is there
   * @param nodeGoneMs   Unix milliseconds since when its media server is away, empty while it is there
   */
  public Optional<String> endReason(OptionalLong emptySinceMs, OptionalLong nodeGoneMs, long nowMillis) {
    if (nodeGoneMs.isPresent() && nowMillis - nodeGoneMs.getAsLong() >= nodeLost.toMillis()) {
      return Optional.of("crash");
    }
    if (emptySinceMs.isPresent() && nowMillis - emptySinceMs.getAsLong() >= destroyAfter.toMillis()) {
      return Optional.of("empty");
    }
    return Optional.empty();
  }
}
