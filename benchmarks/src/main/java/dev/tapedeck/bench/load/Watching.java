package dev.tapedeck.bench.load;

import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.latency.ArrivalProbe;
import java.time.Duration;
import java.util.Optional;

/**
 * One subscriber.
 *
 * @param probe what it sees if it is of the sample, which decrypts and checks every packet
 * @param took  from its request to its first packet; zero if nobody waited for that
 */
public record Watching(SyntheticWatcher watcher, Optional<ArrivalProbe> probe, Duration took) {}
