package dev.tapedeck.protocol.rebuild;

import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.manifest.Exclusions;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A manifest made from chunks alone, for a store whose manifests or whose connector are gone. It is not signed. */
public final class ManifestRebuild {
  /** What stands as {@code closeReason}: why the recording ended stood nowhere but in what is gone. */
  public static final String CLOSE_REASON = "rebuilt";

  private ManifestRebuild() {}

  /**
   * The manifest of these sessions. Its verdict is {@code complete} only as far as chunks can tell: what was lost without
   * a trace in them, or followed the last one of a session, is not seen.
   *
   * @param sessions of one recording, each with at least one chunk
   * @throws IllegalArgumentException when there is none, or they are of more than one recording
   */
  public static Manifest of(List<SessionRebuild> sessions) {
    if (sessions.stream().map(session -> session.header().recording()).distinct().count() != 1) {
      throw new IllegalArgumentException("a manifest needs the sessions of exactly one recording");
    }
    ChunkHeader any = sessions.getFirst().header();
    List<Manifest.Session> rebuilt = sessions.stream().map(SessionRebuild::toManifest)
        .sorted(Comparator.comparing(Manifest.Session::startedAt).thenComparing(Manifest.Session::session)).toList();
    List<Manifest.Gap> gaps = sessions.stream().flatMap(session -> session.gaps().stream()).toList();
    List<RoomEventEntry> events = sessions.stream().flatMap(session -> session.roomEvents().stream()).toList();
    Instant from = rebuilt.getFirst().startedAt();
    Instant to = rebuilt.stream().map(Manifest.Session::endedAt).max(Comparator.naturalOrder()).orElseThrow();
    long packets = sessions.stream().mapToLong(SessionRebuild::packets).sum();
    return new Manifest(Manifest.FORMAT, 1, Optional.empty(), any.app(), any.room(), any.roomInstance(),
        any.recording(), from, to, Duration.between(from, to).toMillis(), verdict(gaps, packets), CLOSE_REASON, rebuilt,
        gaps, Exclusions.within(from, to, UntapedStays.of(events)), List.of(), Optional.empty());
  }

  private static Verdict verdict(List<Manifest.Gap> gaps, long packets) {
    if (gaps.stream().anyMatch(gap -> !gap.requested())) {
      return Verdict.PARTIAL;
    }
    return packets == 0 ? Verdict.EMPTY : Verdict.COMPLETE;
  }
}
