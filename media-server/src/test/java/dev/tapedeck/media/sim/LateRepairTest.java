package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** D-18: what comes too late for a conversation still comes in time for the tape. */
class LateRepairTest {
  /** A picture that is later than this is not waited for in a conversation (ITU-T G.114). */
  private static final long LIVE_NANOS = 400 * MILLIS;

  /** Senders keep what they sent for a few seconds. */
  private static final long HISTORY_NANOS = 3 * SECONDS;

  private static final long WARM_UP_NANOS = 10 * SECONDS;

  @ParameterizedTest
  @CsvSource({"0.05, 1", "0.05, 2", "0.05, 3", "0.3, 4"})
  void theTapeLosesAtLeastTenTimesLessThanTheWatcher(double loss, long seed) {
    Sim.run(seed, 1, sim -> {
      SimPublisher alice = SimPublisher.simulcast(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.record(RecordPolicy.getDefaultInstance());
      alice.layers.forEach(layer -> layer.stream.historyNanos = HISTORY_NANOS);
      alice.join();
      bob.join();
      sim.network.runUntil(alice::isConnected, 5 * SECONDS);
      long startNanos = sim.network.nowNanos() + WARM_UP_NANOS;
      alice.links(SimLink.GOOD.withDelayMillis(80).withLoss(loss));
      sim.network.run(130 * SECONDS);
      alice.mute();
      sim.network.run(8 * SECONDS);
      alice.leave();

      SimPublisher.Layer top = alice.layers.getLast();
      List<SimFrame> sent = top.sent.stream().filter(frame -> frame.captureNanos() >= startNanos).toList();
      Set<SimFrame> live = new HashSet<>();
      bob.video(0).packets.values().stream()
          .filter(packet -> packet.arrivalNanos() - packet.frame().captureNanos() <= LIVE_NANOS)
          .forEach(packet -> live.add(packet.frame()));
      TapedPackets taped = TapedPackets.of(alice);
      Set<SimFrame> onTape = new HashSet<>();
      taped.packets("video_main", top.stream.rid).forEach(packet -> onTape.add(packet.frame()));
      double liveLoss = missing(sent, live);
      double tapeLoss = missing(sent, onTape);
      Reception reception = taped.track("video_main", top.stream.rid).getReception();
      System.out.printf("late repair, seed %d: network loss %.0f %%, live loss %.4f %%, tape loss %.4f %% of %d packets;"
          + " %d repaired, %d of them late, %d lost, %d asked in vain%n", seed, 100 * loss, 100 * liveLoss,
          100 * tapeLoss, sent.size(), reception.getRepaired(), reception.getRepairedLate(), reception.getLost(),
          reception.getAskedInVain());
      assertThat(liveLoss).isGreaterThan(0.001);
      assertThat(10 * tapeLoss).isLessThanOrEqualTo(liveLoss);
      assertThat(reception.getRepairedLate()).isPositive();
    });
  }

  private static double missing(List<SimFrame> sent, Set<SimFrame> there) {
    return (double) sent.stream().filter(frame -> !there.contains(frame)).count() / sent.size();
  }
}
