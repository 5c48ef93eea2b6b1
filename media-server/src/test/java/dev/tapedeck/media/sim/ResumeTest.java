package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimMember.CAMERA;
import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.session.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** clients that fall silent, and those that come back in time. */
class ResumeTest {
  private static final String ROOM = "room0";
  private static final long TIME_OUT_NANOS = WorkerConfig.defaults().consentTimeoutNanos();

  /** RFC 7675 §5.1: a client that does not agree any more is sent nothing, though it may still hear. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingIsSentOnceConsentHasExpired(long seed) {
    Sim.run(seed, 1, sim -> {
      SimMember ann = talking(sim, "ann");
      SimMember bob = talking(sim, "bob");
      watch(bob, "ann");
      sim.network.run(3 * SECONDS);
      bob.up.become(SimLink.DEAD);
      long silentNanos = sim.network.nowNanos();
      assertThat(sim.network.runUntil(() -> !closed(bob).isEmpty(), 2 * TIME_OUT_NANOS)).isTrue();
      long expiredNanos = sim.network.nowNanos();
      assertThat(expiredNanos - silentNanos).isBetween(TIME_OUT_NANOS - 3 * SECONDS, TIME_OUT_NANOS + SECONDS);
      assertThat(bob.slot("video0").last().arrivalNanos()).as("sent until then")
          .isGreaterThan(expiredNanos - 500 * MILLIS);
      sim.network.run(500 * MILLIS);
      int packets = bob.slot("video0").packets.size();
      sim.network.run(10 * SECONDS);
      assertThat(bob.slot("video0").packets).hasSize(packets);
      assertThat(closed(bob)).extracting(WorkerEvent.SessionClosed::reason)
          .containsExactly(CloseReason.CONSENT_EXPIRED);
      assertThat(closed(ann)).isEmpty();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void othersAreToldOfAGhostWithinTheTimeOutAndASecond(long seed) {
    Sim.run(seed, 1, sim -> {
      SimMember ann = talking(sim, "ann");
      SimMember bob = talking(sim, "bob");
      sim.network.run(2 * SECONDS);
      bob.vanish();
      long vanishedNanos = sim.network.nowNanos();
      sim.network.run(TIME_OUT_NANOS + SECONDS);
      assertThat(ann.told).filteredOn(told -> told.event().getRoom().getPeerLeaved().getPeer().equals("bob"))
          .singleElement().satisfies(told -> assertThat(told.nowNanos() - vanishedNanos)
              .isBetween(TIME_OUT_NANOS - 3 * SECONDS, TIME_OUT_NANOS + SECONDS));
      assertThat(ann.told).filteredOn(told -> told.event().getRoom().getTrackStopped().getPeer().equals("bob"))
          .as("its tracks").hasSize(2);
      ann.sayGoodbye();
      sim.network.run(SECONDS);
      assertThat(ann.home.arena.freeSlots()).as("free packet slots").isEqualTo(SimServer.PACKET_SLOTS);
    });
  }

  /** The network of one is gone for a while; with or without another address afterwards. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCutShorterThanTheTimeOutKeepsSessionAndRecording(boolean comesBackElsewhere) {
    Sim.run(7, 1, sim -> {
      SimMember ann = talking(sim, "ann");
      SimMember bob = talking(sim, "bob");
      watch(ann, "bob");
      watch(bob, "ann");
      sim.network.run(3 * SECONDS);
      bob.links(SimLink.DEAD);
      sim.network.run((comesBackElsewhere ? 25 : 5) * SECONDS);
      bob.links(SimLink.GOOD);
      if (comesBackElsewhere) {
        bob.moveTo(SimAddress.of(700, 7000));
        bob.restartIce();
      }
      long backNanos = sim.network.nowNanos();
      sim.network.run(8 * SECONDS);
      assertThat(ann.slot("video0").last().arrivalNanos()).isGreaterThan(backNanos + 7 * SECONDS);
      assertThat(bob.slot("video0").last().arrivalNanos()).isGreaterThan(backNanos + 7 * SECONDS);
      assertThat(closed(bob)).isEmpty();
      assertThat(bob.home.events(WorkerEvent.PeerJoined.class)).hasSize(2);
      assertThat(bob.home.events(WorkerEvent.PeerLeft.class)).isEmpty();
      bob.sayGoodbye();
      ann.sayGoodbye();
      sim.network.run(SimServer.GRACE_NANOS + 5 * SECONDS);
      assertThat(sim.server.tapes.closed(bob.spec.id()).getTape().getSession()).isEqualTo(bob.spec.id());
      assertThat(sim.server.tapes.entries(bob.spec.id(), EntryKind.RTP))
          .as("packets from before and behind the cut")
          .anyMatch(entry -> entry.arrivalNanos() < backNanos - 5 * SECONDS)
          .anyMatch(entry -> entry.arrivalNanos() > backNanos + 5 * SECONDS);
      assertThat(bob.home.events(WorkerEvent.RecordingOpened.class)).as("recordings").hasSize(1);
    });
  }

  /** The session is over, its peer comes back with another one: before the grace time ends the recording goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoComesBackWithinTheGraceTimeGoesOnInTheSameRecording(boolean comesTooLate) {
    Sim.run(8, 1, sim -> {
      SimPublisher first = recorded(sim);
      sim.network.run(5 * SECONDS);
      first.vanish();
      assertThat(sim.network.runUntil(() -> !closed(first).isEmpty(), 2 * TIME_OUT_NANOS)).isTrue();
      sim.network.run(SimServer.GRACE_NANOS + (comesTooLate ? SECONDS : -SECONDS));
      SimPublisher second = recorded(sim);
      sim.network.run(5 * SECONDS);
      second.leave();
      sim.network.run(SimServer.GRACE_NANOS + 5 * SECONDS);

      long recording = sim.server.tapes.closed(first.spec.id()).getTape().getRecording();
      long next = sim.server.tapes.closed(second.spec.id()).getTape().getRecording();
      assertThat(next == recording).as("the same recording").isEqualTo(!comesTooLate);
      assertThat(first.home.events(WorkerEvent.RecordingOpened.class)).hasSize(comesTooLate ? 2 : 1);
      assertThat(first.home.events(WorkerEvent.RecordingClosed.class)).hasSize(comesTooLate ? 2 : 1);
    });
  }

  /** A client that is back before its ghost is gone does not wait for that. */
  @Test
  void aNewSessionOfThePeerEndsItsGhostAtOnce() {
    Sim.run(9, 1, sim -> {
      SimPublisher ghost = recorded(sim);
      sim.network.run(5 * SECONDS);
      ghost.vanish();
      sim.network.run(5 * SECONDS);
      SimPublisher back = recorded(sim);
      sim.network.run(2 * SECONDS);
      assertThat(closed(ghost)).extracting(WorkerEvent.SessionClosed::reason).containsExactly(CloseReason.REPLACED);
      back.leave();
      sim.network.run(SimServer.GRACE_NANOS + 5 * SECONDS);
      assertThat(sim.server.tapes.closed(back.spec.id()).getTape().getRecording())
          .isEqualTo(sim.server.tapes.closed(ghost.spec.id()).getTape().getRecording());
    });
  }

  private static SimPublisher recorded(Sim sim) {
    SimPublisher alice = SimPublisher.plain(sim, ROOM, "alice");
    alice.record(RecordPolicy.getDefaultInstance());
    alice.join();
    return alice;
  }

  /** Connected, in the room, publishing, taped. */
  private static SimMember talking(Sim sim, String peer) {
    SimMember member = SimMember.talking(sim, ROOM, peer);
    member.record(RecordPolicy.getDefaultInstance());
    member.join();
    assertThat(sim.network.runUntil(() -> member.told.stream()
        .anyMatch(told -> told.event().getSession().hasJoined()), 5 * SECONDS)).isTrue();
    for (String name : List.of(SimMember.SENDER, CAMERA)) {
      member.ask(Request.newBuilder().setSender(Request.Sender.newBuilder().setName(name)
          .setAttach(Request.Sender.Attach.newBuilder().setSource(Sender.Source.newBuilder().setId(name)))));
    }
    return member;
  }

  private static void watch(SimMember member, String peer) {
    member.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName("video0")
        .setAttach(Request.Receiver.Attach.newBuilder()
            .setSource(Receiver.Source.newBuilder().setPeer(peer).setTrack(CAMERA))
            .setConfig(Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(2).setMaxTemporal(2)))));
  }

  private static List<WorkerEvent.SessionClosed> closed(SimClient client) {
    return client.home.events(WorkerEvent.SessionClosed.class).stream()
        .filter(event -> event.session() == client.spec.id()).toList();
  }
}
