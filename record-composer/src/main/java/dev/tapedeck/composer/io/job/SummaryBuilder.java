package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.PeerOrder;
import dev.tapedeck.composer.core.job.Summary;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.composer.core.job.Summary.TrackLine;
import dev.tapedeck.composer.core.timeline.RoomTimeline;
import dev.tapedeck.composer.core.timeline.TrackTimeline;
import dev.tapedeck.composer.core.timeline.TrackTimeline.LayerReport;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.io.source.Recording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Collects what a conversion makes, file by file, into its {@link Summary}. Owned by the job's thread. */
final class SummaryBuilder {
  static final String FILE_NAME = "summary.json";
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final Recording recording;
  private final RoomTimeline room;
  private final Map<String, Map<Long, Map<String, List<Summary.Entry>>>> entries = new TreeMap<>(PeerOrder.JAVASCRIPT);
  private final Map<String, String> kinds = new LinkedHashMap<>();
  private final List<OutputFile> files = new ArrayList<>();
  private final List<String> partial = new ArrayList<>();
  private long composeDurationMs;

  SummaryBuilder(Recording recording, RoomTimeline room) {
    this.recording = recording;
    this.room = room;
    Converter.verdictReason(recording.manifest()).ifPresent(partial::add);
    recording.findings().forEach(finding -> partial.add(finding.toString()));
  }

  void finding(Finding finding) {
    partial.add(finding.toString());
  }

  void file(OutputFile file) {
    files.add(file);
  }

  void composed(OutputFile file) {
    files.add(file);
    composeDurationMs = file.durationMs();
  }

  void trackFile(TrackTimeline track, OutputFile file) {
    files.add(file);
    String name = track.description().name();
    entries.computeIfAbsent(track.peer(), peer -> new TreeMap<>())
        .computeIfAbsent(track.session(), session -> new TreeMap<>(PeerOrder.JAVASCRIPT))
        .computeIfAbsent(name, key -> new ArrayList<>())
        .add(new Summary.Entry(file.path(), track.startWallNanos() / NANOS_PER_MILLI,
            track.endWallNanos() / NANOS_PER_MILLI));
    kinds.put(track.peer() + "/" + track.session() + "/" + name, track.isVideo() ? "Video" : "Audio");
  }

  long composeDurationMs() {
    return composeDurationMs;
  }

  Summary build() {
    Map<String, Summary.Peer> peers = new LinkedHashMap<>();
    entries.forEach((peer, sessions) -> {
      Map<String, Summary.Session> bySession = new LinkedHashMap<>();
      sessions.forEach((session, tracks) -> {
        Map<String, Summary.Track> byName = new LinkedHashMap<>();
        tracks.forEach((name, timeline) ->
            byName.put(name, new Summary.Track(kinds.get(peer + "/" + session + "/" + name), List.copyOf(timeline))));
        bySession.put(Long.toString(session), new Summary.Session(byName));
      });
      peers.put(peer, new Summary.Peer(bySession));
    });
    return new Summary("", peers, partial.isEmpty() ? "complete" : "partial", partial,
        recording.manifest().map(manifest -> manifest.recording()), room.zeroWallNanos() / NANOS_PER_MILLI,
        room.durationNanos() / NANOS_PER_MILLI, files, trackLines());
  }

  private List<TrackLine> trackLines() {
    List<TrackLine> lines = new ArrayList<>();
    for (TrackTimeline track : room.tracks()) {
      for (LayerReport report : track.reports()) {
        lines.add(new TrackLine(track.peer(), track.session(), report.description().name(), report.description().rid(),
            report.description().codec().name(), report.description().ssrc(), report.packets().packets(),
            report.missingPackets(), report.packets().duplicatePackets(), report.frames().frames(),
            report.frames().droppedFrames(), report.clock().source().name().toLowerCase(Locale.ROOT),
            rounded(report.clock().skewPpm()), rounded(report.clock().residualNanos() / (double) NANOS_PER_MILLI)));
      }
    }
    return lines;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
