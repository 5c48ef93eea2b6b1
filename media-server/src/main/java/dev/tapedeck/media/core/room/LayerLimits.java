package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.wire.Receiver;

/**
 * Which layers of a video a receiver wants.
 *
 * @param maxSpatial 0 for the smallest picture only; a track that sends nothing so small is shown all the same
 */
record LayerLimits(int maxSpatial) {
  static final LayerLimits NONE = new LayerLimits(Integer.MAX_VALUE);

  /**
   * What a client asks for. The best layer that flows is the one that is sent, so that a least layer counts only where
   * it lies above the greatest. A configuration without priority was never given.
   */
  static LayerLimits of(Receiver.Config config) {
    return config.getPriority() == 0
        ? NONE
        : new LayerLimits(Math.max(bounded(config.getMaxSpatial()), bounded(config.getMinSpatial())));
  }

  boolean allows(int spatial) {
    return spatial <= maxSpatial;
  }

  /** The wire's number is unsigned. */
  private static int bounded(int layer) {
    return layer < 0 ? Integer.MAX_VALUE : layer;
  }
}
