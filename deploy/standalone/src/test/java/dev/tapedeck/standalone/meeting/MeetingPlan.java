package dev.tapedeck.standalone.meeting;

import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.meeting.FfmpegTools.Area;
import dev.tapedeck.standalone.meeting.MeetingFiles.Track;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who must be seen where and when in a composed file, from when each of them was there. Times are seconds of it. */
final class MeetingPlan {
  /** For pictures and sounds that begin or end within a frame or a packet of one another. */
  private static final double EDGE_SECONDS = 0.5;

  private final Map<Performer, Span> stays = new LinkedHashMap<>();

  /** A time in which nothing changes. */
  record Span(double from, double to) {
    Span inner() {
      return new Span(from + EDGE_SECONDS, to - EDGE_SECONDS);
    }

    boolean contains(double seconds) {
      return from <= seconds && seconds <= to;
    }

    double middle() {
      return (from + to) / 2;
    }
  }

  /** @param everybody in the order they joined */
  MeetingPlan(MeetingFiles files, List<Performer> everybody) {
    for (Performer performer : everybody) {
      List<Track> tracks = List.of(files.picture(performer), files.sound(performer));
      stays.put(performer, new Span(
          files.composedSeconds(tracks.stream().mapToLong(Track::startMillis).min().orElseThrow()),
          files.composedSeconds(tracks.stream().mapToLong(Track::endMillis).max().orElseThrow())));
    }
  }

  Span stay(Performer performer) {
    return stays.get(performer);
  }

  /** In the order of their tiles, which is that of joining. */
  List<Performer> peopleAt(double seconds) {
    return stays.keySet().stream().filter(performer -> stays.get(performer).contains(seconds)).toList();
  }

  /** When exactly these were there, without its edges. */
  Span whenOnly(List<Performer> people) {
    double from = people.stream().mapToDouble(performer -> stays.get(performer).from()).max().orElseThrow();
    double to = people.stream().mapToDouble(performer -> stays.get(performer).to()).min().orElseThrow();
    for (Map.Entry<Performer, Span> other : stays.entrySet()) {
      if (!people.contains(other.getKey()) && other.getValue().to() < to) {
        from = Math.max(from, other.getValue().to());
      } else if (!people.contains(other.getKey())) {
        to = Math.min(to, other.getValue().from());
      }
    }
    return new Span(from, to).inner();
  }

  /** A plain part of a tile of the grid: pictures are 16:9 on a canvas of 16:9, plain in their upper two thirds. */
  static Area plainArea(int tile, int tiles) {
    return switch (tiles) {
      case 1 -> new Area(0.3, 0.2, 0.4, 0.3);
      case 2 -> new Area(0.5 * tile + 0.15, 0.3, 0.2, 0.15);
      case 3 -> tile < 2 ? new Area(0.5 * tile + 0.15, 0.1, 0.2, 0.15) : new Area(0.4, 0.6, 0.2, 0.15);
      default -> throw new IllegalArgumentException(tiles + " tiles");
    };
  }

  /** The instant between two flashes that is nearest, so that nobody is white then. */
  static double calm(double seconds, List<Double> flashes) {
    return flashes.stream().map(flash -> flash + 0.6)
        .min(Comparator.comparingDouble(candidate -> Math.abs(candidate - seconds))).orElseThrow();
  }
}
