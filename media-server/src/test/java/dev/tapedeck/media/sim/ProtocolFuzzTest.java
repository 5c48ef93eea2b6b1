package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.protocol.fuzz.Mutator;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.mixer.Mode;
import dev.tapedeck.protocol.wire.session.ClientEvent;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Members of a room say anything in any order: sound requests, senseless ones, mutated bytes. Each request is answered
 * once, a publisher's picture goes on at a watcher's, and who has left leaves nothing behind.
 */
class ProtocolFuzzTest {
  private static final long SEED = 20261121;
  private static final int MUTATIONS = 100_000;
  private static final int MEMBERS = 8;

  /** Requests between two looks at the clock, which goes on by {@link #STEP_NANOS} then. */
  private static final int BURST = 20;
  private static final long STEP_NANOS = 20 * MILLIS;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<SimMember> members = new ArrayList<>();
  private final List<Map<Integer, Integer>> unanswered = new ArrayList<>();
  private int sent;

  @Test
  void anythingInAnyOrder() {
    Sim.run(SEED, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "watcher", SimFormats.CHROMIUM, 1, "alice");
      alice.join();
      watcher.join();
      for (int i = 0; i < MEMBERS; i++) {
        members.add(member(sim, i));
        unanswered.add(new HashMap<>());
      }
      sim.network.run(3 * SECONDS);
      Mutator.run("session-protocol", SEED, corpus(), MUTATIONS, message -> tell(sim, message));
      sim.network.run(3 * SECONDS);
      everyRequestWasAnswered();
      theWatcherSawNothingOfIt(sim, watcher);
      leaveAll(sim);
      nothingIsLeftBehind(sim, alice);
    });
  }

  private static SimMember member(Sim sim, int i) {
    SimMember member = new SimMember(sim, "room0", "member" + i, 2, 2, mixer(i));
    member.join();
    return member;
  }

  /** Anybody says it, unless it ends his session. */
  private void tell(Sim sim, byte[] message) {
    Optional<Request> request = request(message);
    if (request.filter(asked -> asked.getSession().hasDisconnect()).isPresent()) {
      return;
    }
    int member = random.nextInt(MEMBERS);
    boolean isSaid = members.get(member).say(message);
    request.filter(asked -> isSaid).ifPresent(
        asked -> unanswered.get(member).merge(asked.getReqId(), 1, Integer::sum));
    if (++sent % BURST == 0) {
      sim.network.run(STEP_NANOS);
      members.forEach(this::takeAnswers);
      members.replaceAll(one -> one.isClosed() ? successor(sim, members.indexOf(one)) : one);
    }
  }

  /** Somebody joined under the name of this one, which ends its session and leaves what it asked for unanswered. */
  private SimMember successor(Sim sim, int member) {
    unanswered.get(member).clear();
    return member(sim, member);
  }

  /** What is to be answered: nobody knows what else it was. */
  private static Optional<Request> request(byte[] message) {
    try {
      ClientEvent event = ClientEvent.parseFrom(message);
      return event.hasRequest() ? Optional.of(event.getRequest()) : Optional.empty();
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  private void takeAnswers(SimMember member) {
    Map<Integer, Integer> waiting = unanswered.get(members.indexOf(member));
    for (SimMember.Told told : member.told) {
      if (told.event().hasResponse() && told.event().getResponse().getReqId() != 0) {
        waiting.merge(told.event().getResponse().getReqId(), -1, Integer::sum);
      }
    }
    member.told.clear();
    member.heard.clear();
  }

  private void everyRequestWasAnswered() {
    members.forEach(this::takeAnswers);
    members.forEach(member -> unanswered.get(members.indexOf(member)).keySet().removeIf(number -> member.isClosed()));
    for (Map<Integer, Integer> waiting : unanswered) {
      waiting.remove(0); // also the number of the answer to the join that comes with the connection
      waiting.values().removeIf(count -> count == 0);
      assertThat(waiting).as("request numbers, answers missing").isEmpty();
    }
  }

  private static void theWatcherSawNothingOfIt(Sim sim, SimWatcher watcher) {
    List<SimPacket> video = watcher.video(0).until(sim.network.nowNanos() - SECONDS);
    Watched.isContinuous(video);
    Watched.hasContinuousPictureIds(video);
    List<Long> arrivals = video.stream().map(SimPacket::arrivalNanos).toList();
    assertThat(Watched.steps(arrivals)).as("time between packets").allMatch(step -> step < 100 * MILLIS);
  }

  private void leaveAll(Sim sim) {
    for (SimMember member : members.stream().filter(SimMember::isConnected).toList()) {
      member.ask(session(Request.Session.newBuilder().setLeave(Request.Session.Leave.getDefaultInstance())));
    }
    sim.network.run(2 * SECONDS);
  }

  /** The only one to whom packets go is the watcher; and all labels of the room are to be had again. */
  private void nothingIsLeftBehind(Sim sim, SimPublisher alice) {
    List<SimMember> last = IntStream.range(0, 4)
        .mapToObj(i -> new SimMember(sim, "room0", "last" + i, 0, 0, Config.getDefaultInstance())).toList();
    last.forEach(SimMember::join);
    sim.network.run(3 * SECONDS);
    Limits limits = Limits.defaults();
    assertThat(last.size() * limits.sessionLabels()).isEqualTo(limits.roomLabels());
    List<Runnable> answers = new ArrayList<>();
    for (SimMember member : last) {
      for (int i = 0; i < limits.sessionLabels(); i++) {
        int asked = member.ask(Request.newBuilder().setMessageChannel(Request.MessageChannel.newBuilder()
            .setLabel("new" + answers.size()).setSub(Request.MessageChannel.Subscribe.getDefaultInstance())));
        answers.add(() -> assertThat(member.answer(asked).hasMessageChannel()).isTrue());
      }
    }
    long received = alice.home.counters.packetsReceived;
    long forwarded = alice.home.counters.packetsForwarded;
    sim.network.run(5 * SECONDS);
    answers.forEach(Runnable::run);
    assertThat(alice.home.counters.packetsForwarded - forwarded)
        .isBetween(alice.home.counters.packetsReceived - received - 5, alice.home.counters.packetsReceived - received + 5);
    assertThat(last.getFirst().told.stream().map(SimMember.Told::event).filter(ServerEvent::hasRoom)
        .map(event -> event.getRoom().getPeerJoined().getPeer())).as("who is there")
        .noneMatch(peer -> peer.startsWith("member"));
  }

  /** Every kind of request, with names that exist and others. */
  private List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; corpus.size() < 400; i++) {
      Request.Builder request = switch (i % 10) {
        case 0 -> session(session(i));
        case 1, 2, 3 -> Request.newBuilder().setReceiver(receiver());
        case 4, 5 -> Request.newBuilder().setSender(sender());
        case 6 -> Request.newBuilder().setRoom(random.nextBoolean()
            ? Request.Room.newBuilder().setSubscribe(Request.Room.SubscribePeer.newBuilder().setPeer(peer()))
            : Request.Room.newBuilder().setUnsubscribe(Request.Room.UnsubscribePeer.newBuilder().setPeer(peer())));
        case 7, 8 -> Request.newBuilder().setMessageChannel(channel());
        default -> Request.newBuilder().setFeatures(dev.tapedeck.protocol.wire.features.Request.newBuilder().setMixer(
            random.nextBoolean()
                ? dev.tapedeck.protocol.wire.mixer.Request.newBuilder().setAttach(
                    dev.tapedeck.protocol.wire.mixer.Request.Attach.newBuilder().addSources(source()))
                : dev.tapedeck.protocol.wire.mixer.Request.newBuilder().setDetach(
                    dev.tapedeck.protocol.wire.mixer.Request.Detach.newBuilder().addSources(source()))));
      };
      corpus.add(ClientEvent.newBuilder().setSeq(i).setRequest(request.setReqId(1 + i)).build().toByteArray());
    }
    return corpus;
  }

  private Request.Session.Builder session(int i) {
    if (i % 20 == 0) {
      return Request.Session.newBuilder().setLeave(Request.Session.Leave.getDefaultInstance());
    }
    if (i % 30 == 0) {
      return Request.Session.newBuilder().setSdp(Request.Session.UpdateSdp.newBuilder().setSdp("v=0\r\n")
          .setTracks(Tracks.newBuilder().addReceivers(Receiver.newBuilder().setName("more" + i).setKind(Kind.VIDEO))));
    }
    RoomJoin.Builder info = RoomJoin.newBuilder().setRoom("room0").setPeer("member" + random.nextInt(100));
    info.getPublishBuilder().setPeer(random.nextBoolean()).setTracks(random.nextBoolean());
    info.getSubscribeBuilder().setPeers(random.nextBoolean()).setTracks(random.nextBoolean());
    info.getFeaturesBuilder().mergeFrom(mixer(i)).build();
    info.getRoleBuilder().setHidden(random.nextInt(4) == 0);
    String token = random.nextInt(4) == 0 ? "refused" : Long.toString((1L << 40) + random.nextInt(1 << 30));
    return Request.Session.newBuilder().setJoin(Request.Session.Join.newBuilder().setInfo(info).setToken(token));
  }

  private Request.Receiver.Builder receiver() {
    Request.Receiver.Builder request = Request.Receiver.newBuilder().setName(
        pick("audio0", "audio1", "video0", "video1", "nobody"));
    Receiver.Config config = Receiver.Config.newBuilder().setPriority(random.nextInt(3))
        .setMaxSpatial(random.nextInt(3)).setMaxTemporal(random.nextInt(3)).setMinTemporal(random.nextInt(2)).build();
    return switch (random.nextInt(4)) {
      case 0 -> request.setDetach(Request.Receiver.Detach.getDefaultInstance());
      case 1 -> request.setConfig(config);
      default -> request.setAttach(Request.Receiver.Attach.newBuilder().setSource(source()).setConfig(config));
    };
  }

  private Request.Sender.Builder sender() {
    Request.Sender.Builder request = Request.Sender.newBuilder().setName(pick(SimMember.SENDER, "nobody"));
    return switch (random.nextInt(3)) {
      case 0 -> request.setDetach(Request.Sender.Detach.getDefaultInstance());
      case 1 -> request.setConfig(Sender.Config.newBuilder().setPriority(random.nextInt(2)));
      default -> request.setAttach(Request.Sender.Attach.newBuilder().setSource(Sender.Source.newBuilder().setId("mic")));
    };
  }

  private Request.MessageChannel.Builder channel() {
    Request.MessageChannel.Builder request =
        Request.MessageChannel.newBuilder().setLabel(random.nextInt(8) == 0 ? "" : "label" + random.nextInt(300));
    return switch (random.nextInt(5)) {
      case 0 -> request.setStartPub(Request.MessageChannel.StartPublish.getDefaultInstance());
      case 1 -> request.setStopPub(Request.MessageChannel.StopPublish.getDefaultInstance());
      case 2 -> request.setSub(Request.MessageChannel.Subscribe.getDefaultInstance());
      case 3 -> request.setUnsub(Request.MessageChannel.Unsubscribe.getDefaultInstance());
      default -> request.setPub(
          Request.MessageChannel.Publish.newBuilder().setData(ByteString.copyFromUtf8("a message")));
    };
  }

  private static Config mixer(int i) {
    Config.Builder config = Config.newBuilder();
    if (i % 4 == 1) {
      config.getMixerBuilder().setMode(i % 8 == 1 ? Mode.AUTO : Mode.MANUAL).addOutputs("audio0");
    }
    return config.build();
  }

  private Receiver.Source source() {
    return Receiver.Source.newBuilder().setPeer(peer())
        .setTrack(pick("video_main", "audio_main", SimMember.SENDER, "nothing")).build();
  }

  private String peer() {
    return pick("alice", "member0", "member" + random.nextInt(100), "nobody");
  }

  private String pick(String... names) {
    return names[random.nextInt(names.length)];
  }

  private static Request.Builder session(Request.Session.Builder request) {
    return Request.newBuilder().setSession(request);
  }
}
