package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.timeline.TrackClock.Stretch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits one track's media clock to the sender's wall clock, from sender reports alone.
 *
 * <p>Reports of a browser scatter by some 10 ms around the truth, so a line through all of them is drawn instead of
 * joining them: Theil-Sen, the median of slopes, which a third of wild reports cannot move.
 */
final class MediaClockFit {
  /** Two reports that disagree by more than this about the time between them mark a break, not jitter. */
  private static final long BREAK_NANOS = 150_000_000L;
  private static final double BREAK_PER_NANO = 1e-3;
  /** From fewer or closer reports the rate is taken as nominal: 30 s at 100 ppm is 3 ms. */
  private static final int MIN_REPORTS = 8;
  private static final long MIN_SPAN_NANOS = 30_000_000_000L;
  private static final double MAX_SKEW = 500e-6;
  private static final int MAX_SLOPE_POINTS = 200;

  /**
   * The fit of one track.
   *
   * @param stretches     RTP ticks to the sender's NTP nanoseconds, at least one
   * @param reports       sender reports used
   * @param residualNanos median distance of the reports from their line
   */
  record Fit(List<Stretch> stretches, int reports, long residualNanos) {}

  private record Point(long rtpTime, long ntpNanos, long arrivalNanos) {}

  private final RtpSequence packets;
  private final List<Point> points;

  private MediaClockFit(RtpSequence packets, List<Point> points) {
    this.packets = packets;
    this.points = points;
  }

  /** Fits {@code reports}, of which there must be one at least, sorted by arrival. */
  static Fit fit(RtpSequence packets, List<SenderReport> reports) {
    List<Point> points = new ArrayList<>(reports.size());
    for (SenderReport report : reports) {
      points.add(new Point(packets.unwrapAt(report.rtpTimestamp(), report.arrivalNanos()), report.ntpNanos(),
          report.arrivalNanos()));
    }
    return new MediaClockFit(packets, points).fitStretches();
  }

  private Fit fitStretches() {
    List<Stretch> stretches = new ArrayList<>();
    List<Point> stretch = new ArrayList<>(List.of(points.getFirst()));
    List<Long> residuals = new ArrayList<>();
    int fromPacket = 0;
    long ntpStepNanos = 0;
    for (int i = 1; i < points.size(); i++) {
      Point before = points.get(i - 1);
      Point here = points.get(i);
      long ntpPassed = here.ntpNanos - before.ntpNanos;
      long mediaPassed = nominalNanos(here.rtpTime - before.rtpTime);
      long nodePassed = here.arrivalNanos - before.arrivalNanos;
      if (isBreak(ntpPassed, mediaPassed)) {
        // The clock that leaves the node's is the one that jumped.
        if (Math.abs(mediaPassed - nodePassed) < Math.abs(ntpPassed - nodePassed)) {
          ntpStepNanos += ntpPassed - mediaPassed;
        } else {
          stretches.add(close(stretch, fromPacket, residuals));
          stretch.clear();
          fromPacket = breakPacket(before.arrivalNanos, here.arrivalNanos);
        }
      }
      stretch.add(new Point(here.rtpTime, here.ntpNanos - ntpStepNanos, here.arrivalNanos));
    }
    stretches.add(close(stretch, fromPacket, residuals));
    return new Fit(stretches, points.size(), median(residuals.stream().mapToLong(Long::longValue).toArray()));
  }

  private static boolean isBreak(long ntpPassed, long mediaPassed) {
    return Math.abs(ntpPassed - mediaPassed) > BREAK_NANOS + Math.abs(ntpPassed) * BREAK_PER_NANO;
  }

  private Stretch close(List<Point> stretch, int fromPacket, List<Long> residuals) {
    Line line = fitLine(stretch);
    for (Point point : stretch) {
      residuals.add(Math.abs(point.ntpNanos - line.at(point.rtpTime)));
    }
    return new Stretch(fromPacket, line);
  }

  private Line fitLine(List<Point> stretch) {
    Point origin = stretch.getFirst();
    double slope = slopeOf(stretch);
    long[] above = stretch.stream()
        .mapToLong(point -> point.ntpNanos - origin.ntpNanos - Math.round((point.rtpTime - origin.rtpTime) * slope))
        .toArray();
    return new Line(origin.rtpTime, origin.ntpNanos + median(above), slope);
  }

  private double slopeOf(List<Point> stretch) {
    double nominal = 1e9 / packets.clockRate();
    long span = stretch.getLast().ntpNanos - stretch.getFirst().ntpNanos;
    if (stretch.size() < MIN_REPORTS || span < MIN_SPAN_NANOS) {
      return nominal;
    }
    int step = Math.max(1, stretch.size() / MAX_SLOPE_POINTS);
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < stretch.size(); i += step) {
      for (int j = i + step; j < stretch.size(); j += step) {
        long ticks = stretch.get(j).rtpTime - stretch.get(i).rtpTime;
        // Close pairs only add noise; the far half decides.
        if (ticks > 0 && stretch.get(j).ntpNanos - stretch.get(i).ntpNanos > span / 3) {
          slopes.add((stretch.get(j).ntpNanos - stretch.get(i).ntpNanos) / (double) ticks);
        }
      }
    }
    double[] sorted = slopes.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double slope = sorted.length == 0 ? nominal : sorted[sorted.length / 2];
    return Math.abs(slope / nominal - 1.0) > MAX_SKEW ? nominal : slope;
  }

  /** The packet after the largest step of the media clock against arrival, among those taped between two reports. */
  private int breakPacket(long fromArrivalNanos, long toArrivalNanos) {
    int found = packets.size() - 1;
    long largest = -1;
    for (int i = 1; i < packets.size(); i++) {
      long arrival = packets.arrivalNanos(i);
      if (arrival < fromArrivalNanos || arrival > toArrivalNanos) {
        continue;
      }
      long media = nominalNanos(packets.rtpTime(i) - packets.rtpTime(i - 1));
      long step = Math.abs(arrival - packets.arrivalNanos(i - 1) - media);
      if (media != 0 && step > largest) {
        largest = step;
        found = i;
      }
    }
    return found;
  }

  private long nominalNanos(long ticks) {
    return RtpTime.nanos(ticks, packets.clockRate());
  }

  static long median(long[] values) {
    Arrays.sort(values);
    return values.length == 0 ? 0 : values[values.length / 2];
  }
}
