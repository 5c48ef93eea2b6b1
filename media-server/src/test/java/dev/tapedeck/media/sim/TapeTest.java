package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session sends, and what of it is on tape. */
class TapeTest {
  private static final RecordPolicy ALL = RecordPolicy.getDefaultInstance();
  private static final SimLink BAD = new SimLink(30 * MILLIS, 5 * MILLIS, 0.03, 0.05, 0.03);

  /** D-13, and L15: every layer, every packet once, sender reports, and what the network did to each stream. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void everyLayerIsTapedOnceWithItsSenderReports(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.simulcast(sim, "room0", "alice");
      alice.record(ALL);
      alice.links(BAD);
      alice.join();
      sim.network.run(40 * SECONDS);
      alice.mute();
      sim.network.run(8 * SECONDS); // what is still asked for comes
      alice.leave();

      TapedPackets taped = TapedPackets.of(alice);
      Set<List<Integer>> numbers = new HashSet<>();
      taped.packets().forEach(packet -> assertThat(numbers.add(List.of(packet.ssrc(), packet.sequenceNumber())))
          .as("%s stands once", packet).isTrue());
      for (SimPublisher.Layer layer : alice.layers) {
        List<TapedPackets.Packet> packets = taped.packets("video_main", layer.stream.rid);
        // What is lost before the first packet that comes, or behind the last one, leaves no hole that could be seen.
        assertThat(packets).extracting(TapedPackets.Packet::frame)
            .containsAll(layer.sent.subList(10, layer.sent.size() - 10));
        TapeTrack track = taped.track("video_main", layer.stream.rid);
        accountsFor(track.getReception(), packets.size());
        assertThat(track.getReception().getLost()).as("lost for good").isZero();
        assertThat(track.getReception().getRepaired()).isGreaterThan(20);
        assertThat(track.getReception().getDuplicates()).isPositive();
        assertThat(track.getSenderReports().getReports()).isGreaterThan(30);
        assertThat(track.getSenderReports().getLastPackets()).isEqualTo((int) layer.stream.packets);
        assertThat(track.getSenderReports().getLastOctets()).isEqualTo((int) layer.stream.octets);
      }
      TapeTrack audio = taped.track("audio_main", "");
      accountsFor(audio.getReception(), taped.packets("audio_main", "").size());
      assertThat(audio.getReception().getLost()).as("audio has no retransmission here").isGreaterThan(10);
      assertThat(audio.getReception().getAskedInVain()).isZero();
      assertThat(taped.entries()).filteredOn(entry -> entry.kind() == EntryKind.SENDER_REPORT)
          .hasSizeGreaterThan(4 * 30);
      assertThat(taped.gaps()).as("the network's losses are no gaps").isEmpty();
    });
  }

  private static void accountsFor(Reception reception, int taped) {
    assertThat(reception.getReceived()).isEqualTo(taped);
    assertThat(reception.getExpected()).isEqualTo(reception.getReceived() + reception.getLost());
    assertThat(reception.getAskedInVain()).isLessThanOrEqualTo(reception.getLost());
    assertThat(reception.getRepairedLate()).isLessThanOrEqualTo(reception.getRepaired());
  }

  /** L13: with record in its token, nothing of a session is missing that comes before anybody, or anything, else does. */
  @Test
  void theFirstPacketOfASessionIsOnItsTape() {
    Sim.run(13, 1, sim -> {
      SimPublisher alice = SimPublisher.simulcast(sim, "room0", "alice");
      alice.record(ALL);
      alice.links(SimLink.GOOD);
      alice.join();
      sim.network.run(3 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      alice.leave();

      TapedPackets taped = TapedPackets.of(alice);
      for (SimPublisher.Layer layer : alice.layers) {
        assertThat(taped.packets("video_main", layer.stream.rid)).extracting(TapedPackets.Packet::frame)
            .containsExactlyElementsOf(layer.sent);
      }
      assertThat(taped.packets("audio_main", "").size()).isEqualTo(alice.audioPackets()).isGreaterThan(100);
    });
  }

  /** Damaged and forged packets are told beside the stream they claim to be of. */
  @Test
  void packetsThatFailTheirAuthenticationAreCountedForTheirStream() {
    Sim.run(41, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.record(ALL);
      alice.join();
      sim.network.run(2 * SECONDS);
      for (byte[] packet : alice.protectedPackets(7)) {
        packet[packet.length - 1] ^= 1;
        alice.sendRaw(packet);
      }
      sim.network.run(6 * SECONDS);
      alice.leave();
      Reception reception = TapedPackets.of(alice).track("video_main", "").getReception();
      assertThat(reception.getUnauthentic()).isEqualTo(7);
      assertThat(reception.getRepaired()).as("they were missing, and so asked for").isEqualTo(7);
      assertThat(reception.getLost()).isZero();
    });
  }

  /** L12: what is sent after the leave, or under a token without record, is on no tape. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void nothingIsTapedAfterALeaveOrARejoinWithoutRecord(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher taped = SimPublisher.plain(sim, "room0", "alice");
      taped.record(ALL);
      taped.join();
      sim.network.run(3 * SECONDS);
      taped.leave();
      long leftNanos = sim.network.nowNanos();
      SimPublisher again = SimPublisher.plain(sim, "room0", "alice"); // its token says record: false
      again.join();
      sim.network.run(20 * SECONDS);

      assertThat(taped.server.tapes.entries(again.spec.id())).isEmpty();
      assertThat(taped.server.tapes.closed).hasSize(1);
      assertThat(TapedPackets.of(taped).packets()).isNotEmpty()
          .allMatch(packet -> packet.arrivalNanos() <= leftNanos && packet.frame().source() == taped.spec.id());
      assertThat(again.home.events(WorkerEvent.RecordingClosed.class)).hasSize(1);
    });
  }

  /** A recording that was stopped and one that was started later share nothing, though the session stays the same. */
  @Test
  void aSessionIsTapedAnewByTheNextRecording() {
    Sim.run(42, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.join();
      sim.network.run(3 * SECONDS);
      start(sim, ALL);
      sim.network.run(3 * SECONDS);
      sim.server.home("room0").ask(request -> new WorkerCommand.StopRecording(request, "app", "room0"));
      long stoppedNanos = sim.network.nowNanos();
      sim.network.run(3 * SECONDS);
      int before = alice.server.tapes.entries(alice.spec.id(), EntryKind.RTP).size();
      assertThat(alice.server.tapes.entries(alice.spec.id(), EntryKind.RTP))
          .allMatch(entry -> entry.arrivalNanos() <= stoppedNanos);
      start(sim, ALL);
      sim.network.run(3 * SECONDS);
      alice.leave();
      assertThat(alice.server.tapes.closed).hasSize(2).allSatisfy(closed ->
          assertThat(closed.getTracksList()).extracting(TapeTrack::getName)
              .containsExactlyInAnyOrder("audio_main", "video_main"));
      assertThat(alice.server.tapes.entries(alice.spec.id(), EntryKind.RTP).size()).isGreaterThan(before + 100);
    });
  }

  private static void start(Sim sim, RecordPolicy policy) {
    assertThat(sim.server.home("room0")
        .ask(request -> new WorkerCommand.StartRecording(request, "app", "room0", policy)).recording()).isPositive();
  }

  /** D-18: a tape that begins in the middle of a call can be shown within a round trip and a frame. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void aTapeThatBeginsInTheMiddleAsksForAKeyFrameOnce(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.simulcast(sim, "room0", "alice");
      alice.join();
      sim.network.run(5 * SECONDS);
      List<Integer> before = alice.layers.stream().map(SimPublisher.Layer::keyFrames).toList();
      long startedNanos = sim.network.nowNanos();
      start(sim, ALL);
      sim.network.run(10 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      for (SimPublisher.Layer layer : alice.layers) {
        assertThat(layer.keyFrames()).as("layer %d", layer.number).isEqualTo(before.get(layer.number) + 1);
        assertThat(taped.packets("video_main", layer.stream.rid).stream()
            .filter(TapedPackets.Packet::startsKeyFrame).findFirst().orElseThrow().arrivalNanos() - startedNanos)
            .isLessThan(200 * MILLIS);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void aTrackThatChangesItsSsrcGetsANewNumber(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.record(ALL);
      alice.join();
      sim.network.run(3 * SECONDS);
      alice.changeSsrcs();
      sim.network.run(3 * SECONDS);
      alice.leave();
      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.closed().getTracksList()).extracting(TapeTrack::getName)
          .containsExactlyInAnyOrder("audio_main", "video_main", "audio_main", "video_main");
      taped.descriptions().forEach((number, track) -> assertThat(taped.packets())
          .filteredOn(packet -> packet.track() == number).isNotEmpty()
          .allMatch(packet -> Integer.toUnsignedLong(packet.ssrc()) == track.ssrc()));
      assertThat(taped.closed().getTracksList()).allMatch(track -> track.getReception().getLost() == 0);
    });
  }

  /** L11: who came, went, began to send and fell silent stands on every tape of the room, with its end. */
  @Test
  void eachTapeTellsWhatHappenedInTheRoom() {
    Sim.run(43, 1, sim -> {
      SimPublisher carol = SimPublisher.plain(sim, "room0", "carol"); // not taped, and here before the tape
      carol.join();
      sim.network.run(2 * SECONDS);
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.record(ALL);
      alice.join();
      sim.network.run(2 * SECONDS);
      carol.mute();
      sim.network.run(6 * SECONDS);
      carol.unmute();
      sim.network.run(2 * SECONDS);
      carol.leave();
      sim.network.run(SECONDS);
      alice.leave();

      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.events()).extracting(event -> event.type() + " " + event.peer()
          + (event.track().isEmpty() ? "" : " " + event.track() + " " + event.codec())).containsExactly(
          "peer_joined carol", "track_started carol audio_main opus", "track_started carol video_main VP8",
          "peer_joined alice", "track_started alice audio_main opus", "track_started alice video_main VP8",
          "track_muted carol audio_main opus", "track_muted carol video_main VP8",
          "track_unmuted carol video_main VP8", "track_unmuted carol audio_main opus",
          "track_ended carol audio_main opus", "track_ended carol video_main VP8", "peer_left carol",
          "track_ended alice audio_main opus", "track_ended alice video_main VP8", "peer_left alice");
      assertThat(taped.events()).filteredOn(event -> event.type().equals(RoomEventEntry.PEER_JOINED))
          .extracting(RoomEventEntry::taped).containsExactly(false, true);
      assertThat(taped.events()).extracting(RoomEventEntry::atMs).isSorted();
      assertThat(taped.entries()).extracting(entry -> entry.arrivalNanos()).isSorted();
    });
  }
}
