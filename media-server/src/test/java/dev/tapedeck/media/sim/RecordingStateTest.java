package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import dev.tapedeck.protocol.wire.session.ServerEvent.Room.Recording;
import dev.tapedeck.protocol.wire.session.ServerEvent.Room.Recording.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What members are told of their room's recording: that it runs, who asked for it, whether it tapes them. */
class RecordingStateTest {
  private static final String ROOM = "room0";

  @Test
  void membersAreToldWhoseTokenAskedForTheRecording() {
    Sim.run(61, 1, sim -> {
      SimMember bob = member(sim);
      bob.join();
      sim.network.run(2 * SECONDS);
      SimPublisher alice = SimPublisher.plain(sim, ROOM, "alice");
      alice.record(RecordPolicy.getDefaultInstance());
      alice.join();
      sim.network.run(2 * SECONDS);

      assertThat(told(bob)).extracting(Recording::getState).startsWith(State.NONE).endsWith(State.RECORDING);
      assertThat(told(bob).getLast().getAskedBy()).isEqualTo("alice");
      assertThat(told(bob).getLast().getId()).isPositive();
      assertThat(told(bob).getLast().getTapesYou()).isFalse();

      alice.leave();
      sim.network.run(60 * SECONDS); // the grace
      assertThat(told(bob).getLast()).isEqualTo(Recording.getDefaultInstance());
    });
  }

  @Test
  void aRecordingFromOutsideTheRoomIsNobodysAndTapesEverybody() {
    Sim.run(62, 1, sim -> {
      SimMember bob = member(sim);
      bob.join();
      sim.network.run(2 * SECONDS);
      sim.server.home(ROOM).ask(request ->
          new WorkerCommand.StartRecording(request, "app", ROOM, RecordPolicy.getDefaultInstance()));
      sim.network.run(SECONDS);

      assertThat(told(bob).getLast().getState()).as("nobody has sent anything").isEqualTo(State.ARMED);
      assertThat(told(bob).getLast().hasAskedBy()).isFalse();
      assertThat(told(bob).getLast().getTapesYou()).isTrue();
      assertThat(told(bob)).as("told at the join and when it changed").hasSize(2);
    });
  }

  private static SimMember member(Sim sim) {
    return new SimMember(sim, ROOM, "bob", 0, 0, Config.getDefaultInstance());
  }

  private static List<Recording> told(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasRoom).map(ServerEvent::getRoom)
        .filter(ServerEvent.Room::hasRecording).map(ServerEvent.Room::getRecording).toList();
  }
}
