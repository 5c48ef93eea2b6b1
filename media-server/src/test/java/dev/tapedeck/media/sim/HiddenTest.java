package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.room.SessionStats;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.JoinRole;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S1-1, S1-5, S0-8: who is hidden receives everything, and nobody can tell that he is there. */
class HiddenTest {
  private static final long STAY = 7_777_777_777L;

  private SimPublisher alice;
  private SimMember carol;
  private SimMember bob;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everythingIsReceivedAndNobodyIsTold(long seed) {
    Sim.run(seed, 1, sim -> {
      meet(sim);
      bob.ask(session(Request.Session.newBuilder().setLeave(Request.Session.Leave.getDefaultInstance())));
      sim.network.run(SECONDS);
      int toldBefore = room(carol).size();
      int eventsBefore = alice.home.events.size();
      alice.home.ask(request ->
          new WorkerCommand.StartRecording(request, "app", "room0", RecordPolicy.getDefaultInstance()));

      bob.told.clear();
      int join = bob.ask(hidden("ghost"));
      sim.network.run(SECONDS);
      assertThat(bob.answer(join).hasSession()).isTrue();
      assertThat(room(bob)).as("all who are here").anyMatch(event -> event.getPeerJoined().getPeer().equals("alice"))
          .anyMatch(event -> event.getPeerJoined().getPeer().equals("carol"))
          .anyMatch(event -> event.getTrackStarted().getTrack().equals("video_main"));

      bob.ask(attach("video0", "alice", "video_main"));
      carol.ask(attach("audio0", "ghost", SimMember.SENDER));
      int send = bob.ask(send(SimMember.SENDER));
      int publish = bob.ask(channel(chat -> chat.setStartPub(Request.MessageChannel.StartPublish.getDefaultInstance())));
      bob.ask(channel(chat -> chat.setSub(Request.MessageChannel.Subscribe.getDefaultInstance())));
      carol.ask(channel(chat -> chat.setStartPub(Request.MessageChannel.StartPublish.getDefaultInstance())));
      sim.network.run(SECONDS);
      carol.ask(channel(chat -> chat.setPub(
          Request.MessageChannel.Publish.newBuilder().setData(ByteString.copyFromUtf8("to whoever it concerns")))));
      SimMember dave = member(sim, "dave");
      dave.join();
      sim.network.run(3 * SECONDS);

      assertThat(bob.heard).hasSizeGreaterThan(30);
      assertThat(bob.told).anyMatch(told -> told.event().getMessageChannel().getMessage().getPeer().equals("carol"));
      assertThat(bob.answer(send).getError().getCode()).isEqualTo(SdkError.NOT_GRANTED.code());
      assertThat(bob.answer(publish).getError().getCode()).isEqualTo(SdkError.NOT_GRANTED.code());
      assertThat(room(carol).subList(toldBefore, room(carol).size())).as("told of dave alone")
          .filteredOn(event -> !event.hasRecording()).isNotEmpty().allMatch(event -> event.getPeerJoined().getPeer().equals("dave"));
      assertThat(room(dave)).noneMatch(event -> event.toString().contains("ghost"));
      assertThat(carol.heard).isEmpty();

      bob.ask(session(Request.Session.newBuilder().setLeave(Request.Session.Leave.getDefaultInstance())));
      sim.network.run(SECONDS);
      assertThat(room(carol)).noneMatch(event -> event.toString().contains("ghost"));
      assertThat(alice.home.events.subList(eventsBefore, alice.home.events.size()))
          .filteredOn(event -> !(event instanceof WorkerEvent.Answer))
          .noneMatch(event -> event.toString().contains("ghost"));
      alice.leave();
      sim.network.run(SECONDS);
      assertThat(sim.server.tapes.entries(stay("ghost"))).as("is on no tape").isEmpty();
      assertThat(sim.server.tapes.entries(alice.spec.id(), EntryKind.ROOM_EVENT))
          .extracting(entry -> new String(entry.payload(), StandardCharsets.UTF_8))
          .anyMatch(event -> event.contains("dave")).noneMatch(event -> event.contains("ghost"));
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void nobodyIsReplacedBySomebodyHiddenOfHisName(long seed) {
    Sim.run(seed, 1, sim -> {
      meet(sim);
      carol.ask(attach("video0", "alice", "video_main"));
      bob.ask(hidden("alice"));
      sim.network.run(3 * SECONDS);
      int heard = carol.heard.size();
      bob.ask(hidden("carol"));
      sim.network.run(3 * SECONDS);
      assertThat(alice.isConnected() && carol.isConnected()).isTrue();
      assertThat(carol.heard).as("goes on").hasSizeGreaterThan(heard + 60);
      assertThat(room(carol)).noneMatch(event -> event.getPeerLeaved().getPeer().equals("alice"));
    });
  }

  /** S1-5: what is hidden can publish in no way, and is told so. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void nothingIsSentByWhoIsHidden(long seed) {
    Sim.run(seed, 1, sim -> {
      meet(sim);
      SimMember dave = SimMember.talking(sim, "room0", "dave");
      dave.join();
      sim.network.run(SECONDS);
      dave.ask(send(SimMember.SENDER));
      int whileSending = dave.ask(hidden("ghost"));
      dave.ask(Request.newBuilder().setSender(Request.Sender.newBuilder().setName(SimMember.SENDER)
          .setDetach(Request.Sender.Detach.getDefaultInstance())));
      int joined = dave.ask(hidden("ghost"));
      sim.network.run(SECONDS);
      assertThat(isRefused(dave, whileSending)).isTrue();
      assertThat(dave.answer(joined).hasSession()).isTrue();

      alice.home.ask(request ->
          new WorkerCommand.StartRecording(request, "app", "room0", RecordPolicy.getDefaultInstance()));
      carol.ask(attach("audio0", "ghost", SimMember.SENDER));
      carol.ask(attach("video0", "ghost", SimMember.CAMERA));
      int audio = dave.ask(send(SimMember.SENDER));
      int video = dave.ask(send(SimMember.CAMERA));
      int offered = dave.ask(session(Request.Session.newBuilder().setSdp(Request.Session.UpdateSdp.newBuilder()
          .setTracks(Tracks.newBuilder().addSenders(Sender.newBuilder().setName("more").setState(
              Sender.State.newBuilder().setSource(Sender.Source.newBuilder().setId("more"))))))));
      int chat = dave.ask(channel(to -> to.setStartPub(Request.MessageChannel.StartPublish.getDefaultInstance())));
      sim.network.run(SECONDS);
      assertThat(List.of(audio, video, offered, chat)).allMatch(request -> isRefused(dave, request));

      long dropped = alice.home.counters.drops(DropReason.UNKNOWN_STREAM);
      int sent = dave.sender().sentVideo.size();
      sim.network.run(3 * SECONDS);
      assertThat(alice.home.counters.drops(DropReason.UNKNOWN_STREAM) - dropped).as("what it sends all the same")
          .isGreaterThan(dave.sender().sentVideo.size() - sent);
      assertThat(carol.heard).isEmpty();
      assertThat(alice.home.events(WorkerEvent.TrackStarted.class)).noneMatch(track -> track.peer().equals("ghost"));
      alice.leave();
      sim.network.run(SECONDS);
      assertThat(sim.server.tapes.entries(stay("ghost"))).isEmpty();
      assertThat(sim.server.tapes.entries(alice.spec.id())).as("the recording ran").isNotEmpty();
    });
  }

  /** administrators see who is hidden, and can throw him out. */
  @Test
  void administratorsAreToldOfThem() {
    Sim.run(3, 1, sim -> {
      meet(sim);
      bob.ask(hidden("ghost"));
      SimMember dave = member(sim, "dave");
      dave.join();
      sim.network.run(SECONDS);
      dave.ask(joins("scribe", JoinRole.newBuilder().setVersion(1).setRecorder(true)));
      sim.network.run(SECONDS);

      List<SessionStats> stats = alice.home.ask(WorkerCommand.ReadStats::new).stats();
      assertThat(stats).extracting(SessionStats::peer, SessionStats::isUntold, SessionStats::visibility)
          .containsExactlyInAnyOrder(tuple("alice", false, Visibility.SHOWN), tuple("carol", false, Visibility.SHOWN),
              tuple("ghost", true, Visibility.HIDDEN), tuple("scribe", true, Visibility.RECORDER));
      alice.home.ask(request -> new WorkerCommand.KickPeer(request, "app", "room0", "ghost", ""));
      sim.network.run(SECONDS);
      assertThat(bob.isClosed()).isTrue();
      assertThat(dave.isClosed()).isFalse();
    });
  }

  private static boolean isRefused(SimMember member, int request) {
    return member.answer(request).getError().getMessage().equals("RpcNotGranted");
  }

  private static Request.Builder send(String sender) {
    return Request.newBuilder().setSender(Request.Sender.newBuilder().setName(sender)
        .setAttach(Request.Sender.Attach.newBuilder().setSource(Sender.Source.newBuilder().setId(sender))));
  }

  private void meet(Sim sim) {
    alice = SimPublisher.plain(sim, "room0", "alice");
    carol = member(sim, "carol");
    bob = member(sim, "bob");
    alice.join();
    carol.join();
    bob.join();
    sim.network.run(3 * SECONDS);
  }

  private static SimMember member(Sim sim, String peer) {
    return new SimMember(sim, "room0", peer, 1, 1, Config.getDefaultInstance());
  }

  private static List<ServerEvent.Room> room(SimMember member) {
    return member.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasRoom).map(ServerEvent::getRoom).toList();
  }

  private static Request.Builder session(Request.Session.Builder request) {
    return Request.newBuilder().setSession(request);
  }

  private static long stay(String peer) {
    return STAY + peer.hashCode();
  }

  /** Publishes and subscribes nothing by its flags: what it sees does not depend on them. */
  private static Request.Builder hidden(String peer) {
    return joins(peer, JoinRole.newBuilder().setVersion(1).setHidden(true));
  }

  private static Request.Builder joins(String peer, JoinRole.Builder role) {
    return session(Request.Session.newBuilder().setJoin(Request.Session.Join.newBuilder()
        .setToken(Long.toString(stay(peer))).setInfo(
            RoomJoin.newBuilder().setRoom("room0").setPeer(peer).setRole(role))));
  }

  private static Request.Builder attach(String receiver, String peer, String track) {
    return Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName(receiver)
        .setAttach(Request.Receiver.Attach.newBuilder()
            .setSource(Receiver.Source.newBuilder().setPeer(peer).setTrack(track))));
  }

  private static Request.Builder channel(UnaryOperator<Request.MessageChannel.Builder> what) {
    return Request.newBuilder().setMessageChannel(what.apply(Request.MessageChannel.newBuilder().setLabel("chat")));
  }
}
