package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tapedeck.media.core.room.SentTrackStats;
import dev.tapedeck.media.core.room.SessionStats;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** what an administrator orders, and what becomes of call and tape. */
class AdminOrderTest {
  private static final TokenFingerprint TOKEN = new TokenFingerprint("aa".repeat(32), Long.MAX_VALUE);
  private static final TokenFingerprint NEXT_TOKEN = new TokenFingerprint("bb".repeat(32), Long.MAX_VALUE);

  @Test
  void whoeverIsKickedIsToldAndDoesNotComeBackWithTheSameToken() {
    Sim.run(61, 1, sim -> {
      SimMember alice = new SimMember(sim, "room0", "alice", 1, 1, Config.getDefaultInstance());
      SimWatcher watching = new SimWatcher(sim, "room0", "alice", SimFormats.OTHER, 1, "");
      alice.hold(TOKEN);
      alice.join();
      watching.join();
      sim.network.run(2 * SECONDS);

      WorkerEvent.Answer answer = alice.home.ask(
          request -> new WorkerCommand.KickPeer(request, "app", "room0", "alice", "too loud"));
      sim.network.run(SECONDS);

      assertThat(answer.tokens()).containsExactly(TOKEN);
      assertThat(alice.isClosed() && watching.isClosed()).isTrue();
      assertThat(alice.told.stream().map(SimMember.Told::event).filter(ServerEvent::hasSession)
          .map(ServerEvent::getSession).filter(ServerEvent.Session::hasDisconnected)
          .map(ServerEvent.Session::getDisconnected).toList())
          .extracting(ServerEvent.Session.Disconnected::getReason, ServerEvent.Session.Disconnected::getDetail)
          .containsExactly(tuple("kicked", "too loud"));
      assertThat(joinWith(sim, TOKEN).outcome()).isEqualTo(WorkerEvent.Outcome.REVOKED);
      assertThat(joinWith(sim, NEXT_TOKEN).outcome()).isEqualTo(WorkerEvent.Outcome.DONE);
    });
  }

  private static WorkerEvent.Answer joinWith(Sim sim, TokenFingerprint token) {
    SimPublisher again = SimPublisher.plain(sim, "room0", "alice");
    again.hold(token);
    return again.join();
  }

  @Test
  void aTokenThatIsRevokedElsewhereEndsItsSessions() {
    Sim.run(62, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimPublisher bob = SimPublisher.plain(sim, "room0", "bob");
      alice.hold(TOKEN);
      bob.hold(NEXT_TOKEN);
      alice.join();
      bob.join();
      sim.network.run(SECONDS);
      sim.server.revocations.revoke(TOKEN);
      alice.home.ask(WorkerCommand.EndRevoked::new);
      sim.network.run(SECONDS);
      assertThat(alice.isClosed()).isTrue();
      assertThat(bob.isClosed()).isFalse();
    });
  }

  /** No packet reaches anybody or the tape; the recording says so and stays whole beside it. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void nothingOfAMutedTrackIsPassedOnOrTaped(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = recorded(sim);
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(3 * SECONDS);
      assertThat(mute(sim, "video_main", true).outcome()).isEqualTo(WorkerEvent.Outcome.DONE);
      long mutedNanos = sim.network.nowNanos();
      sim.network.run(4 * SECONDS);
      assertThat(bob.video(0).packets.lastEntry().getValue().frame().captureNanos()).isLessThanOrEqualTo(mutedNanos);
      long audioMeanwhile = bob.audio(0).packets.values().stream()
          .filter(packet -> packet.frame().captureNanos() > mutedNanos).count();
      assertThat(audioMeanwhile).isGreaterThan(150);
      assertThat(mute(sim, "video_main", false).outcome()).isEqualTo(WorkerEvent.Outcome.DONE);
      long unmutedNanos = sim.network.nowNanos();
      sim.network.run(3 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      alice.leave();

      List<SimPacket> shown = List.copyOf(bob.video(0).packets.values());
      assertThat(shown).noneMatch(packet -> packet.frame().captureNanos() > mutedNanos
          && packet.frame().captureNanos() < unmutedNanos - SECONDS / 10);
      assertThat(shown.getLast().frame().captureNanos()).isGreaterThan(unmutedNanos + 2 * SECONDS);
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
      Watched.hasContinuousPictureIds(bob.video(0).until(Long.MAX_VALUE));

      TapedPackets taped = TapedPackets.of(alice);
      List<TapedPackets.Packet> video = taped.packets("video_main", "");
      assertThat(video).noneMatch(packet -> packet.arrivalNanos() > mutedNanos && packet.arrivalNanos() <= unmutedNanos);
      assertThat(video.stream().filter(packet -> packet.startsKeyFrame() && packet.arrivalNanos() > unmutedNanos))
          .as("key frames after it").isNotEmpty();
      assertThat(taped.gaps()).singleElement().satisfies(gap -> {
        assertThat(gap.getCause()).isEqualTo(GapEntry.MUTED);
        assertThat(gap.getRequested()).isTrue();
        assertThat(gap.getPackets() + video.size()).as("left out and taped").isEqualTo(alice.video().sent.size());
      });
      assertThat(taped.gapEntries()).extracting(GapEntry::cause).containsExactly(GapEntry.MUTED);
      assertThat(taped.packets("audio_main", "").size()).isEqualTo(alice.audioPackets());
      assertThat(taped.events()).filteredOn(event -> event.reason().equals(RoomEventEntry.BY_ORDER))
          .extracting(RoomEventEntry::type, RoomEventEntry::track)
          .containsExactly(tuple("track_muted", "video_main"), tuple("track_unmuted", "video_main"));
      assertThat(alice.home.events(WorkerEvent.TrackSilenced.class)).extracting(WorkerEvent.TrackSilenced::silenced)
          .containsExactly(true, false);
    });
  }

  @Test
  void aMutedTrackStaysMutedWhenItsPeerComesBack() {
    Sim.run(63, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "alice");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      mute(sim, "audio_main", true);
      alice.leave();
      SimPublisher again = recorded(sim);
      again.join();
      sim.network.run(3 * SECONDS);
      assertThat(bob.audio(0).packets.values())
          .noneMatch(packet -> packet.frame().source() == again.spec.id());
      assertThat(bob.video(0).packets.values()).anyMatch(packet -> packet.frame().source() == again.spec.id());
      again.leave();
      assertThat(TapedPackets.of(again).packets("audio_main", "")).isEmpty();
      assertThat(TapedPackets.of(again).gaps()).extracting(Gap::getCause).containsExactly(GapEntry.MUTED);
      assertThat(mute(sim, "audio_main", false).outcome()).as("of a peer that is away")
          .isEqualTo(WorkerEvent.Outcome.DONE);
      assertThat(mute(sim, "audio_main", true).outcome()).isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
    });
  }

  private static WorkerEvent.Answer mute(Sim sim, String track, boolean isMuted) {
    return sim.server.home("room0").ask(
        request -> new WorkerCommand.MuteTrack(request, "app", "room0", "alice", track, isMuted));
  }

  /** Everybody hears everybody; only the tape has a span without a packet, in one and the same recording. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void nothingIsTapedWhileTheRecordingIsPaused(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = recorded(sim);
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(3 * SECONDS);
      long recording = pause(sim, true).recording();
      long pausedNanos = sim.network.nowNanos();
      sim.network.run(4 * SECONDS);
      assertThat(pause(sim, false).recording()).isEqualTo(recording).isPositive();
      long resumedNanos = sim.network.nowNanos();
      sim.network.run(3 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      alice.leave();

      assertThat(bob.video(0).packets.values()).anyMatch(
          packet -> packet.frame().captureNanos() > pausedNanos + SECONDS
              && packet.frame().captureNanos() < resumedNanos - SECONDS);
      TapedPackets taped = TapedPackets.of(alice);
      assertThat(taped.packets()).noneMatch(
          packet -> packet.arrivalNanos() > pausedNanos && packet.arrivalNanos() <= resumedNanos);
      assertThat(taped.gaps()).hasSize(2)
          .allMatch(gap -> gap.getCause().equals(GapEntry.PAUSED) && gap.getRequested());
      long leftOut = taped.gaps().stream().mapToLong(Gap::getPackets).sum();
      assertThat(leftOut + taped.packets().size()).isEqualTo(alice.video().sent.size() + alice.audioPackets());
      assertThat(taped.events()).extracting(RoomEventEntry::type)
          .containsSubsequence(RoomEventEntry.RECORDING_PAUSED, RoomEventEntry.RECORDING_RESUMED);
      assertThat(alice.home.events(WorkerEvent.RecordingPaused.class))
          .extracting(WorkerEvent.RecordingPaused::recording, WorkerEvent.RecordingPaused::paused)
          .containsExactly(tuple(recording, true), tuple(recording, false));
      assertThat(alice.home.events(WorkerEvent.RecordingOpened.class)).hasSize(1);
    });
  }

  @Test
  void onlyAnOpenRecordingCanBePaused() {
    Sim.run(64, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.join();
      sim.network.run(SECONDS);
      assertThat(pause(sim, true).outcome()).isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
    });
  }

  private static WorkerEvent.Answer pause(Sim sim, boolean isPaused) {
    return sim.server.home("room0").ask(
        request -> new WorkerCommand.PauseRecording(request, "app", "room0", isPaused));
  }

  @Test
  void statisticsSayWhatFlows() {
    Sim.run(65, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(5 * SECONDS);
      alice.mute();
      sim.network.run(SECONDS);
      List<SessionStats> stats = alice.home.ask(WorkerCommand.ReadStats::new).stats();
      assertThat(stats).extracting(SessionStats::peer, SessionStats::isUntold)
          .containsExactly(tuple("alice", false), tuple("bob", true));
      assertThat(stats.getFirst().sent()).extracting(SentTrackStats::track, SentTrackStats::packets).containsExactly(
          tuple("audio_main", (long) alice.audioPackets()), tuple("video_main", (long) alice.video().sent.size()));
      assertThat(stats.getFirst().sent()).allMatch(track -> track.octets() > 0 && track.lostPackets() == 0);
      assertThat(stats.getLast().received().orElseThrow().packets())
          .isEqualTo(bob.audio(0).packets.size() + bob.video(0).packets.size());
    });
  }

  private static SimPublisher recorded(Sim sim) {
    SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
    alice.record(RecordPolicy.getDefaultInstance());
    return alice;
  }
}
