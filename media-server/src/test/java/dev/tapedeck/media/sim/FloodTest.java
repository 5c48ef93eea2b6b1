package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.Response;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whoever takes more than a share is told so and counted, and changes nothing for a call beside. */
class FloodTest {
  private static final String ROOM = "room0";
  private static final Limits DEFAULTS = Limits.defaults();

  @Test
  void requestsBeyondTheRateAreRefused() {
    besideACall(60, WorkerConfig.defaults(), (sim, mallory) -> {
      List<Integer> asked = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        for (int j = 0; j < 10; j++) {
          asked.add(mallory.ask(label("l", request -> request.setUnsub(
              Request.MessageChannel.Unsubscribe.getDefaultInstance()))));
        }
        sim.network.run(5 * MILLIS);
      }
      sim.network.run(2 * SECONDS);

      List<Response> answers = answers(mallory);
      long refused = answers.stream().filter(answer -> isError(answer, "TooManyRequests")).count();
      long done = answers.stream().filter(Response::hasMessageChannel).count();
      assertThat(done).isBetween(2L * DEFAULTS.sessionRequests(), 4L * DEFAULTS.sessionRequests());
      assertThat(refused).as("more is not even read")
          .isBetween(2L * DEFAULTS.sessionRequests(), 4L * DEFAULTS.sessionRequests());
      assertThat(done + refused).isLessThan(asked.size());
      assertThat(mallory.home.counters.refusals(Limit.SESSION_REQUESTS)).isEqualTo(asked.size() - done);
      int later = mallory.ask(subscribe("l"));
      sim.network.run(SECONDS);
      assertThat(mallory.answer(later).hasMessageChannel()).as("after a rest").isTrue();
    });
  }

  @Test
  void messagesToManyCountForAllWhoGetThem() {
    Limits few = new Limits(DEFAULTS.sessions(), DEFAULTS.appSessions(), DEFAULTS.rooms(), DEFAULTS.roomSessions(),
        DEFAULTS.sessionTracks(), 2, 3, 2_000, DEFAULTS.sessionRequests(), DEFAULTS.sessionDataBytes(), 10, 1, 1);
    besideACall(61, WorkerConfig.defaults().withLimits(few), (sim, mallory) -> {
      mallory.ask(subscribe("chat"));
      mallory.ask(label("chat", request -> request.setStartPub(
          Request.MessageChannel.StartPublish.getDefaultInstance())));
      List<Integer> published = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        published.add(mallory.ask(publish("chat", 10)));
      }
      sim.network.run(SECONDS);
      long refused = published.stream().map(mallory::answer).filter(answer -> isError(answer, "TooManyRequests")).count();
      assertThat(heard(mallory)).as("a burst of twenty, and what flowed in meanwhile").isEqualTo(30 - refused)
          .isBetween(20L, 25L);

      int tooLong = mallory.ask(publish("chat", 2_001));
      int second = mallory.ask(subscribe("b"));
      int third = mallory.ask(subscribe("c"));
      int otherSide = mallory.ask(label("c", request -> request.setStartPub(
          Request.MessageChannel.StartPublish.getDefaultInstance())));
      sim.network.run(SECONDS);
      assertThat(isError(mallory.answer(tooLong), "LimitReached")).isTrue();
      assertThat(mallory.answer(second).hasMessageChannel()).isTrue();
      assertThat(isError(mallory.answer(third), "LimitReached")).as("a third label").isTrue();
      assertThat(mallory.answer(otherSide).hasMessageChannel()).isTrue();
      for (Limit limit : List.of(Limit.SESSION_DELIVERIES, Limit.MESSAGE_SIZE, Limit.SESSION_LABELS)) {
        assertThat(mallory.home.counters.refusals(limit)).as("%s", limit).isPositive();
      }
    });
  }

  /** What DTLS would have to decrypt is dropped before it does. */
  @Test
  void moreDataThanTheRateIsDropped() {
    besideACall(62, WorkerConfig.defaults(), (sim, mallory) -> {
      long before = mallory.home.counters.sctp.receivedPackets();
      for (int i = 0; i < 2_000; i++) {
        for (int j = 0; j < 10; j++) {
          mallory.sendData(new byte[j % 2 == 0 ? 1_100 : 12]);
        }
        sim.network.run(MILLIS);
      }
      sim.network.run(SECONDS);
      int taken = (int) (mallory.home.counters.sctp.receivedPackets() - before);
      assertThat(taken * 620L).isLessThan(4L * DEFAULTS.sessionDataBytes());
      assertThat(mallory.home.counters.drops(DropReason.DATA_RATE)).isGreaterThan(10_000);
      int still = mallory.ask(subscribe("l"));
      sim.network.run(3 * SECONDS);
      assertThat(mallory.answer(still).hasMessageChannel()).as("the association has borne it").isTrue();
    });
  }

  @Test
  void connectsBeyondTheLimitsAreRefused() {
    Limits five = new Limits(1, 1, 1, 5, 1, 1, 1, 1, 1, 1 << 20, 1, 1, 1);
    besideACall(63, WorkerConfig.defaults().withLimits(five), (sim, mallory) -> {
      List<WorkerEvent.Answer> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        answers.add(new SimWatcher(sim, ROOM, "w" + i, SimFormats.OTHER, 1, "").join());
        sim.network.run(2 * MILLIS);
      }
      sim.network.run(SECONDS);
      assertThat(answers).filteredOn(answer -> answer.outcome() == WorkerEvent.Outcome.DONE).hasSize(2);
      assertThat(answers.getLast().outcome()).isEqualTo(WorkerEvent.Outcome.FULL);
      assertThat(answers.getLast().error()).contains("room room0 has its 5 sessions", "limits.room-sessions");
      assertThat(mallory.home.counters.refusals(Limit.ROOM_SESSIONS)).isEqualTo(998);
    });
  }

  /** Alice and Bob talk while Mallory does what the scenario says, in the same room and on the same worker. */
  private static void besideACall(long seed, WorkerConfig config, BiConsumer<Sim, SimMember> scenario) {
    Sim.run(seed, 1, config, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, ROOM, "alice");
      SimWatcher bob = new SimWatcher(sim, ROOM, "bob", SimFormats.OTHER, 1, "");
      SimMember mallory = new SimMember(sim, ROOM, "mallory", 1, 0, Config.getDefaultInstance());
      List.of(alice, bob, mallory).forEach(SimClient::join);
      sim.network.run(3 * SECONDS);
      scenario.accept(sim, mallory);
      assertThat(List.of(alice, bob, mallory)).noneMatch(SimClient::isClosed);
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
      Watched.hasEveryPacket(alice.video().sent, bob.video(0), sim.network.nowNanos() - SECONDS);
    });
  }

  private static Request.Builder subscribe(String label) {
    return label(label, request -> request.setSub(Request.MessageChannel.Subscribe.getDefaultInstance()));
  }

  private static Request.Builder publish(String label, int bytes) {
    return label(label, request -> request.setPub(
        Request.MessageChannel.Publish.newBuilder().setData(ByteString.copyFrom(new byte[bytes]))));
  }

  private static Request.Builder label(String label, Consumer<Request.MessageChannel.Builder> what) {
    Request.MessageChannel.Builder request = Request.MessageChannel.newBuilder().setLabel(label);
    what.accept(request);
    return Request.newBuilder().setMessageChannel(request);
  }

  private static List<Response> answers(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasResponse)
        .map(ServerEvent::getResponse).toList();
  }

  private static boolean isError(Response answer, String name) {
    return answer.getError().getMessage().equals(name);
  }

  private static long heard(SimMember member) {
    return member.told.stream().filter(told -> told.event().hasMessageChannel()).count();
  }
}
