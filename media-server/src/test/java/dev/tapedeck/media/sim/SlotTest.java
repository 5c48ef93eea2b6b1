package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.room.Slot;
import dev.tapedeck.media.core.room.SlotState;
import dev.tapedeck.media.core.room.SlotStatus;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a watcher's m-lines show, and how they change without a break. */
class SlotTest {
  private static final Slot ALICE_VIDEO = new Slot("v0", "alice", "video_main");
  private static final Slot BOB_VIDEO = new Slot("v0", "bob", "video_main");

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void numbersGoOnWhenASlotShowsSomebodyElse(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.plain(sim, room, "alice");
        SimPublisher bob = SimPublisher.plain(sim, room, "bob");
        SimWatcher watcher = new SimWatcher(sim, room, "carol", SimFormats.OTHER, 1, "alice");
        watcher.links(SimLink.GOOD.withLoss(0.02));
        alice.join();
        bob.join();
        watcher.join();
        sim.network.run(5 * SECONDS);
        for (int i = 0; i < 12; i++) { // more switches than the munger remembers
          String peer = i % 2 == 0 ? "bob" : "alice";
          sim.server.assign(watcher, new Slot("v0", peer, "video_main"), new Slot("a0", peer, ""));
          sim.network.run(2 * SECONDS + sim.network.random.nextInt((int) SECONDS));
        }

        long settled = sim.network.nowNanos() - SECONDS;
        List<SimPacket> video = watcher.video(0).until(settled);
        Watched.isContinuous(video);
        Watched.hasContinuousPictureIds(video);
        assertThat(switches(video)).hasSize(12).allMatch(SimPacket::startsKeyFrame);
        for (SimPacket first : switches(video)) {
          SimPacket before = watcher.video(0).packets.lowerEntry(first.sequence()).getValue();
          long shownNanos = (first.timestamp() - before.timestamp()) * SECONDS / 90_000;
          long passedNanos = first.arrivalNanos() - before.arrivalNanos();
          assertThat(Math.abs(shownNanos - passedNanos)).as("RTP time passes like time").isLessThan(300 * MILLIS);
        }
        assertThat(watcher.audio(0).packets.values())
            .extracting(packet -> packet.frame().source()).contains(alice.spec.id(), bob.spec.id());
        assertThat(watcher.rejectedDatagrams()).isZero();
      }
    });
  }

  /** First packets of each new source. */
  private static List<SimPacket> switches(List<SimPacket> packets) {
    return IntStream.range(1, packets.size())
        .filter(i -> packets.get(i).frame().source() != packets.get(i - 1).frame().source())
        .mapToObj(packets::get).toList();
  }

  @Test
  void askingForWhatIsShownChangesNothing() {
    Sim.run(7, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.OTHER, 1, "alice");
      alice.join();
      watcher.join();
      sim.network.run(3 * SECONDS);
      int keyFrames = alice.video().keyFrames();
      sim.server.assign(watcher, ALICE_VIDEO);
      sim.network.run(2 * SECONDS);
      assertThat(alice.video().keyFrames()).isEqualTo(keyFrames);
      Watched.hasEveryPacket(alice.video().sent, watcher.video(0), sim.network.nowNanos() - SECONDS);
    });
  }

  @Test
  void withoutWishesTheFirstPeerIsShownThenTheNext() {
    Sim.run(8, 1, sim -> {
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.CHROMIUM, 2, "");
      watcher.join();
      sim.network.run(SECONDS);
      assertThat(status(watcher)).extracting(SlotStatus::state).containsOnly(SlotState.EMPTY);
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimPublisher bob = SimPublisher.plain(sim, "room0", "bob");
      alice.join();
      sim.network.run(SECONDS);
      bob.join();
      sim.network.run(SECONDS);
      assertThat(status(watcher)).extracting(SlotStatus::peer).containsExactly("alice", "alice", "", "");
      assertThat(shows(watcher.video(0), alice)).isTrue();

      alice.leave();
      sim.network.run(SECONDS);
      assertThat(status(watcher)).extracting(SlotStatus::peer).containsExactly("bob", "bob", "", "");
      assertThat(shows(watcher.video(0), bob)).isTrue();
      Watched.isContinuous(watcher.video(0).until(Long.MAX_VALUE));
    });
  }

  @Test
  void aNamedPeerIsWaitedForAgain() {
    Sim.run(9, 1, sim -> {
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.CHROMIUM, 1, "bob");
      SimPublisher.plain(sim, "room0", "alice").join();
      SimPublisher bob = SimPublisher.plain(sim, "room0", "bob");
      watcher.join();
      sim.network.run(SECONDS);
      assertThat(watcher.video(0).packets).isEmpty();
      bob.join();
      sim.network.run(SECONDS);
      assertThat(shows(watcher.video(0), bob)).isTrue();

      bob.leave();
      sim.network.run(SECONDS);
      assertThat(status(watcher)).extracting(SlotStatus::state).containsOnly(SlotState.WAITING);
      SimPublisher again = SimPublisher.plain(sim, "room0", "bob");
      again.join();
      sim.network.run(SECONDS);
      assertThat(shows(watcher.video(0), again)).isTrue();
      Watched.isContinuous(watcher.video(0).until(Long.MAX_VALUE));
    });
  }

  @Test
  void aWatcherDoesNotSeeItsOwnPeerUnasked() {
    Sim.run(10, 1, sim -> {
      SimWatcher watcher = new SimWatcher(sim, "room0", "alice", SimFormats.CHROMIUM, 1, "");
      SimPublisher.plain(sim, "room0", "alice").join();
      watcher.join();
      sim.network.run(2 * SECONDS);
      assertThat(watcher.video(0).packets).isEmpty();
    });
  }

  @Test
  void aSlotCanBeEmptied() {
    Sim.run(11, 1, sim -> {
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.CHROMIUM, 1, "");
      SimPublisher.plain(sim, "room0", "alice").join();
      watcher.join();
      sim.network.run(2 * SECONDS);
      sim.server.assign(watcher, new Slot("v0", "", ""));
      sim.network.run(100 * MILLIS);
      int packets = watcher.video(0).packets.size();
      int audioPackets = watcher.audio(0).packets.size();
      sim.network.run(SECONDS);
      assertThat(watcher.video(0).packets).hasSize(packets);
      assertThat(watcher.audio(0).packets.size()).isGreaterThan(audioPackets);
      assertThat(status(watcher).get(1).state()).isEqualTo(SlotState.EMPTY);
    });
  }

  @Test
  void aWishThatDoesNotFitIsRefusedWhole() {
    Sim.run(12, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.CHROMIUM, 1, "alice");
      alice.join();
      watcher.join();
      sim.network.run(SECONDS);
      List<SlotStatus> before = status(watcher);

      WorkerEvent.Answer unknown = sim.server.assign(watcher, BOB_VIDEO, new Slot("v9", "alice", ""));
      assertThat(unknown.outcome()).isEqualTo(WorkerEvent.Outcome.CONFLICT);
      assertThat(unknown.error()).contains("v9").contains("a0, v0");
      WorkerEvent.Answer mismatch = sim.server.assign(watcher, BOB_VIDEO, new Slot("a0", "alice", "video_main"));
      assertThat(mismatch.outcome()).isEqualTo(WorkerEvent.Outcome.CONFLICT);
      assertThat(mismatch.error()).contains("video_main").contains("audio slot a0");
      assertThat(status(watcher)).isEqualTo(before);

      WorkerEvent.Answer publishes = alice.home.ask(
          request -> new WorkerCommand.AssignSlots(request, alice.spec.id(), List.of(ALICE_VIDEO)));
      assertThat(publishes.error()).contains("publishes");
      WorkerEvent.Answer gone = alice.home.ask(request -> new WorkerCommand.AssignSlots(request, 1, List.of()));
      assertThat(gone.outcome()).isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
    });
  }

  @Test
  void aWatcherThatCannotDecodeIsTold() {
    Sim.run(13, 1, sim -> {
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.H264_ONLY, 1, "alice");
      SimPublisher.plain(sim, "room0", "alice").join();
      watcher.join();
      sim.network.run(2 * SECONDS);
      assertThat(status(watcher).get(1).state()).isEqualTo(SlotState.UNSUPPORTED_CODEC);
      assertThat(watcher.video(0).packets).isEmpty();
      assertThat(watcher.audio(0).packets).isNotEmpty();
    });
  }

  private static List<SlotStatus> status(SimWatcher watcher) {
    return watcher.home.ask(request -> new WorkerCommand.ReadSlots(request, watcher.spec.id())).slots();
  }

  private static boolean shows(SimSlot slot, SimPublisher publisher) {
    return slot.last().frame().source() == publisher.spec.id();
  }
}
