package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How sessions are ended from our side: what their clients hear of it, and how long that may take. */
class GoodbyeTest {
  private static final String ROOM = "room0";

  @ParameterizedTest
  @EnumSource(names = {"REPLACED", "KICKED", "ROOM_CLOSED", "SHUTDOWN"})
  void theReasonIsHeardAlsoIfItIsLostAtFirst(CloseReason reason) {
    Sim.run(50, 1, sim -> {
      SimMember ann = member(sim, "ann");
      ann.join();
      sim.network.run(3 * SECONDS);
      ann.down.become(SimLink.DEAD);
      end(sim, reason);
      sim.network.run(300 * MILLIS);
      ann.down.become(SimLink.GOOD);
      sim.network.run(2 * SECONDS);

      List<ServerEvent.Session> told = sessionEvents(ann);
      assertThat(told.getLast().getDisconnected().getReason()).isEqualToIgnoringCase(reason.name());
      assertThat(told.get(told.size() - 2).hasLeaved()).isTrue();
      assertThat(ann.isClosed()).as("told by close_notify, after that").isTrue();
      assertThat(ann.home.events(WorkerEvent.SessionClosed.class).getFirst().reason()).isEqualTo(reason);
    });
  }

  private static void end(Sim sim, CloseReason reason) {
    SimServer.Node node = sim.server.home(ROOM);
    switch (reason) {
      case REPLACED -> {
        SimPublisher.plain(sim, ROOM, "ann").join();
        sim.network.run(500 * MILLIS);
      }
      case KICKED -> node.ask(request -> new WorkerCommand.KickPeer(request, "app", ROOM, "ann", ""));
      case ROOM_CLOSED -> node.ask(request -> new WorkerCommand.CloseRoom(request, "app", ROOM, ""));
      case SHUTDOWN -> node.handle(new WorkerCommand.Shutdown(1_000));
      default -> throw new AssertionError(reason);
    }
  }

  @Test
  void whoCannotBeReachedHoldsUpAStopForASecondAndAHalf() {
    Sim.run(51, 1, sim -> {
      SimMember ann = member(sim, "ann");
      SimMember bob = member(sim, "bob");
      ann.join();
      bob.join();
      sim.network.run(3 * SECONDS);
      ann.links(SimLink.DEAD);
      ann.home.handle(new WorkerCommand.Shutdown(1_000));

      sim.network.run(1_400 * MILLIS);
      assertThat(bob.isClosed()).isTrue();
      assertThat(isDone(ann.home)).isFalse();
      sim.network.run(200 * MILLIS);
      assertThat(isDone(ann.home)).isTrue();
      assertThat(ann.home.arena.freeSlots()).isEqualTo(SimServer.PACKET_SLOTS);
    });
  }

  /** A stop is not held up for ever by a library that does not come back. */
  @Test
  void whoseDtlsHangsIsGivenUpAfterThreeSecondsMore() {
    Sim.run(53, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, ROOM, "alice");
      SimMember ann = member(sim, "ann");
      List.of(alice, ann).forEach(SimClient::join);
      sim.network.run(3 * SECONDS);
      sim.server.dtlsHangs = () -> true;
      ann.home.handle(new WorkerCommand.Shutdown(1_000));

      sim.network.run(2_900 * MILLIS);
      assertThat(isDone(ann.home)).isFalse();
      sim.network.run(1_700 * MILLIS);
      assertThat(isDone(ann.home)).isTrue();
      assertThat(ann.home.arena.freeSlots()).isEqualTo(SimServer.PACKET_SLOTS);
    });
  }

  /** All are told, not the last alone. */
  @Test
  void whoAsksForTheEndASecondTimeIsToldToo() {
    Sim.run(54, 1, sim -> {
      SimMember ann = member(sim, "ann");
      ann.join();
      sim.network.run(3 * SECONDS);
      ann.links(SimLink.DEAD);
      ann.home.handle(new WorkerCommand.Shutdown(1_000));
      ann.home.handle(new WorkerCommand.Shutdown(1_001));

      sim.network.run(1_600 * MILLIS);
      assertThat(ann.home.events(WorkerEvent.Answer.class)).extracting(WorkerEvent.Answer::request)
          .contains(1_000L, 1_001L);
    });
  }

  /** A mistake of ours in one session costs the others nothing, and the stop has its end. */
  @Test
  void aSessionThatFailsToEndKeepsNoOtherFromIt() {
    Sim.run(55, 1, sim -> {
      List<SimPublisher> publishers = IntStream.range(0, 5)
          .mapToObj(i -> SimPublisher.plain(sim, "room" + i, "peer" + i)).toList();
      publishers.forEach(SimClient::join);
      sim.network.run(3 * SECONDS);
      AtomicBoolean hasFailed = new AtomicBoolean();
      sim.server.dtlsHangs = () -> {
        if (hasFailed.compareAndSet(false, true)) {
          throw new IllegalStateException("made to fail");
        }
        return false;
      };
      SimServer.Node node = publishers.getFirst().home;
      assertThatThrownBy(() -> node.handle(new WorkerCommand.Shutdown(1_000))).hasMessage("made to fail");

      sim.network.run(SECONDS);
      assertThat(publishers).filteredOn(SimClient::isClosed).hasSize(4);
      assertThat(node.events(WorkerEvent.RoomClosed.class)).hasSize(5);
      sim.network.run(6 * SECONDS);
      assertThat(answers(node)).singleElement().extracting(WorkerEvent.Answer::outcome)
          .isEqualTo(WorkerEvent.Outcome.FAILED);
    });
  }

  private static boolean isDone(SimServer.Node node) {
    return !answers(node).isEmpty();
  }

  private static List<WorkerEvent.Answer> answers(SimServer.Node node) {
    return node.events(WorkerEvent.Answer.class).stream().filter(answer -> answer.request() == 1_000).toList();
  }

  @Test
  void aDrainTellsWhoIsThereAndWhoIsComingAndLetsThemTalk() {
    Sim.run(52, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, ROOM, "alice");
      SimWatcher watcher = new SimWatcher(sim, ROOM, "watcher", SimFormats.OTHER, 1, "");
      SimMember ann = member(sim, "ann");
      List.of(alice, watcher, ann).forEach(SimClient::join);
      sim.network.run(3 * SECONDS);
      SimMember late = member(sim, "late");
      late.join();
      alice.home.ask(request -> new WorkerCommand.Drain(request, 10 * SECONDS));
      sim.network.run(3 * SECONDS);

      assertThat(goAways(ann)).singleElement().satisfies(told -> {
        assertThat(told.getRemainSeconds()).isEqualTo(10);
        assertThat(told.getReason()).isEqualTo("shutdown");
      });
      assertThat(goAways(late)).singleElement()
          .satisfies(told -> assertThat(told.getRemainSeconds()).as("less what connecting took").isEqualTo(9));
      assertThat(List.of(alice, watcher, ann, late)).noneMatch(SimClient::isClosed);
      Watched.hasEveryPacket(alice.video().sent, watcher.video(0), sim.network.nowNanos() - SECONDS);

      int elsewhere = ann.ask(Request.newBuilder().setSession(Request.Session.newBuilder().setJoin(
          Request.Session.Join.newBuilder().setToken("77").setInfo(
              RoomJoin.newBuilder().setRoom("other").setPeer("ann")))));
      sim.network.run(SECONDS);
      assertThat(ann.answer(elsewhere).getError().getMessage()).isEqualTo("ServerStopping");

      alice.home.handle(new WorkerCommand.Shutdown(1_000));
      sim.network.run(SECONDS);
      assertThat(List.of(alice, watcher, ann, late)).allMatch(SimClient::isClosed);
      assertThat(isDone(alice.home)).isTrue();
    });
  }

  private static List<ServerEvent.Session.GoAway> goAways(SimMember member) {
    return sessionEvents(member).stream().filter(ServerEvent.Session::hasGoway).map(ServerEvent.Session::getGoway)
        .toList();
  }

  private static List<ServerEvent.Session> sessionEvents(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasSession)
        .map(ServerEvent::getSession).toList();
  }

  private static SimMember member(Sim sim, String peer) {
    return new SimMember(sim, ROOM, peer, 1, 0, Config.getDefaultInstance());
  }
}
