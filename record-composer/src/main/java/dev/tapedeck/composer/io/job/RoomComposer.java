package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.ConvertRequest;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.composer.core.media.ComposeTrack;
import dev.tapedeck.composer.core.mix.MixPlan;
import dev.tapedeck.composer.core.mix.TrackInterval;
import dev.tapedeck.composer.core.mix.TrackKey;
import dev.tapedeck.composer.core.timeline.RoomTimeline;
import dev.tapedeck.composer.core.timeline.TrackTimeline;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.composer.io.media.ComposeSettings;
import dev.tapedeck.composer.io.media.Composer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Makes the one file of everybody: hands the tracks and the plan of who is seen when to the {@link Composer}. */
final class RoomComposer {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final RoomTimeline room;
  private final OutputTarget target;
  private final Path work;
  private final SummaryBuilder summary;

  RoomComposer(RoomTimeline room, OutputTarget target, Path work, SummaryBuilder summary) {
    this.room = room;
    this.target = target;
    this.work = work;
    this.summary = summary;
  }

  /** @return where the composed file is */
  String compose(ConvertRequest.Compose wanted, String name, DoubleConsumer progress) throws IOException {
    ComposeSettings settings = ComposeSettings.defaults().with(wanted.video(), wanted.audio());
    Path file = work.resolve("compose." + settings.container().extension());
    List<TrackTimeline> tracks = room.tracks().stream()
        .filter(track -> !track.isEmpty() && (track.isVideo() ? wanted.video() : wanted.audio()))
        .toList();
    Composer.Result result = run(tracks, room, settings, file, progress);
    result.warnings().forEach(warning -> summary.finding(new Finding(Kind.TRACK_FAILED,
        warning.track().peer() + "/" + warning.track().session() + "/" + warning.track().name(), warning.message())));
    long bytes = Files.size(file);
    String uri = target.put(name, file, Transmuxer.contentType(settings.container(), result.videoFrames() > 0));
    boolean hasPicture = result.videoFrames() > 0;
    List<String> codecs = new ArrayList<>(hasPicture ? List.of("VP8") : List.of());
    if (tracks.stream().anyMatch(track -> !track.isVideo())) {
      codecs.add("OPUS");
    }
    summary.composed(new OutputFile(name, uri, "compose", codecs, result.durationNanos() / NANOS_PER_MILLI, bytes,
        hasPicture ? settings.width() : 0, hasPicture ? settings.height() : 0));
    Files.delete(file);
    return uri;
  }

  /** Mixes tracks of one participant that sound at the same time; answers the length in nanoseconds. */
  static long mixVoices(List<TrackTimeline> tracks, RoomTimeline room, Path file) throws IOException {
    return run(tracks, room, ComposeSettings.defaults().asOgg(), file, done -> {}).durationNanos();
  }

  private static Composer.Result run(List<TrackTimeline> tracks, RoomTimeline room, ComposeSettings settings, Path file,
      DoubleConsumer progress) throws IOException {
    List<ComposeTrack> sources = new ArrayList<>();
    List<TrackInterval> intervals = new ArrayList<>();
    Map<TrackKey, Integer> seen = new HashMap<>();
    long zero = room.zeroWallNanos();
    for (TrackTimeline track : tracks) {
      TrackKey key = uniqueKey(track, seen);
      sources.add(new ComposeTrack(key.peer(), key.session(), key.name(), track.isVideo(), track.open(zero)));
      intervals.add(new TrackInterval(key, track.isVideo(), track.startWallNanos() - zero,
          track.endWallNanos() - zero));
    }
    MixPlan plan = MixPlan.of(intervals, room.durationNanos());
    return Composer.compose(sources, plan, settings, file, progress);
  }

  // A track that was stopped and published again has the same name, but is a stream of its own.
  private static TrackKey uniqueKey(TrackTimeline track, Map<TrackKey, Integer> seen) {
    TrackKey key = new TrackKey(track.peer(), track.session(), track.description().name());
    int times = seen.merge(key, 1, Integer::sum);
    return times == 1 ? key : new TrackKey(key.peer(), key.session(), key.name() + "#" + times);
  }
}
