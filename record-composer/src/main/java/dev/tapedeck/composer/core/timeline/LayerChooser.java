package dev.tapedeck.composer.core.timeline;

import java.util.List;

/**
 * Cuts the layers of a simulcast into one track: at every instant the best layer that has pictures.
 *
 * <p>Up it goes at a key frame of the better layer. Down it goes when the current layer stops while another flows; that
 * one rarely has a key frame just then, so its frames since its last key frame are replayed quickly inside the hole the
 * better layer left: the decoder catches up and no black is shown.
 */
final class LayerChooser {
  /** A layer that will not have a picture for this long has stopped, if another one has pictures meanwhile. */
  static final long STALL_NANOS = 500_000_000L;
  /** A layer with pictures this long after the current one stopped flows on; one that stopped with it has none. */
  static final long FLOWS_ON_NANOS = 120_000_000L;
  /** A replay longer than this costs a player more than waiting for the next key frame. */
  static final int MAX_REPLAYED_FRAMES = 900;
  private static final int NO_LAYER = -1;

  private final List<LayerIndex> layers;
  private final int[] next;
  private final FramePlan plan = new FramePlan();
  private int current = NO_LAYER;
  private long shownNanos;

  private LayerChooser(List<LayerIndex> layers) {
    this.layers = layers;
    this.next = new int[layers.size()];
  }

  static FramePlan plan(List<LayerIndex> layers) {
    LayerChooser chooser = new LayerChooser(layers);
    for (int layer = chooser.earliest(); layer != NO_LAYER; layer = chooser.earliest()) {
      chooser.offer(layer, chooser.next[layer]++);
    }
    return chooser.plan;
  }

  private void offer(int layer, int frame) {
    long nanos = layers.get(layer).captureNanos(frame);
    if (layer == current) {
      show(layer, frame, nanos);
    } else if (layers.get(layer).isKeyFrame(frame) && (isBetter(layer) || isNeeded(layer, nanos))) {
      show(layer, frame, nanos);
    } else if (current != NO_LAYER && isNeeded(layer, nanos) && isBestWithoutCurrent(layer, nanos)) {
      replay(layer, frame, nanos);
    }
  }

  private void show(int layer, int frame, long nanos) {
    current = layer;
    plan.add(layer, frame, nanos);
    shownNanos = plan.showNanos(plan.size() - 1);
  }

  private void replay(int layer, int frame, long nanos) {
    int from = layers.get(layer).keyFrameBefore(frame);
    int count = frame - from + 1;
    if (from < 0 || count > MAX_REPLAYED_FRAMES) {
      return;
    }
    long hole = Math.max(0, nanos - shownNanos);
    long start = shownNanos;
    for (int i = 1; i <= count; i++) {
      show(layer, from + i - 1, start + hole * i / count);
    }
  }

  private boolean isBetter(int layer) {
    return current == NO_LAYER || layers.get(layer).maxPixels() > layers.get(current).maxPixels();
  }

  // A layer that pauses or ends a moment after the current one is no reason to change.
  private boolean isNeeded(int layer, long nanos) {
    LayerIndex candidate = layers.get(layer);
    return hasStopped(nanos) && nanos - shownNanos >= FLOWS_ON_NANOS
        && candidate.captureNanos(candidate.frames() - 1) - shownNanos > STALL_NANOS;
  }

  /** Whether the current layer shows nothing from {@code nanos} on, for long or for ever. */
  private boolean hasStopped(long nanos) {
    if (current == NO_LAYER) {
      return true;
    }
    LayerIndex layer = layers.get(current);
    boolean hasEnded = next[current] >= layer.frames();
    long resumesNanos = hasEnded ? Long.MAX_VALUE : layer.captureNanos(next[current]);
    return nanos > shownNanos && (hasEnded || resumesNanos - nanos > STALL_NANOS);
  }

  private boolean isBestWithoutCurrent(int layer, long nanos) {
    for (int other = 0; other < next.length; other++) {
      LayerIndex candidate = layers.get(other);
      boolean flows = other != current && next[other] < candidate.frames()
          && candidate.captureNanos(next[other]) - nanos < STALL_NANOS;
      if (flows && candidate.maxPixels() > layers.get(layer).maxPixels()) {
        return false;
      }
    }
    return true;
  }

  private int earliest() {
    int earliest = NO_LAYER;
    for (int layer = 0; layer < next.length; layer++) {
      if (next[layer] < layers.get(layer).frames() && (earliest == NO_LAYER
          || layers.get(layer).captureNanos(next[layer]) < layers.get(earliest).captureNanos(next[earliest]))) {
        earliest = layer;
      }
    }
    return earliest;
  }
}
