package dev.tapedeck.composer.core.verify;

import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.rebuild.SessionTally;
import dev.tapedeck.protocol.rebuild.TrackTally;
import dev.tapedeck.protocol.rebuild.TrackTally.Counts;
import dev.tapedeck.protocol.rebuild.TrackTally.Hole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether every packet that reached a session's tape is on it, or in a gap. Reception counts what reached the tape and what
 * the network lost; sequence numbers on the tape must leave no more open than that. A gap that counts its packets explains
 * as many. One that does not know how many it holds explains any number, but only of packets that can have come within it.
 */
public final class CountCheck {
  /** A lost packet is asked for over 5 s, and its retransmission may come a little later than that. */
  private static final long LATEST_REPAIR_MILLIS = 6_000;

  /** By how much the times of reception and of chunks may differ, which two readings of the clock stand for. */
  private static final long CLOCK_MILLIS = 1_000;

  private static final Counts NOTHING = new Counts(0, 0, 0, 0);

  private final Manifest.Session session;
  private final List<Manifest.Gap> gaps;
  private final SessionTally tally;
  private final List<Finding> findings = new ArrayList<>();

  private CountCheck(Manifest.Session session, List<Manifest.Gap> gaps, SessionTally tally) {
    this.session = session;
    this.gaps = gaps.stream()
        .filter(gap -> gap.peer().equals(session.peer()) && gap.session() == session.session()).toList();
    this.tally = tally;
  }

  /**
   * What is missing and has no name, and what stands twice.
   *
   * @param gaps  all of the recording
   * @param tally of all chunks of this session
   */
  public static List<Finding> check(Manifest.Session session, List<Manifest.Gap> gaps, SessionTally tally) {
    CountCheck check = new CountCheck(session, gaps, tally);
    check.findDuplicates();
    check.findUnnamed();
    return check.findings;
  }

  private void findDuplicates() {
    for (TrackTally track : tally.tracks()) {
      Counts counts = track.counts();
      if (counts.duplicates() > 0) {
        findings.add(new Finding(Kind.DUPLICATE, name(), counts.duplicates() + " packets of track " + track.number()
            + " stand twice"));
      }
    }
  }

  private void findUnnamed() {
    long shared = countedPackets(0);
    for (Manifest.Track track : session.tracks()) {
      Optional<TrackTally> onTape =
          tally.tracks().stream().filter(known -> known.number() == track.number()).findFirst();
      Counts counts = onTape.map(TrackTally::counts).orElse(NOTHING);
      long unnamed = missing(track, onTape, counts) - countedPackets(track.number());
      if (unnamed > shared) {
        findings.add(new Finding(Kind.UNNAMED_LOSS, name(), "track " + track.number() + ": " + unnamed
            + " packets are neither on the tape nor in a gap; " + track.reception().received() + " reached it, "
            + counts.distinct() + " are on it"));
      }
      shared -= Math.clamp(unnamed, 0, shared);
      onTape.ifPresent(known -> findBareEnds(track, known, counts));
    }
  }

  /** Packets of the track that reached the tape, are not on it, and cannot have come within a gap of unknown size. */
  private long missing(Manifest.Track track, Optional<TrackTally> onTape, Counts counts) {
    List<Manifest.Gap> open = gapsOf(track.number()).stream().filter(gap -> gap.packets() == 0).toList();
    List<Hole> holes = onTape.map(TrackTally::holes).orElse(List.of());
    long withinOpen = holes.stream().filter(hole -> isWithin(open, hole)).mapToLong(Hole::packets).sum();
    boolean isAnyOpen = withinOpen > 0 || ends(track, onTape).stream().anyMatch(end -> isWithin(open, end));
    long left = track.reception().received() - counts.distinct();
    return Math.max(isAnyOpen ? 0 : left, counts.absent() - withinOpen - track.reception().lost()) - unwanted(track);
  }

  /** Where packets came, by reception, before the first on the tape and after the last. */
  private List<Hole> ends(Manifest.Track track, Optional<TrackTally> onTape) {
    long fromMs = track.reception().firstAt().orElse(session.startedAt()).toEpochMilli();
    long toMs = track.reception().lastAt().orElse(session.endedAt()).toEpochMilli();
    Optional<Instant> first = onTape.flatMap(TrackTally::firstAt);
    Optional<Instant> last = onTape.flatMap(TrackTally::lastAt);
    if (first.isEmpty() || last.isEmpty()) {
      return List.of(new Hole(0, fromMs, toMs));
    }
    List<Hole> ends = new ArrayList<>();
    if (fromMs < first.get().toEpochMilli()) {
      ends.add(new Hole(0, fromMs, first.get().toEpochMilli()));
    }
    if (toMs > last.get().toEpochMilli()) {
      ends.add(new Hole(0, last.get().toEpochMilli(), toMs));
    }
    return ends;
  }

  /** Where a gap elsewhere may hold any number, counts do not show what is missing at an end; times do. */
  private void findBareEnds(Manifest.Track track, TrackTally onTape, Counts counts) {
    boolean isAllThere = track.reception().received() - unwanted(track) <= counts.distinct();
    if (isAllThere || unwanted(track) > 0 || track.reception().firstAt().isEmpty() || track.reception().lastAt().isEmpty()) {
      return;
    }
    for (Hole end : ends(track, Optional.of(onTape))) {
      if (end.toMs() - end.fromMs() > CLOCK_MILLIS && !isWithin(gapsOf(track.number()), end)) {
        findings.add(new Finding(Kind.UNNAMED_LOSS, name(), "track " + track.number() + ": packets reached it from "
            + Instant.ofEpochMilli(end.fromMs()) + " to " + Instant.ofEpochMilli(end.toMs())
            + " that are neither on the tape nor in a gap"));
      }
    }
  }

  private static long unwanted(Manifest.Track track) {
    return track.reception().causes().map(Manifest.Causes::unwanted).orElse(0L);
  }

  private static boolean isWithin(List<Manifest.Gap> gaps, Hole hole) {
    return gaps.stream().anyMatch(gap -> gap.from().toEpochMilli() <= hole.toMs() + LATEST_REPAIR_MILLIS
        && gap.to().toEpochMilli() >= hole.fromMs());
  }

  private List<Manifest.Gap> gapsOf(int track) {
    return gaps.stream().filter(gap -> gap.track() == 0 || gap.track() == track).toList();
  }

  private long countedPackets(int track) {
    return gaps.stream().filter(gap -> gap.track() == track).mapToLong(Manifest.Gap::packets).sum();
  }

  private String name() {
    return session.peer() + "/" + session.session();
  }
}
