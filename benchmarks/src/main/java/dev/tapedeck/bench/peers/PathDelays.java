package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.latency.Delays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long packets took through the system, as single subscribers saw it, and through a plain relay at the same time.
 *
 * @param probes one entry for each subscriber of the sample
 */
public record PathDelays(List<Delays> probes, Delays relay) {
  public PathDelays {
    probes = List.copyOf(probes);
  }

  /** What the system adds at one percentile, for the subscriber to whom it adds most. */
  double addedMicros(ToDoubleFunction<Delays> percentile) {
    return probes.stream().mapToDouble(percentile).max().orElse(Double.NaN) - percentile.applyAsDouble(relay);
  }

  /** The longest way of any packet of the sample, with what the machine takes of every way. */
  double longestMicros() {
    return probes.stream().mapToDouble(Delays::maxMicros).max().orElse(Double.NaN);
  }
}
