package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.media.core.room.UnfinishedRecordings;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.RecordingOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** what was ordered of a recording is in force in the next process, too. */
class RecordingGoesOnTest {
  private static final long RECORDING = 1L << 34;
  private static final RecordPolicy AUDIO =
      RecordPolicy.newBuilder().setMedia(RecordPolicy.Media.AUDIO).build();

  @Test
  void ordersAreSaidAsLongAsTheyHold() {
    Sim.run(71, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.record(RecordPolicy.getDefaultInstance());
      alice.join();
      sim.network.run(SECONDS);
      assertThat(sim.server.tapes.orders).as("a token says it all").isEmpty();

      long recording = ask(sim, request -> new WorkerCommand.PauseRecording(request, "app", "room0", true)).recording();
      sim.network.run(25 * SECONDS);
      assertThat(sim.server.tapes.orders).hasSize(3)
          .allMatch(orders -> orders.getRecording() == recording && orders.getPaused() && !orders.getEverybody());
      assertThat(sim.server.tapes.orders).extracting(RecordingOrders::getSaidMs).isSorted().doesNotHaveDuplicates();

      ask(sim, request -> new WorkerCommand.PauseRecording(request, "app", "room0", false));
      sim.network.run(25 * SECONDS);
      assertThat(sim.server.tapes.orders).hasSize(4);
      assertThat(sim.server.tapes.orders.getLast().getPaused()).isFalse();
      alice.leave();
    });
  }

  @Test
  void whatWasPausedStaysPaused() {
    Sim.run(72, 1, sim -> {
      sim.server.unfinished = left(RecordingOrders.newBuilder().setPaused(true).build());
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.record(RecordPolicy.getDefaultInstance());
      alice.join();
      sim.network.run(3 * SECONDS);
      long resumedNanos = sim.network.nowNanos();
      assertThat(ask(sim, request -> new WorkerCommand.PauseRecording(request, "app", "room0", false)).recording())
          .isEqualTo(RECORDING);
      sim.network.run(3 * SECONDS);
      alice.leave();

      assertThat(TapedPackets.of(alice).packets()).isNotEmpty()
          .allMatch(packet -> packet.arrivalNanos() > resumedNanos);
      assertThat(alice.home.events(WorkerEvent.RecordingPaused.class)).extracting(WorkerEvent.RecordingPaused::paused)
          .containsExactly(true, false);
    });
  }

  /** Also of those whose token says nothing of recording. */
  @Test
  void whoeverComesBackIsTapedWhereEverybodyWas() {
    Sim.run(73, 1, sim -> {
      sim.server.unfinished = left(RecordingOrders.newBuilder().setEverybody(true).setPolicy(AUDIO).build());
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.join();
      sim.network.run(3 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      alice.leave();

      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets("audio_main", "").size()).isEqualTo(alice.audioPackets());
      assertThat(taped.packets().size()).as("the policy, too").isEqualTo(alice.audioPackets());
      assertThat(alice.home.events(WorkerEvent.RecordingOpened.class))
          .extracting(WorkerEvent.RecordingOpened::recording).containsExactly(RECORDING);
      assertThat(sim.server.tapes.orders).first().satisfies(orders -> {
        assertThat(orders.getEverybody()).isTrue();
        assertThat(orders.getRecording()).isEqualTo(RECORDING);
      });
    });
  }

  private static WorkerEvent.Answer ask(Sim sim, LongFunction<WorkerCommand> command) {
    return sim.server.home("room0").ask(command);
  }

  private static UnfinishedRecordings left(RecordingOrders orders) {
    List<UnfinishedRecording> waiting = new ArrayList<>(
        List.of(new UnfinishedRecording("app", "room0", RECORDING, orders)));
    return (app, room, wantsTape) -> waiting.isEmpty() || !wantsTape && !orders.getEverybody()
        ? Optional.empty() : Optional.of(waiting.removeFirst());
  }
}
