package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.mixer.Mode;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** a member hears the loudest of its room on the receivers it gave its mixer, and is told who they are. */
class MixerTest {
  /** What the server takes, and what the network takes there and back. */
  private static final long FOLLOW_NANOS = 300 * MILLIS + 100 * MILLIS;

  private static final int LOUD = 25;
  private static final int QUIET = 77;

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void slotsFollowTheLoudest(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        List<SimPublisher> publishers = publishers(sim, room);
        SimMember listener = new SimMember(sim, room, "listener", 2, 0, mixer(Mode.AUTO));
        listener.join();
        sim.network.run(3 * SECONDS);
        assertThat(slots(listener)).as("nobody speaks").isEmpty();

        publishers.get(0).audio.audioLevel = LOUD;
        publishers.get(1).audio.audioLevel = LOUD + 3;
        sim.network.run(FOLLOW_NANOS);
        assertThat(slots(listener).values()).containsExactlyInAnyOrder("p0", "p1");

        publishers.get(0).audio.audioLevel = QUIET;
        sim.network.run(5 * SECONDS);
        assertThat(slots(listener).values()).as("nobody needs the slot").containsExactlyInAnyOrder("p0", "p1");

        publishers.get(2).audio.audioLevel = LOUD;
        sim.network.run(FOLLOW_NANOS);
        assertThat(slots(listener).values()).containsExactlyInAnyOrder("p1", "p2");
        hearsWhatItIsTold(listener, publishers);

        publishers.get(1).leave();
        sim.network.run(FOLLOW_NANOS);
        assertThat(slots(listener).values()).containsExactly("p2");
        sim.network.run(SECONDS);
        hearsWhatItIsTold(listener, publishers);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void onlyNamedSourcesAreMixedByHand(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        List<SimPublisher> publishers = publishers(sim, room);
        publishers.forEach(publisher -> publisher.audio.audioLevel = LOUD);
        SimMember listener = new SimMember(sim, room, "listener", 2, 0, mixer(Mode.MANUAL, "p1"));
        listener.join();
        sim.network.run(3 * SECONDS);
        assertThat(slots(listener).values()).containsExactly("p1");

        int attach = listener.ask(change(true, "p2", "nobody"));
        sim.network.run(FOLLOW_NANOS);
        assertThat(listener.answer(attach).getFeatures().getMixer().hasAttach()).isTrue();
        assertThat(slots(listener).values()).containsExactlyInAnyOrder("p1", "p2");

        int detach = listener.ask(change(false, "p1"));
        sim.network.run(FOLLOW_NANOS);
        assertThat(listener.answer(detach).getFeatures().getMixer().hasDetach()).isTrue();
        assertThat(slots(listener).values()).containsExactly("p2");
        sim.network.run(SECONDS);
        hearsWhatItIsTold(listener, publishers);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void everyRequestIsAnswered(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimMember automatic = new SimMember(sim, room, "automatic", 2, 0, mixer(Mode.AUTO));
        SimMember manual = new SimMember(sim, room, "manual", 2, 0, mixer(Mode.MANUAL));
        SimMember without = new SimMember(sim, room, "without", 2, 0, Config.getDefaultInstance());
        List<SimMember> members = List.of(automatic, manual, without);
        members.forEach(SimMember::join);
        sim.network.run(3 * SECONDS);
        List<Integer> wrong = List.of(automatic.ask(change(true, "p1")), without.ask(change(true, "p1")));
        int empty = manual.ask(Request.newBuilder()
            .setFeatures(dev.tapedeck.protocol.wire.features.Request.getDefaultInstance()));
        int onOutput = manual.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName("audio0")
            .setAttach(Request.Receiver.Attach.newBuilder().setSource(source("p1")))));
        int leave = manual.ask(Request.newBuilder()
            .setSession(Request.Session.newBuilder().setLeave(Request.Session.Leave.getDefaultInstance())));
        int outside = manual.ask(change(true, "p1"));
        sim.network.run(SECONDS);
        assertThat(error(automatic, wrong.get(0))).isEqualTo("AudioMixerWrongMode");
        assertThat(error(without, wrong.get(1))).isEqualTo("AudioMixerWrongMode");
        assertThat(error(manual, empty)).isEqualTo("RpcInvalidRequest");
        assertThat(error(manual, onOutput)).isEqualTo("AudioMixerWrongMode");
        assertThat(manual.answer(leave).hasSession()).isTrue();
        assertThat(error(manual, outside)).isEqualTo("EndpointNotInRoom");
      }
    });
  }

  private static List<SimPublisher> publishers(Sim sim, String room) {
    List<SimPublisher> publishers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      publishers.add(SimPublisher.plain(sim, room, "p" + i));
      publishers.getLast().join();
    }
    return publishers;
  }

  private static Config mixer(Mode mode, String... peers) {
    var mixer = dev.tapedeck.protocol.wire.mixer.Config.newBuilder().setMode(mode)
        .addOutputs("audio0").addOutputs("audio1");
    for (String peer : peers) {
      mixer.addSources(source(peer));
    }
    return Config.newBuilder().setMixer(mixer).build();
  }

  private static Request.Builder change(boolean attaches, String... peers) {
    List<Receiver.Source> sources = new ArrayList<>();
    for (String peer : peers) {
      sources.add(source(peer));
    }
    var change = dev.tapedeck.protocol.wire.mixer.Request.newBuilder();
    if (attaches) {
      change.setAttach(dev.tapedeck.protocol.wire.mixer.Request.Attach.newBuilder().addAllSources(sources));
    } else {
      change.setDetach(dev.tapedeck.protocol.wire.mixer.Request.Detach.newBuilder().addAllSources(sources));
    }
    return Request.newBuilder()
        .setFeatures(dev.tapedeck.protocol.wire.features.Request.newBuilder().setMixer(change));
  }

  private static Receiver.Source source(String peer) {
    return Receiver.Source.newBuilder().setPeer(peer).setTrack("audio_main").build();
  }

  private static String error(SimMember member, int request) {
    Response answer = member.answer(request);
    return answer.hasError() ? answer.getError().getMessage() : "no error";
  }

  /** Peer by slot, as the member was told. */
  private static Map<Integer, String> slots(SimMember member) {
    Map<Integer, String> slots = new TreeMap<>();
    for (SimMember.Told told : member.told) {
      var event = told.event().getFeatures().getMixer();
      if (event.hasSlotSet()) {
        slots.put(event.getSlotSet().getSlot(), event.getSlotSet().getSource().getPeer());
      } else if (event.hasSlotUnset()) {
        slots.remove(event.getSlotUnset().getSlot());
      }
    }
    return slots;
  }

  /** What came last on each output is of the peer in its slot; an empty slot is silent. */
  private static void hearsWhatItIsTold(SimMember member, List<SimPublisher> publishers) {
    Map<Integer, String> slots = slots(member);
    long nowNanos = member.network.nowNanos();
    for (int slot = 0; slot < 2; slot++) {
      String receiver = "audio" + slot;
      List<String> heard = member.heard.stream()
          .filter(one -> one.receiver().equals(receiver) && nowNanos - one.nowNanos() < 100 * MILLIS)
          .map(one -> publishers.stream().filter(publisher -> publisher.spec.id() == one.frame().source())
              .findFirst().orElseThrow().spec.requireJoin().peer())
          .toList();
      if (slots.containsKey(slot)) {
        assertThat(heard).as("on slot %d", slot).isNotEmpty().endsWith(slots.get(slot));
      } else {
        assertThat(heard).as("on slot %d", slot).isEmpty();
      }
    }
  }
}
