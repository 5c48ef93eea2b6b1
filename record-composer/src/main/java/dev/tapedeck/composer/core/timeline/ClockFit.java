package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.timeline.TrackClock.Source;
import dev.tapedeck.composer.core.timeline.TrackClock.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Fits the media clocks of all tracks of one session to the node's clock, over the whole session at once.
 *
 * <p>Two steps. Each track's sender reports tie its media clock to the sender's wall clock ({@link MediaClockFit}).
 * Then one line for the whole session ties the sender's wall clock to the node's, by the packets that travelled
 * fastest ({@link LowerEnvelope}). Because audio and video share the second step, no network delay can part them.
 * A track without reports, or with reports that contradict its arrival, is fitted to its arrival times alone.
 */
public final class ClockFit {
  /** Fastest packet of a track later than this after the session's line: its reports use another clock. */
  private static final long MAX_DISAGREEMENT_NANOS = 1_000_000_000L;
  private static final long BUCKET_NANOS = 1_000_000_000L;
  /** A step of the media clock against arrival that a stalled network would not explain. */
  private static final long ARRIVAL_BREAK_NANOS = 2_000_000_000L;
  private static final int ARRIVAL_BREAK_PACKETS = 50;

  /** One track as taped: packets of one SSRC and its sender reports in order of arrival. */
  public record Track(RtpSequence packets, List<SenderReport> reports) {}

  private ClockFit() {}

  /** Fits one session; the answer has one clock per track, in the same order. */
  public static List<TrackClock> fit(List<Track> tracks) {
    List<MediaClockFit.Fit> media = new ArrayList<>();
    FastestPackets fastest = new FastestPackets();
    for (Track track : tracks) {
      boolean usable = !track.reports().isEmpty() && track.packets().size() > 0;
      MediaClockFit.Fit fit = usable ? MediaClockFit.fit(track.packets(), track.reports()) : null;
      media.add(fit);
      if (usable) {
        fastest.addAll(track.packets(), fit.stretches());
      }
    }
    Line senderToNode = fastest.isEmpty() ? null : fastest.fitLine();
    List<TrackClock> clocks = new ArrayList<>();
    for (int i = 0; i < tracks.size(); i++) {
      clocks.add(clockOf(tracks.get(i).packets(), media.get(i), senderToNode));
    }
    return clocks;
  }

  private static TrackClock clockOf(RtpSequence packets, MediaClockFit.Fit media, Line senderToNode) {
    if (media == null) {
      return byArrival(packets);
    }
    List<Stretch> stretches = media.stretches().stream()
        .map(stretch -> new Stretch(stretch.fromPacket(), stretch.line().then(senderToNode)))
        .toList();
    TrackClock clock = new TrackClock(Source.SENDER_REPORTS, stretches, packets.clockRate(), media.reports(),
        media.residualNanos());
    return Math.abs(shortestDelay(packets, clock)) > MAX_DISAGREEMENT_NANOS ? byArrival(packets) : clock;
  }

  private static long shortestDelay(RtpSequence packets, TrackClock clock) {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < packets.size(); i++) {
      shortest = Math.min(shortest, packets.arrivalNanos(i) - clock.captureNanos(i, packets.rtpTime(i)));
    }
    return shortest;
  }

  private static TrackClock byArrival(RtpSequence packets) {
    List<Stretch> stretches = new ArrayList<>();
    int from = 0;
    for (int i = 1; i < packets.size(); i++) {
      if (isArrivalBreak(packets, i)) {
        stretches.add(arrivalStretch(packets, from, i));
        from = i;
      }
    }
    stretches.add(arrivalStretch(packets, from, packets.size()));
    TrackClock clock = new TrackClock(Source.ARRIVAL, stretches, packets.clockRate(), 0, 0);
    return new TrackClock(Source.ARRIVAL, stretches, packets.clockRate(), 0, medianDelay(packets, clock));
  }

  private static Stretch arrivalStretch(RtpSequence packets, int from, int to) {
    Line nominal = new Line(from < to ? packets.rtpTime(from) : 0, 0, 1e9 / packets.clockRate());
    FastestPackets fastest = new FastestPackets();
    fastest.addAll(packets, from, to, nominal);
    return new Stretch(from, fastest.isEmpty() ? nominal : nominal.then(fastest.fitLine()));
  }

  // A stall delays packets and then catches up; a break stays.
  private static boolean isArrivalBreak(RtpSequence packets, int at) {
    if (Math.abs(lag(packets, at) - lag(packets, at - 1)) < ARRIVAL_BREAK_NANOS) {
      return false;
    }
    long before = leastLag(packets, Math.max(0, at - ARRIVAL_BREAK_PACKETS), at);
    long after = leastLag(packets, at, Math.min(packets.size(), at + ARRIVAL_BREAK_PACKETS));
    return Math.abs(after - before) >= ARRIVAL_BREAK_NANOS / 2;
  }

  private static long leastLag(RtpSequence packets, int from, int to) {
    long least = Long.MAX_VALUE;
    for (int i = from; i < to; i++) {
      least = Math.min(least, lag(packets, i));
    }
    return least;
  }

  private static long lag(RtpSequence packets, int index) {
    return packets.arrivalNanos(index) - RtpTime.nanos(packets.rtpTime(index), packets.clockRate());
  }

  private static long medianDelay(RtpSequence packets, TrackClock clock) {
    long[] delays = new long[packets.size()];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = packets.arrivalNanos(i) - clock.captureNanos(i, packets.rtpTime(i));
    }
    return MediaClockFit.median(delays);
  }

  /** The fastest packet of each second of the source clock, over any number of tracks. */
  private static final class FastestPackets {
    private final TreeMap<Long, long[]> byBucket = new TreeMap<>();

    void addAll(RtpSequence packets, List<Stretch> stretches) {
      for (int i = 0; i < stretches.size(); i++) {
        int to = i + 1 < stretches.size() ? stretches.get(i + 1).fromPacket() : packets.size();
        addAll(packets, stretches.get(i).fromPacket(), to, stretches.get(i).line());
      }
    }

    void addAll(RtpSequence packets, int from, int to, Line mediaToSource) {
      for (int i = from; i < to; i++) {
        long source = mediaToSource.at(packets.rtpTime(i));
        long node = packets.arrivalNanos(i);
        long[] best = byBucket.get(Math.floorDiv(source, BUCKET_NANOS));
        if (best == null || node - source < best[1] - best[0]) {
          byBucket.put(Math.floorDiv(source, BUCKET_NANOS), new long[] {source, node});
        }
      }
    }

    boolean isEmpty() {
      return byBucket.isEmpty();
    }

    Line fitLine() {
      long[] x = byBucket.values().stream().mapToLong(point -> point[0]).toArray();
      long[] y = byBucket.values().stream().mapToLong(point -> point[1]).toArray();
      return LowerEnvelope.fit(x, y);
    }
  }
}
