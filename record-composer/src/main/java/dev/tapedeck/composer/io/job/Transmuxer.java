package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.FileNames;
import dev.tapedeck.composer.core.job.JobCanceledException;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.timeline.RoomTimeline;
import dev.tapedeck.composer.core.timeline.SilentGaps;
import dev.tapedeck.composer.core.timeline.TrackTimeline;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.composer.io.media.Container;
import dev.tapedeck.composer.io.media.Muxer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/** Writes tracks into files without touching their codec: one per track, and one voice per participant. */
final class Transmuxer {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final RoomTimeline room;
  private final OutputTarget target;
  private final Path work;
  private final SummaryBuilder summary;

  Transmuxer(RoomTimeline room, OutputTarget target, Path work, SummaryBuilder summary) {
    this.room = room;
    this.target = target;
    this.work = work;
    this.summary = summary;
  }

  /** One file per track, each beginning at 0; when it was is in the summary. */
  void writeTracks(DoubleConsumer progress) throws IOException {
    int done = 0;
    for (TrackTimeline track : room.tracks()) {
      if (track.isEmpty()) {
        summary.finding(new Finding(Kind.TRACK_FAILED, place(track), "no frame that can be decoded; no file"));
      } else {
        writeTrack(track);
      }
      progress.accept((double) ++done / room.tracks().size());
    }
  }

  /** One ogg per participant, all beginning at the recording's zero. */
  void writeVoices() throws IOException {
    Map<String, List<TrackTimeline>> voices = new TreeMap<>();
    for (TrackTimeline track : room.tracks()) {
      if (!track.isVideo() && !track.isEmpty()) {
        voices.computeIfAbsent(track.peer(), peer -> new ArrayList<>()).add(track);
      }
    }
    for (Map.Entry<String, List<TrackTimeline>> voice : voices.entrySet()) {
      voice.getValue().sort(Comparator.comparingLong(TrackTimeline::startWallNanos));
      writeVoice(voice.getKey(), voice.getValue());
    }
  }

  private void writeTrack(TrackTimeline track) throws IOException {
    String codec = track.description().codec().name().toLowerCase(Locale.ROOT);
    Container container = Container.of(track.description().codec());
    String name = FileNames.track(track.peer(), track.session(), codec, track.description().name(),
        track.startWallNanos() / NANOS_PER_MILLI, container.extension());
    Path file = work.resolve("track." + container.extension());
    long durationNanos;
    StreamInfo info = track.info();
    try (FrameSource frames = track.open(track.startWallNanos())) {
      durationNanos = mux(file, container, frames);
    } catch (JobCanceledException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      summary.finding(new Finding(Kind.TRACK_FAILED, place(track), e.getMessage()));
      Files.deleteIfExists(file);
      return;
    }
    long bytes = Files.size(file);
    String uri = target.put(name, file, contentType(container, track.isVideo()));
    summary.trackFile(track, new OutputFile(name, uri, "track", List.of(track.description().codec().name()),
        durationNanos / NANOS_PER_MILLI, bytes, info.width(), info.height()));
    Files.delete(file);
  }

  private void writeVoice(String peer, List<TrackTimeline> tracks) throws IOException {
    String name = FileNames.voice(peer);
    Path file = work.resolve("voice.ogg");
    long durationNanos;
    if (overlap(tracks)) {
      durationNanos = RoomComposer.mixVoices(tracks, room, file);
    } else {
      List<FrameSource> sources = tracks.stream().map(track -> track.open(room.zeroWallNanos())).toList();
      try (FrameSource frames = new SilentGaps(sources)) {
        durationNanos = mux(file, Container.OGG, frames);
      }
    }
    long bytes = Files.size(file);
    String uri = target.put(name, file, contentType(Container.OGG, false));
    summary.file(new OutputFile(name, uri, "voice", List.of("OPUS"), durationNanos / NANOS_PER_MILLI, bytes, 0, 0));
    Files.delete(file);
  }

  private static boolean overlap(List<TrackTimeline> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).startWallNanos() < sorted.get(i - 1).endWallNanos()) {
        return true;
      }
    }
    return false;
  }

  /** @return end of the last frame, nanoseconds */
  private static long mux(Path file, Container container, FrameSource frames) throws IOException {
    long endNanos = 0;
    try (Muxer muxer = Muxer.open(file, container, List.of(frames.info()))) {
      for (EncodedFrame frame = frames.next(); frame != null; frame = frames.next()) {
        muxer.write(0, frame);
        endNanos = Math.max(endNanos, frame.ptsNanos() + frame.durationNanos());
      }
      muxer.finish();
    }
    return endNanos;
  }

  private static String place(TrackTimeline track) {
    return track.peer() + "/" + track.session() + "/" + track.description().name();
  }

  static String contentType(Container container, boolean isVideo) {
    return switch (container) {
      case WEBM -> isVideo ? "video/webm" : "audio/webm";
      case MATROSKA -> "video/x-matroska";
      case OGG -> "audio/ogg";
      case MP4 -> isVideo ? "video/mp4" : "audio/mp4";
    };
  }
}
