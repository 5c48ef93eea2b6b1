package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure can be played again: the seed decides every byte and every moment. */
class DeterminismTest {
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void theSameSeedGivesTheSameCall(long seed, int workers) {
    String transcript = play(seed, workers);
    assertThat(play(seed, workers)).isEqualTo(transcript);
    assertThat(play(seed + 1, workers)).isNotEqualTo(transcript);
  }

  private static String play(long seed, int workers) {
    SimLink bad = new SimLink(30_000_000, 10_000_000, 0.05, 0.02, 0.01);
    return Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.simulcast(sim, room, "alice");
        SimWatcher bob = new SimWatcher(sim, room, "bob", SimFormats.OTHER, 1, "");
        alice.links(bad);
        bob.links(bad);
        alice.join();
        bob.join();
      }
      sim.network.run(10 * SECONDS);
    }).network.transcript();
  }
}
