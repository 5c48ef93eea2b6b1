package dev.tapedeck.composer.core.mix;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Who is seen when: the recording cut into spans at every moment somebody comes or goes. Spans follow one another
 *  without hole from 0 to the end.
 *  @param durationNanos length of the composition, 0 or more */
public record MixPlan(long durationNanos, List<Span> spans) {

  /** One unchanging arrangement.
   *  @param tiles from the top left of the grid, in the order people joined */
  public record Span(long fromNanos, long toNanos, List<Tile> tiles) {}

  /** One place on the canvas.
   *  @param video the track shown there; empty for a participant who only speaks */
  public record Tile(String peer, long session, Optional<TrackKey> video) {}

  private record Participant(String peer, long session) {}

  public MixPlan {
    spans = List.copyOf(spans);
  }

  /** Plans a composition in which everybody who is there has a tile: one per video track, else a plain one. The order
   *  is that of joining and never changes while somebody stays.
   *  @param durationNanos where the last span ends; intervals beyond it are cut */
  public static MixPlan of(Collection<TrackInterval> intervals, long durationNanos) {
    List<TrackInterval> ordered = intervals.stream()
        .filter(interval -> interval.fromNanos() < interval.toNanos())
        .sorted(Comparator.comparingLong(TrackInterval::fromNanos)
            .thenComparing(interval -> interval.track().peer())
            .thenComparingLong(interval -> interval.track().session())
            .thenComparing(interval -> interval.track().name()))
        .toList();
    Map<Participant, List<TrackInterval>> participants = new LinkedHashMap<>();
    for (TrackInterval interval : ordered) {
      Participant participant = new Participant(interval.track().peer(), interval.track().session());
      participants.computeIfAbsent(participant, key -> new ArrayList<>()).add(interval);
    }
    return new MixPlan(durationNanos, spans(participants, durationNanos));
  }

  /** @return the arrangement at a time from 0 to before the end, empty outside */
  public Optional<Span> at(long nanos) {
    return spans.stream().filter(span -> span.fromNanos() <= nanos && nanos < span.toNanos()).findFirst();
  }

  private static List<Span> spans(Map<Participant, List<TrackInterval>> participants, long durationNanos) {
    TreeSet<Long> cuts = new TreeSet<>(List.of(0L, durationNanos));
    participants.values().stream().flatMap(List::stream).forEach(interval -> {
      cuts.add(Math.clamp(interval.fromNanos(), 0, durationNanos));
      cuts.add(Math.clamp(interval.toNanos(), 0, durationNanos));
    });
    List<Span> spans = new ArrayList<>();
    long from = 0;
    for (long to : cuts.tailSet(0L, false)) {
      append(spans, new Span(from, to, tiles(participants, from, to)));
      from = to;
    }
    return spans;
  }

  /** A cut that changes nothing to be seen is none. */
  private static void append(List<Span> spans, Span next) {
    if (!spans.isEmpty() && spans.getLast().tiles().equals(next.tiles())) {
      Span last = spans.removeLast();
      spans.add(new Span(last.fromNanos(), next.toNanos(), next.tiles()));
    } else {
      spans.add(next);
    }
  }

  private static List<Tile> tiles(Map<Participant, List<TrackInterval>> participants, long from, long to) {
    List<Tile> tiles = new ArrayList<>();
    participants.forEach((participant, intervals) -> {
      List<TrackInterval> there =
          intervals.stream().filter(interval -> interval.fromNanos() < to && from < interval.toNanos()).toList();
      List<TrackKey> videos = there.stream().filter(TrackInterval::video).map(TrackInterval::track).distinct().toList();
      for (TrackKey video : videos) {
        tiles.add(new Tile(participant.peer(), participant.session(), Optional.of(video)));
      }
      if (videos.isEmpty() && !there.isEmpty()) {
        tiles.add(new Tile(participant.peer(), participant.session(), Optional.empty()));
      }
    });
    return List.copyOf(tiles);
  }
}
