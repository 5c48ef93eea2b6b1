package dev.tapedeck.protocol.manifest;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Spans of a recording in which somebody sent in its room and, on purpose, was not taped. */
public final class Exclusions {
  /** {@code kind} of its intervals. */
  public static final String KIND = "excluded";

  private Exclusions() {}

  /**
   * One session that was in the room and was not to be taped.
   *
   * @param session 0 when it is not known any more
   * @param fromMs  Unix milliseconds
   * @param toMs    Unix milliseconds, {@link Long#MAX_VALUE} when it never left
   */
  public record Stay(String peer, long session, long fromMs, long toMs) {
    /** Ends no later than this. */
    public Stay until(long endMs) {
      return new Stay(peer, session, fromMs, Math.min(toMs, endMs));
    }
  }

  /** The part of each stay that lies within the recording, in the order of time. */
  public static List<Manifest.Interval> within(Instant start, Instant end, Collection<Stay> stays) {
    return stays.stream()
        .filter(stay -> Math.max(stay.fromMs(), start.toEpochMilli()) < Math.min(stay.toMs(), end.toEpochMilli()))
        .map(stay -> new Manifest.Interval(KIND, stay.peer(),
            Instant.ofEpochMilli(Math.max(stay.fromMs(), start.toEpochMilli())),
            Instant.ofEpochMilli(Math.min(stay.toMs(), end.toEpochMilli()))))
        .distinct()
        .sorted(Comparator.comparing(Manifest.Interval::from).thenComparing(Manifest.Interval::peer)
            .thenComparing(Manifest.Interval::to))
        .toList();
  }
}
