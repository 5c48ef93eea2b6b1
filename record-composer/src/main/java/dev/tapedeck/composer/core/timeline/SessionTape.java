package dev.tapedeck.composer.core.timeline;

import java.util.List;

/**
 * Everything taped of one session.
 *
 * @param clocks at least one, in order of the tape
 * @param layers one per SSRC
 */
public record SessionTape(String peer, long session, long node, List<ClockPair> clocks, List<LayerTape> layers) {

  public SessionTape {
    clocks = List.copyOf(clocks);
    layers = List.copyOf(layers);
  }
}
