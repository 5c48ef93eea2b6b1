package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.room.Slot;
import dev.tapedeck.media.core.worker.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets wait for company to their receiver, for the window and not longer. */
class GatheringTest {
  private static final int SPEAKERS = 10;

  /** A row of what a room of speakers sends and how much of it shares a message. */
  private static double gatheredPart(long windowNanos) {
    double[] part = new double[1];
    Sim.run(5, 1, WorkerConfig.defaults().withFlushWindowNanos(windowNanos), sim -> {
      List<SimPublisher> speakers = new ArrayList<>();
      List<SimWatcher> listeners = new ArrayList<>();
      for (int i = 0; i < SPEAKERS; i++) {
        speakers.add(SimPublisher.plain(sim, "room0", "peer" + i));
        speakers.getLast().join();
        sim.network.run(sim.network.random.nextInt((int) (20 * MILLIS)));
      }
      for (int i = 0; i < SPEAKERS; i++) {
        listeners.add(new SimWatcher(sim, "room0", "ear" + i, SimFormats.OTHER, SPEAKERS, "peer" + i));
        listeners.getLast().join();
      }
      sim.network.run(2 * SECONDS);
      for (int ear = 0; ear < SPEAKERS; ear++) {
        int listener = ear;
        sim.server.assign(listeners.get(ear), IntStream.range(0, SPEAKERS).filter(i -> i != listener)
            .mapToObj(i -> new Slot("a" + i, "peer" + i, "audio_main")).toArray(Slot[]::new));
        sim.server.assign(listeners.get(ear), new Slot("v0", "", ""));
      }
      sim.network.run(SECONDS);
      sim.server.messages.forget();
      sim.network.run(2 * SECONDS);
      SimMessages messages = sim.server.messages;
      part[0] = messages.gathered / (double) messages.datagrams;
      System.out.printf("gathering: window %d us, %d datagrams in %d messages, %.0f %% in company%n",
          windowNanos / 1_000, messages.datagrams, messages.messages, 100 * part[0]);
    });
    return part[0];
  }

  @Test
  void voicesOfTenSpeakersFindCompanyTheMoreTheLongerTheWindow() {
    double none = gatheredPart(0);
    double short_ = gatheredPart(MILLIS);
    double longer = gatheredPart(2 * MILLIS);
    assertThat(none).isLessThan(0.05);
    assertThat(short_).isGreaterThan(0.2);
    assertThat(longer).isGreaterThan(short_);
  }

  /** A pacer spreads a frame over some time; with the window that long it leaves as one message to each. */
  @ParameterizedTest
  @CsvSource({"0, 8", "1000000, 3", "2000000, 2", "5000000, 1"})
  void aFrameThatAPacerSpreadsLeavesInFewMessages(long windowNanos, int atMostMessages) {
    Sim.run(1, 1, WorkerConfig.defaults().withFlushWindowNanos(windowNanos), sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "alice");
      alice.join();
      watcher.join();
      sim.network.run(3 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      int before = watcher.video(0).packets.size();
      List<byte[]> frame = alice.protectedPackets(8);
      sim.server.messages.forget();
      long sentNanos = sim.network.nowNanos();
      for (byte[] packet : frame) {
        alice.home.receive(alice.address(), packet);
        sim.network.run(MILLIS / 2); // the next one leaves half a millisecond later
      }
      long windowEndNanos = sentNanos + 8 * MILLIS / 2 + windowNanos;
      sim.network.run(Math.max(0, windowEndNanos - sim.network.nowNanos()));
      assertThat(sim.server.messages.datagrams).as("nothing waits longer than the window").isGreaterThanOrEqualTo(8);
      assertThat(sim.server.messages.messages).isBetween(1, atMostMessages + 1); // and perhaps RTCP
      sim.network.run(SECONDS);
      assertThat(watcher.video(0).packets.size() - before).isEqualTo(8);
    });
  }
}
