package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The publisher's congestion control is told when each packet truly arrived. */
class TransportFeedbackTest {
  /** Arrival is told in steps of 250 us (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */
  private static final long STEP_NANOS = 250_000;

  /** The reference time counts 64 ms in 24 bits. */
  private static final long WRAP_NANOS = 64 * MILLIS << 24;

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void arrivalTimesAreTrueAndComeInTime(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.simulcast(sim, "room0", "alice");
      alice.up.become(new SimLink(20 * MILLIS, 30 * MILLIS, 0.03, 0.05, 0.01));
      alice.join();
      sim.network.run(30 * SECONDS);

      assertThat(alice.toldArrivals).hasSizeGreaterThan(5_000);
      for (Map.Entry<Long, Long> told : alice.toldArrivals.entrySet()) {
        Long truth = alice.trueArrivals.get(told.getKey());
        assertThat(truth).as("packet %d never arrived", told.getKey()).isNotNull();
        assertThat(Math.floorMod(truth, WRAP_NANOS) - told.getValue()).isBetween(0L, STEP_NANOS);
      }
      long settled = sim.network.nowNanos() - SECONDS;
      assertThat(alice.trueArrivals.entrySet().stream()
          .filter(arrival -> arrival.getValue() < settled && !alice.toldArrivals.containsKey(arrival.getKey())))
          .as("arrivals never told").isEmpty();
      List<Long> moments = alice.feedbacks.stream().map(SimPublisher.Feedback::nowNanos).toList();
      assertThat(Watched.steps(moments.subList(5, moments.size()))).as("time between feedbacks")
          .allMatch(step -> step >= 45 * MILLIS && step <= 100 * MILLIS);
    });
  }
}
