package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimMember.CAMERA;
import static dev.tapedeck.media.sim.SimMember.SENDER;
import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.RoomInfoPublish;
import dev.tapedeck.protocol.wire.RoomInfoSubscribe;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.Response;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * members that join a room of another worker than the one whose socket they know (docs/adr/0017). How the three
 * workers' threads interleave is the seed's to say.
 */
class GuestTest {
  private static final int WORKERS = 3;
  private static final String HOME = "room0";
  private static final String AWAY = "room1";
  private static final String FURTHER = "room2";
  private static final long STAY = 1L << 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20260101, 0x5EEDL})
  void mediaAndTheirRepairsPassBothWays(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      SimMember bob = talking(sim, HOME, "bob");
      List.of(ann, bob).forEach(member -> member.links(SimLink.GOOD.withLoss(0.05)));
      int joined = bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(3 * SECONDS);
      assertThat(bob.answer(joined).getSession().hasJoin()).isTrue();
      attach(ann);
      attach(bob);
      watch(ann, "bob");
      watch(bob, "ann");
      sim.network.run(10 * SECONDS);

      long settled = sim.network.nowNanos() - 2 * SECONDS;
      Watched.hasEveryPacket(bob.sender().sentVideo, ann.slot("video0"), settled);
      Watched.hasEveryPacket(ann.sender().sentVideo, bob.slot("video0"), settled);
      Watched.isContinuous(ann.slot("video0").until(settled));
      Watched.isContinuous(bob.slot("video0").until(settled));
      assertThat(ann.slot("audio0").packets).hasSizeGreaterThan(300);
      assertThat(bob.slot("audio0").packets).hasSizeGreaterThan(300);
      assertThat(ann.rejectedDatagrams() + bob.rejectedDatagrams()).isZero();

      int asked = bob.sender().keyFrames();
      ann.requestKeyFrame("video0");
      int askedOther = ann.sender().keyFrames();
      bob.requestKeyFrame("video0");
      sim.network.run(2 * SECONDS);
      ann.requestKeyFrame("video0"); // one of them may be lost
      bob.requestKeyFrame("video0");
      sim.network.run(2 * SECONDS);
      assertThat(bob.sender().keyFrames()).as("asked of the guest").isGreaterThan(asked);
      assertThat(ann.sender().keyFrames()).as("asked by the guest").isGreaterThan(askedOther);
      assertThat(front(bob).counters.datagramsPassedOn).isPositive();
      assertThat(sim.server.holds).as("homes held").isZero();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void requestsBehindTheJoinWaitForTheNewRoom(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      attach(ann);
      SimMember bob = talking(sim, HOME, "bob");
      int joined = bob.ask(join(AWAY, "bob", STAY));
      int watched = bob.ask(receiver("video0", "ann", CAMERA));
      int subscribed = bob.ask(subscribe());
      sim.network.run(3 * SECONDS);
      assertThat(bob.answer(joined).getSession().hasJoin()).isTrue();
      assertThat(bob.answer(watched).getReceiver().hasAttach()).isTrue();
      assertThat(bob.answer(subscribed).getMessageChannel().hasSub()).isTrue();
      assertThat(bob.slot("video0").packets).isNotEmpty();
      assertThat(order(bob, joined, watched, subscribed)).isSorted();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void messagesEventsMixerAndChangesWork(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      attach(ann);
      ann.sender().audio.audioLevel = 0x80 | 30;
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY, "audio0"));
      sim.network.run(2 * SECONDS);
      attach(bob);
      List.of(ann, bob).forEach(member -> {
        member.ask(subscribe());
        member.ask(startToPublish());
      });
      sim.network.run(SECONDS);
      ann.ask(publish("from ann"));
      bob.ask(publish("from bob"));
      bob.ask(Request.newBuilder().setSession(Request.Session.newBuilder()
          .setDescribe(Request.Session.Describe.newBuilder().setMetadata("hand raised"))));
      int configured = bob.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName("video0")
          .setConfig(Receiver.Config.newBuilder().setPriority(3))));
      bob.ask(receiver("video0", "ann", CAMERA));
      sim.network.run(3 * SECONDS);
      int detached = bob.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName("video0")
          .setDetach(Request.Receiver.Detach.getDefaultInstance())));
      int unpublished = bob.ask(Request.newBuilder().setSender(Request.Sender.newBuilder().setName(CAMERA)
          .setDetach(Request.Sender.Detach.getDefaultInstance())));
      sim.network.run(SECONDS);
      int packets = bob.slot("video0").packets.size();
      sim.network.run(SECONDS);

      assertThat(messages(ann)).contains("bob: from bob", "ann: from ann");
      assertThat(messages(bob)).contains("bob: from bob", "ann: from ann");
      assertThat(bob.answer(configured).getReceiver().hasConfig()).isTrue();
      assertThat(bob.answer(detached).getReceiver().hasDetach()).isTrue();
      assertThat(bob.answer(unpublished).getSender().hasDetach()).isTrue();
      assertThat(bob.slot("video0").packets).as("after it was detached").hasSize(packets);
      assertThat(rooms(ann)).anyMatch(event -> event.getPeerJoined().getPeer().equals("bob"))
          .anyMatch(event -> event.getPeerUpdated().getMetadata().equals("hand raised"))
          .anyMatch(event -> event.getTrackStarted().getTrack().equals(CAMERA)
              && event.getTrackStarted().getPeer().equals("bob"))
          .anyMatch(event -> event.getTrackStopped().getTrack().equals(CAMERA));
      assertThat(rooms(bob)).anyMatch(event -> event.getPeerJoined().getPeer().equals("ann"))
          .anyMatch(event -> event.getTrackStarted().getTrack().equals(CAMERA)
              && event.getTrackStarted().getKind() == Kind.VIDEO);
      assertThat(bob.told).as("the mixer's slot").anyMatch(told -> told.event().getFeatures().getMixer().getSlotSet()
          .getSource().getPeer().equals("ann"));
      assertThat(bob.slot("audio0").packets).as("what the mixer shows").isNotEmpty();
      assertThat(bob.toldOf("video0")).anyMatch(told -> told.event().getReceiver().getState().getStatus()
          == Receiver.Status.ACTIVE);
    });
  }

  /** The token of the stay decides: taped away, not at home. */
  @ParameterizedTest
  @ValueSource(longs = {10, 11, 12})
  void whatAGuestSendsIsTapedInTheRoomItIsIn(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember bob = talking(sim, HOME, "bob");
      attach(bob);
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(5 * SECONDS);
      bob.ask(join(FURTHER, "bob", -(STAY + 1)));
      sim.network.run(5 * SECONDS);
      bob.ask(join(HOME, "bob", STAY + 2));
      sim.network.run(5 * SECONDS);
      bob.sayGoodbye();
      sim.network.run(200 * SECONDS);

      assertThat(sim.server.tapes.entries(STAY, EntryKind.TRACK)).extracting(entry ->
          entry.asTrack().orElseThrow().name()).contains(SENDER, CAMERA).containsOnly(SENDER, CAMERA);
      assertThat(sim.server.tapes.entries(STAY, EntryKind.RTP)).hasSizeBetween(300, 450);
      assertThat(sim.server.tapes.entries(STAY + 1)).as("not to be taped").isEmpty();
      assertThat(sim.server.tapes.entries(STAY + 2, EntryKind.RTP)).hasSizeBetween(300, 450);
      assertThat(sim.server.tapes.entries(bob.spec.id())).as("not to be taped").isEmpty();
      assertThat(sim.server.tapes.closed(STAY).getTape().getRoom()).isEqualTo(AWAY);
      assertThat(sim.server.tapes.closed(STAY).getTape().getPeer()).isEqualTo("bob");
      assertThat(sim.server.tapes.closed(STAY + 2).getTape().getRoom()).isEqualTo(HOME);
      assertEverythingIsGivenBack(sim);
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {13, 14, 15})
  void aGuestLeavesAndComesHome(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember ann = talking(sim, HOME, "ann");
      attach(ann);
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      int left = bob.ask(Request.newBuilder().setSession(
          Request.Session.newBuilder().setLeave(Request.Session.Leave.getDefaultInstance())));
      sim.network.run(2 * SECONDS);
      assertThat(bob.answer(left).getSession().hasLeave()).isTrue();
      assertThat(home(sim, AWAY).events(WorkerEvent.PeerLeft.class))
          .extracting(WorkerEvent.PeerLeft::session, WorkerEvent.PeerLeft::reason)
          .containsExactly(tuple(STAY, CloseReason.LEFT));
      bob.ask(join(HOME, "bob", STAY + 1));
      watch(bob, "ann");
      sim.network.run(5 * SECONDS);
      long settled = sim.network.nowNanos() - SECONDS;
      Watched.hasEveryPacket(ann.sender().sentVideo, bob.slot("video0"), settled);
      long passedOn = front(bob).counters.datagramsPassedOn;
      sim.network.run(5 * SECONDS);
      assertThat(front(bob).counters.datagramsPassedOn).as("at home again").isEqualTo(passedOn);
    });
  }

  /** One stream to the client goes on over all rooms: no number twice under one key, and no break in time. */
  @ParameterizedTest
  @ValueSource(longs = {16, 17, 18})
  void numbersGoOnFromWorkerToWorker(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      List<String> rooms = List.of(HOME, AWAY, FURTHER);
      for (String room : rooms) {
        SimMember ann = talking(sim, room, "ann");
        attach(ann);
      }
      SimMember bob = talking(sim, HOME, "bob");
      for (int i = 0; i < 6; i++) {
        bob.ask(join(rooms.get((i + 1) % 3), "bob", STAY + i));
        watch(bob, "ann");
        sim.network.run(3 * SECONDS);
      }
      assertThat(bob.slot("video0").packets.values()).extracting(packet -> packet.frame().source())
          .contains(sessions(sim, "ann"));
      assertThat(bob.slot("video0").duplicates).isZero();
      assertThat(bob.rejectedDatagrams()).isZero();
      int previous = 0;
      boolean isFirst = true;
      for (SimPacket packet : bob.slot("video0").packets.values()) {
        assertThat(isFirst || packet.timestamp() - previous >= 0).as("time goes on").isTrue();
        previous = packet.timestamp();
        isFirst = false;
      }
    });
  }

  private static Long[] sessions(Sim sim, String peer) {
    return sim.server.nodes().stream().flatMap(node -> node.events(WorkerEvent.PeerJoined.class).stream())
        .filter(event -> event.peer().equals(peer)).map(WorkerEvent.PeerJoined::session).toArray(Long[]::new);
  }

  @ParameterizedTest
  @ValueSource(longs = {19, 20, 21})
  void restartingIceBehindAnotherAddressKeepsTheGuestWhereItIs(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      attach(ann);
      watch(bob, "ann");
      sim.network.run(3 * SECONDS);
      attach(bob);
      watch(ann, "bob");
      sim.network.run(3 * SECONDS);
      for (int i = 0; i < 3; i++) {
        bob.moveTo(SimAddress.of(500 + i, 6000 + i));
        bob.restartIce();
        sim.network.run(3 * SECONDS);
        assertThat(bob.isNominated()).isTrue();
      }
      long settled = sim.network.nowNanos() - SECONDS;
      Watched.hasEveryPacket(ann.sender().sentVideo, bob.slot("video0"), settled);
      assertThat(ann.slot("video0").last().arrivalNanos()).isGreaterThan(settled);
      assertThat(home(sim, AWAY).events(WorkerEvent.PeerJoined.class)).extracting(WorkerEvent.PeerJoined::session)
          .as("each once").containsExactlyInAnyOrder(ann.spec.id(), STAY);
      assertThat(closed(sim)).isEmpty();
      bob.sayGoodbye();
      sim.network.run(30 * SECONDS);
      assertThat(sim.server.tapes.closed(STAY).getTape().getRoom()).as("one tape of the whole stay").isEqualTo(AWAY);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGuestThatGoesIsGoneEverywhere(boolean saysGoodbye) {
    Sim.run(22, WORKERS, sim -> {
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(3 * SECONDS);
      if (saysGoodbye) {
        bob.sayGoodbye();
        sim.network.run(SECONDS);
      } else {
        bob.vanish();
        sim.network.run(31 * SECONDS);
      }
      assertThat(closed(sim)).extracting(WorkerEvent.SessionClosed::session, WorkerEvent.SessionClosed::reason)
          .containsExactly(tuple(bob.spec.id(), saysGoodbye ? CloseReason.LEFT : CloseReason.CONSENT_EXPIRED));
      assertThat(home(sim, AWAY).events(WorkerEvent.PeerLeft.class)).hasSize(1);
      long passedOn = front(bob).counters.datagramsPassedOn;
      front(bob).receive(bob.address(), new byte[] {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
      assertThat(front(bob).counters.datagramsPassedOn).as("of a session that is over").isEqualTo(passedOn);
      assertThat(front(bob).ask(request ->
          new WorkerCommand.CloseSession(request, bob.spec.id(), CloseReason.LEFT)).outcome())
          .isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
      assertEverythingIsGivenBack(sim);
    });
  }

  @Test
  void aMemberThatDisconnectsAsAGuestIsTold() {
    Sim.run(23, WORKERS, sim -> {
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      int asked = bob.ask(Request.newBuilder().setSession(
          Request.Session.newBuilder().setDisconnect(Request.Session.Disconnect.getDefaultInstance())));
      sim.network.run(5 * SECONDS);
      assertThat(bob.answer(asked).getSession().hasDisconnect()).isTrue();
      assertThat(sessions(bob)).anyMatch(ServerEvent.Session::hasDisconnected);
      assertThat(bob.isClosed()).as("by close_notify").isTrue();
      assertEverythingIsGivenBack(sim);
    });
  }

  @Test
  void theEndOfTheRoomsWorkerEndsItsGuests() {
    Sim.run(24, WORKERS, sim -> {
      SimMember carol = talking(sim, HOME, "carol");
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      home(sim, AWAY).ask(WorkerCommand.Shutdown::new);
      sim.network.run(2 * SECONDS);
      assertThat(sessions(bob)).anyMatch(event -> event.getDisconnected().getReason().equals("shutdown"));
      assertThat(bob.isClosed()).isTrue();
      assertThat(carol.isClosed()).isFalse();
      carol.ask(join(AWAY, "carol", STAY + 1)); // to a worker that takes nobody any more
      sim.network.run(2 * SECONDS);
      assertThat(closed(sim)).extracting(WorkerEvent.SessionClosed::reason)
          .containsExactly(CloseReason.SHUTDOWN, CloseReason.SHUTDOWN);
      assertThat(sim.server.givenBack).as("A-24: her token may be used elsewhere").extracting(Join::peer)
          .containsExactly("carol");
      assertThat(sim.server.holds).isZero();
      assertThat(home(sim, AWAY).events(WorkerEvent.RoomOpened.class)).hasSize(1);
    });
  }

  @Test
  void theRoomCanThrowAGuestOut() {
    Sim.run(25, WORKERS, sim -> {
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      assertThat(home(sim, AWAY).ask(request -> new WorkerCommand.KickPeer(request, "app", AWAY, "bob", "")).outcome())
          .isEqualTo(WorkerEvent.Outcome.DONE);
      sim.network.run(SECONDS);
      assertThat(bob.isClosed()).isTrue();
      assertThat(closed(sim)).extracting(WorkerEvent.SessionClosed::reason).containsExactly(CloseReason.KICKED);
    });
  }

  @Test
  void whatFindsTheQueueFullIsCountedAndDisturbsNobodyElse() {
    Sim.run(26, WORKERS, sim -> {
      SimMember carol = talking(sim, HOME, "carol");
      SimMember dave = talking(sim, HOME, "dave");
      SimMember bob = talking(sim, HOME, "bob");
      attach(carol);
      watch(dave, "carol");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(3 * SECONDS);
      sim.server.inboxDatagrams = 0;
      sim.network.run(5 * SECONDS);
      assertThat(front(bob).counters.drops(DropReason.GUEST_QUEUE_FULL)).isGreaterThan(200);
      sim.server.inboxDatagrams = 512;
      sim.network.run(5 * SECONDS);
      long dropped = front(bob).counters.drops(DropReason.GUEST_QUEUE_FULL);
      sim.network.run(2 * SECONDS);
      assertThat(front(bob).counters.drops(DropReason.GUEST_QUEUE_FULL)).isEqualTo(dropped);
      assertThat(closed(sim)).isEmpty();
      Watched.hasEveryPacket(carol.sender().sentVideo, dave.slot("video0"), sim.network.nowNanos() - SECONDS);
    });
  }

  @Test
  void aGuestCountsWhereItConnectedUntilItGoes() {
    WorkerConfig defaults = WorkerConfig.defaults();
    WorkerConfig two = new WorkerConfig(2, defaults.flushPackets(), defaults.flushWindowNanos(),
        defaults.connectTimeoutNanos(), defaults.consentTimeoutNanos(), defaults.destroyAfterNanos(),
        defaults.videoCachePackets(), defaults.audioCachePackets(), defaults.cacheAgeNanos(), defaults.limits());
    Sim.run(27, WORKERS, two, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      SimMember bob = talking(sim, HOME, "bob");
      talking(sim, HOME, "carol");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      assertThat(outcome(SimMember.talking(sim, HOME, "dave"))).isEqualTo(WorkerEvent.Outcome.LIMIT);
      assertThat(outcome(SimMember.talking(sim, AWAY, "erin"))).isEqualTo(WorkerEvent.Outcome.DONE);
      bob.sayGoodbye();
      sim.network.run(SECONDS);
      assertThat(outcome(SimMember.talking(sim, HOME, "dave"))).isEqualTo(WorkerEvent.Outcome.DONE);
      assertThat(ann.isClosed()).isFalse();
    });
  }

  /** its front passes on what it says until it has heard the last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aGuestHearsWhyItWasEndedAlsoIfThatIsLostAtFirst(boolean isStop) {
    Sim.run(28, WORKERS, sim -> {
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      bob.down.become(SimLink.DEAD);
      home(sim, AWAY).handle(isStop ? new WorkerCommand.Shutdown(1_000)
          : new WorkerCommand.KickPeer(1_000, "app", AWAY, "bob", "enough"));
      sim.network.run(300 * MILLIS);
      assertThat(front(bob).ask(request ->
          new WorkerCommand.CloseSession(request, bob.spec.id(), CloseReason.LEFT)).outcome())
          .as("asked while it takes the last words").isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
      bob.down.become(SimLink.GOOD);
      sim.network.run(2 * SECONDS);
      List<ServerEvent.Session> told = sessions(bob);
      assertThat(told.getLast().getDisconnected().getReason()).isEqualTo(isStop ? "shutdown" : "kicked");
      assertThat(told.getLast().getDisconnected().getDetail()).isEqualTo(isStop ? "" : "enough");
      assertThat(told.get(told.size() - 2).hasLeaved()).isTrue();
      assertThat(bob.isClosed()).as("by close_notify, after that").isTrue();
      assertThat(home(sim, AWAY).events(WorkerEvent.Answer.class)).filteredOn(answer -> answer.request() == 1_000)
          .hasSize(1);
      long passedOn = front(bob).counters.datagramsPassedOn;
      front(bob).receive(bob.address(), new byte[] {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
      assertThat(front(bob).counters.datagramsPassedOn).as("now that it is gone").isEqualTo(passedOn);
      assertThat(sim.server.holds).isZero();
    });
  }

  @Test
  void whoComesToAWorkerThatDrainsIsToldThere() {
    Sim.run(29, WORKERS, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      SimMember bob = talking(sim, HOME, "bob");
      home(sim, AWAY).ask(request -> new WorkerCommand.Drain(request, 30 * SECONDS));
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      assertThat(List.of(ann, bob)).allSatisfy(member ->
          assertThat(sessions(member)).filteredOn(ServerEvent.Session::hasGoway).hasSize(1));
      int further = bob.ask(join(FURTHER, "bob", STAY + 1));
      sim.network.run(SECONDS);
      assertThat(bob.answer(further).getError().getMessage()).isEqualTo("ServerStopping");
    });
  }

  /** only the room's worker knows how many are in it. */
  @Test
  void aGuestMoreThanTheRoomTakesIsTurnedAway() {
    Limits all = Limits.defaults();
    Limits one = new Limits(all.sessions(), all.appSessions(), all.rooms(), 1, all.sessionTracks(), all.sessionLabels(),
        all.roomLabels(), all.messageBytes(), all.sessionRequests(), all.sessionDataBytes(), all.sessionDeliveries(),
        all.addressRequests(), all.appRequests());
    Sim.run(30, WORKERS, WorkerConfig.defaults().withLimits(one), sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      SimMember bob = talking(sim, HOME, "bob");
      bob.ask(join(AWAY, "bob", STAY));
      sim.network.run(2 * SECONDS);
      assertThat(sessions(bob).getLast().getDisconnected().getDetail()).contains("limits.room-sessions");
      assertThat(bob.isClosed()).isTrue();
      assertThat(ann.isClosed()).isFalse();
      assertThat(home(sim, AWAY).counters.refusals(Limit.ROOM_SESSIONS)).isEqualTo(1);
      assertThat(home(sim, AWAY).events(WorkerEvent.PeerJoined.class)).hasSize(1);
      assertThat(sim.server.holds).isZero();
    });
  }

  /** joins are refused before they take a place, and those that are refused later give it back. */
  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void aRoomMoreThanTheServerTakesIsNotBegun(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SimMember ann = talking(sim, AWAY, "ann");
      SimMember bob = talking(sim, HOME, "bob");
      sim.server.maxRooms = WORKERS + 1;
      int untrue = bob.ask(Request.newBuilder().setSession(Request.Session.newBuilder().setJoin(
          Request.Session.Join.newBuilder().setToken("none").setInfo(RoomJoin.newBuilder().setRoom(AWAY).setPeer("bob")))));
      sim.network.run(SECONDS);
      assertThat(bob.answer(untrue).getError().getMessage()).isEqualTo("RpcTokenInvalid");
      assertThat(sim.server.holds).as("of a join that was refused").isZero();

      int ofAnn = ann.ask(join("annex", "ann", STAY));
      int ofBob = bob.ask(join("attic", "bob", STAY + 1));
      sim.network.run(2 * SECONDS);
      List<Response> answers = List.of(ann.answer(ofAnn), bob.answer(ofBob));
      assertThat(answers).filteredOn(answer -> answer.getSession().hasJoin()).hasSize(1);
      assertThat(answers).filteredOn(answer -> answer.getError().getMessage().equals("LimitReached")).hasSize(1);
      assertThat(sim.server.nodes().stream().mapToLong(node -> node.counters.refusals(Limit.ROOMS)).sum()).isOne();
      int there = bob.ask(join(AWAY, "bob", STAY + 2));
      sim.network.run(2 * SECONDS);
      assertThat(bob.answer(there).getSession().hasJoin()).as("a room that is there").isTrue();
      assertThat(sim.server.holds).isZero();
    });
  }

  /** What is known of its path goes along, and what is learnt of it later counts as well. */
  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void aGuestKeepsWhatItsPathCarries(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      sim.rooms.forEach(sim.server::home);
      SimPublisher here = SimPublisher.simulcast(sim, HOME, "alice");
      SimPublisher there = SimPublisher.simulcast(sim, AWAY, "alice");
      SimMember bob = new SimMember(sim, HOME, "bob", 1, 2, Config.getDefaultInstance());
      List.of(here, there, bob).forEach(SimClient::join);
      sim.network.run(3 * SECONDS);
      bob.tellBandwidth(1_500_000);
      watchTwice(bob);
      sim.network.run(10 * SECONDS);

      bob.ask(join(AWAY, "bob", STAY));
      watchTwice(bob);
      sim.network.run(5 * SECONDS);
      assertThat(layers(bob)).as("as narrow as it was").isNotEqualTo(List.of(2, 2));
      bob.tellBandwidth(20_000_000);
      sim.network.run(6 * SECONDS);
      assertThat(layers(bob)).containsExactly(2, 2);
      bob.tellBandwidth(1_500_000);
      sim.network.run(4 * SECONDS);
      assertThat(layers(bob)).isNotEqualTo(List.of(2, 2));
    });
  }

  private static void watchTwice(SimMember member) {
    member.ask(receiver("audio0", "alice", "audio_main"));
    member.ask(receiver("video0", "alice", "video_main"));
    member.ask(receiver("video1", "alice", "video_main"));
  }

  private static List<Integer> layers(SimMember member) {
    return List.of(member.slot("video0").last().frame().layer(), member.slot("video1").last().frame().layer());
  }

  private static WorkerEvent.Outcome outcome(SimMember member) {
    return member.join().outcome();
  }

  /** Members go from room to room, restart ICE, come and vanish as the seed says; nothing is lost or left behind. */
  @ParameterizedTest
  @ValueSource(longs = {100, 101, 102, 103, 104, 105, 106, 107, 108, 109})
  void anyOrderOfMovesEndsWell(long seed) {
    Sim.run(seed, WORKERS, sim -> {
      SplittableRandom random = new SplittableRandom(seed);
      List<SimMember> members = new ArrayList<>();
      List<Integer> answers = new ArrayList<>();
      List<String> rooms = List.of(HOME, AWAY, FURTHER);
      for (int i = 0; i < 4; i++) {
        members.add(talking(sim, rooms.get(i % 3), "peer" + i));
        attach(members.get(i));
      }
      String[] last = new String[4];
      for (int step = 0; step < 60; step++) {
        int who = random.nextInt(4);
        SimMember member = members.get(who);
        if (random.nextInt(8) == 0) {
          member.moveTo(SimAddress.of(600 + step, 7000 + step));
          member.restartIce();
        } else {
          last[who] = rooms.get(random.nextInt(3));
          answers.add(member.ask(join(last[who], "peer" + who, STAY + step)));
          watch(member, "peer" + random.nextInt(4));
        }
        sim.network.run(random.nextLong(400 * MILLIS));
      }
      sim.network.run(5 * SECONDS);
      for (int who = 0; who < 4; who++) {
        assertThat(sessions(members.get(who)).stream().filter(ServerEvent.Session::hasJoined).toList().getLast()
            .getJoined().getRoom())
            .isEqualTo(last[who] == null ? rooms.get(who % 3) : last[who]);
        assertThat(members.get(who).told).noneMatch(told -> told.event().getResponse().hasError());
      }
      assertThat(closed(sim)).isEmpty();
      assertThat(sim.server.holds).isZero();
      members.forEach(SimMember::vanish);
      sim.network.run(40 * SECONDS);
      assertThat(closed(sim)).hasSize(4);
      assertEverythingIsGivenBack(sim);
    });
  }

  /** Connected and in its first room. */
  private static SimMember talking(Sim sim, String room, String peer) {
    sim.rooms.forEach(sim.server::home); // each on a worker of its own
    SimMember member = SimMember.talking(sim, room, peer);
    member.join();
    assertThat(sim.network.runUntil(
        () -> sessions(member).stream().anyMatch(ServerEvent.Session::hasJoined), 5 * SECONDS)).isTrue();
    return member;
  }

  private static SimServer.Node home(Sim sim, String room) {
    return sim.server.home(room);
  }

  /** The worker whose socket this member knows. */
  private static SimServer.Node front(SimMember member) {
    return member.home;
  }

  private static Request.Builder join(String room, String peer, long stay, String... mixed) {
    RoomJoin.Builder info = RoomJoin.newBuilder().setRoom(room).setPeer(peer)
        .setPublish(RoomInfoPublish.newBuilder().setPeer(true).setTracks(true))
        .setSubscribe(RoomInfoSubscribe.newBuilder().setPeers(true).setTracks(true));
    if (mixed.length > 0) {
      info.setFeatures(Config.newBuilder().setMixer(
          dev.tapedeck.protocol.wire.mixer.Config.newBuilder().addAllOutputs(List.of(mixed))));
    }
    return Request.newBuilder().setSession(Request.Session.newBuilder().setJoin(
        Request.Session.Join.newBuilder().setInfo(info).setToken(Long.toString(stay))));
  }

  /** Publishes what it sends. */
  private static void attach(SimMember member) {
    for (String name : List.of(SENDER, CAMERA)) {
      member.ask(Request.newBuilder().setSender(Request.Sender.newBuilder().setName(name)
          .setAttach(Request.Sender.Attach.newBuilder().setSource(Sender.Source.newBuilder().setId(name)))));
    }
  }

  /** Receives what this peer sends. */
  private static void watch(SimMember member, String peer) {
    member.ask(receiver("audio0", peer, SENDER));
    member.ask(receiver("video0", peer, CAMERA));
  }

  private static Request.Builder receiver(String name, String peer, String track) {
    return Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName(name)
        .setAttach(Request.Receiver.Attach.newBuilder()
            .setSource(Receiver.Source.newBuilder().setPeer(peer).setTrack(track))
            .setConfig(Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(2).setMaxTemporal(2))));
  }

  private static Request.Builder chat(Consumer<Request.MessageChannel.Builder> what) {
    Request.MessageChannel.Builder request = Request.MessageChannel.newBuilder().setLabel("chat");
    what.accept(request);
    return Request.newBuilder().setMessageChannel(request);
  }

  private static Request.Builder subscribe() {
    return chat(request -> request.setSub(Request.MessageChannel.Subscribe.getDefaultInstance()));
  }

  private static Request.Builder startToPublish() {
    return chat(request -> request.setStartPub(Request.MessageChannel.StartPublish.getDefaultInstance()));
  }

  private static Request.Builder publish(String text) {
    return chat(request -> request.setPub(
        Request.MessageChannel.Publish.newBuilder().setData(ByteString.copyFromUtf8(text))));
  }

  private static List<String> messages(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasMessageChannel)
        .map(event -> event.getMessageChannel().getMessage())
        .map(message -> message.getPeer() + ": " + message.getMessage().toStringUtf8()).toList();
  }

  private static List<ServerEvent.Room> rooms(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasRoom).map(ServerEvent::getRoom)
        .toList();
  }

  private static List<ServerEvent.Session> sessions(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasSession)
        .map(ServerEvent::getSession).toList();
  }

  /** Places of the answers to these requests among all that was told. */
  private static List<Integer> order(SimMember member, int... requests) {
    List<Response> responses = member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasResponse)
        .map(ServerEvent::getResponse).toList();
    return Arrays.stream(requests).mapToObj(request -> responses.indexOf(member.answer(request))).toList();
  }

  private static List<WorkerEvent.SessionClosed> closed(Sim sim) {
    return sim.server.nodes().stream().flatMap(node -> node.events(WorkerEvent.SessionClosed.class).stream()).toList();
  }

  private static void assertEverythingIsGivenBack(Sim sim) {
    assertThat(sim.server.holds).as("homes held").isZero();
    assertThat(sim.server.nodes()).extracting(node -> node.arena.freeSlots()).as("free packet slots")
        .containsOnly(SimServer.PACKET_SLOTS);
  }
}
