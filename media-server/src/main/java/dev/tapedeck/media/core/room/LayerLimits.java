package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.wire.Receiver;

/**
 * Which layers of a video a receiver wants.
 *
 * @param maxSpatial  0 for the smallest picture only; a track that sends nothing so small is shown all the same
 * @param maxTemporal 0 for the pictures alone that all others build on; 0 to {@link TemporalLayers#HIGHEST}
 * @param minSpatial  rather nothing than less, as long as others can be done without; the same below
 */
record LayerLimits(int maxSpatial, int maxTemporal, int minSpatial, int minTemporal) {
  /** More than any track has. */
  private static final int ALL_SPATIAL = 1 << 8;

  static final LayerLimits NONE = new LayerLimits(ALL_SPATIAL, TemporalLayers.HIGHEST, 0, 0);

  /**
   * What a client asks for. A least layer above the greatest wins. A configuration without priority was never given.
   */
  static LayerLimits of(Receiver.Config config) {
    if (config.getPriority() == 0) {
      return NONE;
    }
    int minSpatial = bounded(config.getMinSpatial(), ALL_SPATIAL);
    int minTemporal = bounded(config.getMinTemporal(), TemporalLayers.HIGHEST);
    return new LayerLimits(
        Math.max(bounded(config.getMaxSpatial(), ALL_SPATIAL), minSpatial),
        Math.max(bounded(config.getMaxTemporal(), TemporalLayers.HIGHEST), minTemporal),
        minSpatial, minTemporal);
  }

  boolean allows(int spatial) {
    return spatial <= maxSpatial;
  }

  /** What both allow; the least stays this one's. */
  LayerLimits within(LayerLimits other) {
    return new LayerLimits(Math.min(maxSpatial, other.maxSpatial), Math.min(maxTemporal, other.maxTemporal),
        minSpatial, minTemporal);
  }

  /** Whether these layers are more than all that is allowed here. */
  boolean isBelow(int spatial, int temporal) {
    return spatial > maxSpatial || spatial == maxSpatial && temporal > maxTemporal;
  }

  /** The wire's number is unsigned. */
  private static int bounded(int layer, int greatest) {
    return layer < 0 ? greatest : Math.min(layer, greatest);
  }
}
