package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** D-13, S3-2: what of a session is taped, as its policy and the spool's room say. */
class TapePolicyTest {
  private static final List<String> RIDS = List.of("q", "h", "f");

  private static RecordPolicy policy(RecordPolicy.Layers layers, RecordPolicy.Media media) {
    return RecordPolicy.newBuilder().setLayers(layers).setMedia(media).build();
  }

  private static SimPublisher join(Sim sim, RecordPolicy.Layers layers, RecordPolicy.Media media) {
    SimPublisher alice = SimPublisher.simulcast(sim, "room0", "alice");
    alice.record(policy(layers, media));
    alice.join();
    return alice;
  }

  @ParameterizedTest
  @EnumSource(value = RecordPolicy.Media.class, names = {"AUDIO", "VIDEO"})
  void oneMediumAloneIsTapedAndNoByteOfTheOther(RecordPolicy.Media media) {
    Sim.run(51, 1, sim -> {
      SimPublisher alice = join(sim, RecordPolicy.Layers.ALL, media);
      sim.network.run(5 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets()).isNotEmpty();
      assertThat(taped.closed().getTracksList()).extracting(TapeTrack::getName)
          .containsOnly(media == RecordPolicy.Media.AUDIO ? "audio_main" : "video_main");
      assertThat(taped.gaps()).isEmpty();
    });
  }

  /** One layer at a time, from key frame to key frame, with no picture left out between two. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void topTapesTheBestLayerThatFlows(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = join(sim, RecordPolicy.Layers.TOP, RecordPolicy.Media.BOTH);
      sim.network.run(10 * SECONDS);
      alice.layers.get(2).flows = false;
      sim.network.run(5 * SECONDS);
      alice.layers.get(2).flows = true;
      sim.network.run(5 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      alice.leave();

      TapedPackets taped = TapedPackets.of(alice);
      List<TapedPackets.Packet> video = taped.packets().stream()
          .filter(packet -> taped.descriptions().get(packet.track()).kind().equals("video")).toList();
      List<Integer> layers = new ArrayList<>();
      for (TapedPackets.Packet packet : video) {
        if (layers.isEmpty() || layers.getLast() != packet.frame().layer()) {
          assertThat(layers.isEmpty() || packet.startsKeyFrame()).as("%s begins a layer", packet).isTrue();
          layers.add(packet.frame().layer());
        }
      }
      assertThat(layers).endsWith(2, 1, 2);
      assertThat(layers.size()).isLessThanOrEqualTo(5);
      for (int i = 1; i < video.size(); i++) {
        assertThat(video.get(i).frame().captureNanos() - video.get(i - 1).frame().captureNanos())
            .as("pictures from %s to %s", video.get(i - 1), video.get(i)).isLessThan(500 * MILLIS);
      }
      for (TapeTrack track : taped.closed().getTracksList()) {
        assertThat(track.getReception().getReceived() - track.getReception().getUnwanted()).as("taped of %s", track)
            .isEqualTo(taped.packets(track.getName(), track.getRid()).size());
      }
      assertThat(taped.track("video_main", "h").getReception().getUnwanted()).isPositive();
      assertThat(taped.packets("audio_main", "").size()).isEqualTo(alice.audioPackets());
      assertThat(taped.gaps()).as("what the policy does not want is no gap").isEmpty();
      assertThat(taped.closed().getTracksList()).allMatch(track -> track.getReception().getLost() == 0);
    });
  }

  /** Upper layers go first and each is a named gap; audio and the lowest layer are whole. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void underPressureTheUpperLayersAreShed(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = join(sim, RecordPolicy.Layers.ALL, RecordPolicy.Media.BOTH);
      sim.network.run(5 * SECONDS);
      long fromNanos = sim.network.nowNanos();
      press(sim, Pressure.SHED_UPPER_LAYERS, 3 * SECONDS);
      long toNanos = sim.network.nowNanos();
      sim.network.run(5 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      alice.leave();

      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets("audio_main", "").size()).isEqualTo(alice.audioPackets());
      assertThat(taped.packets("video_main", "q").size()).isEqualTo(alice.layers.getFirst().sent.size());
      assertThat(taped.gaps()).hasSize(2);
      for (String rid : List.of("h", "f")) {
        TapeTrack track = taped.track("video_main", rid);
        Gap gap = taped.gaps().stream().filter(other -> other.getTrack() == track.getNumber()).findFirst().orElseThrow();
        assertThat(gap.getCause()).isEqualTo(GapEntry.SHED);
        assertThat(gap.getRequested()).isFalse();
        assertThat(gap.getPackets()).isEqualTo(track.getReception().getDroppedShed()).isPositive();
        assertThat(taped.packets("video_main", rid)).noneMatch(
            packet -> packet.arrivalNanos() > fromNanos && packet.arrivalNanos() <= toNanos);
        int sent = alice.layers.get(RIDS.indexOf(rid)).sent.size();
        assertThat(taped.packets("video_main", rid).size() + gap.getPackets()).as("taped and shed").isEqualTo(sent);
        assertThat(track.getReception().getReceived()).isEqualTo(sent);
        assertThat(gap.getFromMs()).isBetween(wallMillis(fromNanos), wallMillis(fromNanos) + 100);
        assertThat(gap.getToMs()).isBetween(wallMillis(toNanos) - 100, wallMillis(toNanos));
        assertThat(taped.packets("video_main", rid).stream()
            .filter(packet -> packet.startsKeyFrame() && packet.arrivalNanos() > toNanos).findFirst().orElseThrow()
            .arrivalNanos() - toNanos).as("goes on with a key frame").isLessThan(300 * MILLIS);
      }
      assertThat(taped.gapEntries()).extracting(GapEntry::cause).containsExactly(GapEntry.SHED, GapEntry.SHED);
    });
  }

  /** The tape asks for key frames of its own accord only now and then, and all the same for each span that it left out. */
  @Test
  void everySpanThatIsShedEndsWithAKeyFrame() {
    Sim.run(55, 1, sim -> {
      SimPublisher alice = join(sim, RecordPolicy.Layers.ALL, RecordPolicy.Media.BOTH);
      sim.network.run(5 * SECONDS);
      List<Long> ends = new ArrayList<>();
      for (int span = 0; span < 2; span++) {
        press(sim, Pressure.SHED_VIDEO, SECONDS);
        ends.add(sim.network.nowNanos());
        sim.network.run(SECONDS);
      }
      sim.network.run(6 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      for (SimPublisher.Layer layer : alice.layers) {
        assertThat(layer.requestNanos).as("requests for layer %d", layer.number).hasSize(2);
        assertThat(Watched.steps(layer.requestNanos)).allMatch(step -> step >= 4_900 * MILLIS);
        assertThat(taped.packets("video_main", layer.stream.rid).stream()
            .filter(packet -> packet.startsKeyFrame() && packet.arrivalNanos() > ends.getLast())).isNotEmpty();
      }
    });
  }

  @Test
  void inNeedAllVideoIsShedAndNeverAudio() {
    Sim.run(52, 1, sim -> {
      SimPublisher alice = join(sim, RecordPolicy.Layers.ALL, RecordPolicy.Media.BOTH);
      sim.network.run(3 * SECONDS);
      press(sim, Pressure.SHED_VIDEO, 3 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets("audio_main", "").size()).isGreaterThan(alice.audioPackets() - 3);
      assertThat(taped.gaps()).hasSize(3).allMatch(gap -> gap.getCause().equals(GapEntry.SHED) && gap.getPackets() > 0);
    });
  }

  /** A recording that asked for it is complete without its video. */
  @Test
  void audioFirstShedsVideoAtTheFirstPressureOnRequest() {
    Sim.run(53, 1, sim -> {
      SimPublisher alice = join(sim, RecordPolicy.Layers.AUDIO_FIRST, RecordPolicy.Media.BOTH);
      sim.network.run(3 * SECONDS);
      press(sim, Pressure.SHED_UPPER_LAYERS, 3 * SECONDS);
      sim.network.run(3 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets("audio_main", "").size()).isGreaterThan(alice.audioPackets() - 3);
      assertThat(taped.gaps()).hasSize(3).allMatch(Gap::getRequested);
      assertThat(taped.gapEntries()).hasSize(3).allMatch(GapEntry::requested);
    });
  }

  /** What is shed from the first packet on leaves no byte, and is told all the same. */
  @Test
  void aTapeThatIsShedFromTheBeginningIsNotSilent() {
    Sim.run(54, 1, sim -> {
      sim.server.tapes.pressure = Pressure.SHED_VIDEO;
      SimPublisher alice = join(sim, RecordPolicy.Layers.ALL, RecordPolicy.Media.VIDEO);
      sim.network.run(3 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets()).isEmpty();
      assertThat(taped.gaps()).hasSize(3);
      assertThat(taped.gaps().stream().mapToLong(Gap::getPackets).sum()).isGreaterThan(300);
    });
  }

  private static void press(Sim sim, Pressure pressure, long nanos) {
    sim.server.tapes.pressure = pressure;
    sim.network.run(nanos);
    sim.server.tapes.pressure = Pressure.NONE;
  }

  private static long wallMillis(long nanos) {
    return (SimServer.EPOCH_NANOS + nanos) / MILLIS;
  }
}
