package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.worker.WorkerEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Media flows from those who publish to those who watch, over good links and bad ones. */
class CallTest {
  private record Call(SimPublisher publisher, SimWatcher watcher) {}

  /** A publisher and a watcher with other payload types and extension ids in each room. */
  private static List<Call> calls(Sim sim) {
    List<Call> calls = new ArrayList<>();
    for (String room : sim.rooms) {
      Call call = new Call(
          SimPublisher.plain(sim, room, "alice"), new SimWatcher(sim, room, "bob", SimFormats.OTHER, 1, ""));
      call.publisher.join();
      call.watcher.join();
      calls.add(call);
    }
    return calls;
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void everythingArrivesInOrderUnderTheWatchersNumbers(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      List<Call> calls = calls(sim);
      sim.network.run(20 * SECONDS);

      for (Call call : calls) {
        Watched.isContinuous(call.watcher.audio(0).until(Long.MAX_VALUE));
        Watched.isContinuous(call.watcher.video(0).until(Long.MAX_VALUE));
        Watched.hasEveryPacket(call.publisher.video().sent, call.watcher.video(0), sim.network.nowNanos() - SECONDS);
        assertThat(call.watcher.video(0).packets.firstEntry().getValue().startsKeyFrame()).isTrue();
        assertThat(call.watcher.video(0).packets.firstKey()).as("first number").isLessThan(1 << 15);
        assertThat(call.watcher.audio(0).packets.size()).isGreaterThan(900);
        assertThat(call.watcher.rejectedDatagrams()).isZero();
        assertThat(call.watcher.home.events(WorkerEvent.TrackStarted.class))
            .extracting(WorkerEvent.TrackStarted::track).containsExactlyInAnyOrder("audio_main", "video_main");
      }
    });
  }

  /** 5 % both ways leave the picture whole. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void lossIsRepairedBothWays(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      List<Call> calls = calls(sim);
      calls.forEach(call -> {
        call.publisher.links(SimLink.GOOD.withLoss(0.05));
        call.watcher.links(SimLink.GOOD.withLoss(0.05));
      });
      sim.network.run(60 * SECONDS);

      for (Call call : calls) {
        SimSlot video = call.watcher.video(0);
        long settled = sim.network.nowNanos() - 3 * SECONDS;
        Watched.isContinuous(video.until(settled));
        Watched.hasEveryPacket(call.publisher.video().sent, video, settled);
        assertThat(video.duplicates).isZero();
        assertThat(call.publisher.video().stream.retransmissions()).as("repaired for us").isGreaterThan(50);
        assertThat(call.watcher.home.counters.packetsRetransmitted).as("repaired by us").isGreaterThan(50);
        // What the publisher repairs for us may cross with the watcher's own request, once each.
        assertThat(video.needlessRepairs).isLessThan(call.publisher.video().stream.retransmissions());
      }
    });
  }

  /** Whoever agreed on NACK alone gets the lost packet itself, under the numbers it had; SRTP lets it in once. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void aReceiverWithoutRtxGetsTheLostPacketItself(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher publisher = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "bob", SimFormats.NO_RTX, 1, "");
      watcher.links(SimLink.GOOD.withLoss(0.05));
      publisher.join();
      watcher.join();
      sim.network.run(60 * SECONDS);

      long settled = sim.network.nowNanos() - 3 * SECONDS;
      Watched.isContinuous(watcher.video(0).until(settled));
      Watched.hasContinuousPictureIds(watcher.video(0).until(settled));
      Watched.hasEveryPacket(publisher.video().sent, watcher.video(0), settled);
      assertThat(watcher.home.counters.packetsRetransmitted).as("repaired by us").isGreaterThan(50);
      assertThat(watcher.video(0).duplicates).isZero();
    });
  }

  /** Another SSRC on the same m-line (RFC 8843 §9.2): the watcher sees one stream that goes on. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void aPublisherThatChangesItsSsrcsIsFollowed(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      Call call = calls(sim).getFirst();
      sim.network.run(5 * SECONDS);
      for (int change = 1; change <= 3; change++) {
        call.publisher.changeSsrcs();
        long changedNanos = sim.network.nowNanos();
        sim.network.run(5 * SECONDS);
        assertThat(call.watcher.video(0).last().arrivalNanos()).isGreaterThan(changedNanos + 4 * SECONDS);
        assertThat(call.watcher.audio(0).last().arrivalNanos()).isGreaterThan(changedNanos + 4 * SECONDS);
      }
      Watched.isContinuous(call.watcher.audio(0).until(Long.MAX_VALUE));
      Watched.isContinuous(call.watcher.video(0).until(Long.MAX_VALUE));
      Watched.hasContinuousPictureIds(call.watcher.video(0).until(Long.MAX_VALUE));
      Watched.hasEveryPacket(call.publisher.video().sent, call.watcher.video(0), sim.network.nowNanos() - SECONDS);
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void reorderedAndDoubledPacketsEndUpOnceEach(long seed, int workers) {
    SimLink bad = SimLink.GOOD.withReordering(0.1).withDuplication(0.05);
    Sim.run(seed, workers, sim -> {
      List<Call> calls = calls(sim);
      calls.forEach(call -> {
        call.publisher.links(bad);
        call.watcher.links(bad);
      });
      sim.network.run(20 * SECONDS);

      for (Call call : calls) {
        long settled = sim.network.nowNanos() - 3 * SECONDS;
        Watched.isContinuous(call.watcher.video(0).until(settled));
        Watched.isContinuous(call.watcher.audio(0).until(settled));
        Watched.hasEveryPacket(call.publisher.video().sent, call.watcher.video(0), settled);
        assertThat(call.watcher.video(0).duplicates).isZero();
        assertThat(call.watcher.audio(0).duplicates).isZero();
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void lateWatcherBeginsWithAKeyFrameAskedForAtOnce(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      List<Call> calls = calls(sim);
      sim.network.run(10 * SECONDS);
      for (Call call : calls) {
        int before = call.publisher.video().keyFrames();
        SimWatcher late = new SimWatcher(sim, call.publisher.room, "carol", SimFormats.CHROMIUM, 1, "");
        late.join();
        sim.network.runUntil(late::isConnected, 2 * SECONDS);
        boolean shows = sim.network.runUntil(() -> !late.video(0).packets.isEmpty(), 300 * MILLIS);
        assertThat(shows).as("a picture within a round trip and a frame").isTrue();
        assertThat(late.video(0).packets.firstEntry().getValue().startsKeyFrame()).isTrue();
        assertThat(call.publisher.video().keyFrames()).isEqualTo(before + 1);
      }
    });
  }

  /** whatever a watcher asks for. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void requestsForKeyFramesAreLimited(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      List<Call> calls = calls(sim);
      sim.network.run(2 * SECONDS);
      Call call = calls.getFirst();
      call.publisher.video().requestNanos.clear();
      for (int i = 0; i < 300; i++) {
        call.watcher.requestKeyFrame(call.watcher.video(0));
        sim.network.run(10 * MILLIS);
      }
      assertThat(call.publisher.video().requestNanos.size()).isBetween(4, 7);
      assertThat(Watched.steps(call.publisher.video().requestNanos)).allMatch(step -> step > 450 * MILLIS);
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void oneSideMayUseTheWorseProfile(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher publisher = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "bob", SimFormats.CHROMIUM, 1, "alice");
      publisher.preferSha1();
      publisher.join();
      watcher.join();
      sim.network.run(60 * SECONDS);
      Watched.hasEveryPacket(publisher.video().sent, watcher.video(0), sim.network.nowNanos() - SECONDS);
      assertThat(watcher.video(0).packets.size()).isGreaterThan(1500);
    });
  }
}
