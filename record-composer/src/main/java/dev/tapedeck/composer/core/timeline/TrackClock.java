package dev.tapedeck.composer.core.timeline;

import java.util.List;

/**
 * Says when a packet's media was captured, on the node's monotonic clock.
 *
 * <p>The media clock of a phone may stop and go on during a call; each stretch between two such breaks has a line of
 * its own. Immutable.
 */
public final class TrackClock {
  /** What a clock was fitted from. */
  public enum Source {
    /** Sender reports gave the media clock, arrival only the shortest delay. */
    SENDER_REPORTS,
    /** No usable sender report: the line under the arrival times, audio and video may be some 10 ms apart. */
    ARRIVAL
  }

  /**
   * One stretch of an unbroken media clock.
   *
   * @param fromPacket index of its first packet in the {@link RtpSequence}
   * @param line       RTP ticks to nanoseconds of the node
   */
  record Stretch(int fromPacket, Line line) {}

  private final Source source;
  private final List<Stretch> stretches;
  private final int clockRate;
  private final int senderReports;
  private final long residualNanos;

  TrackClock(Source source, List<Stretch> stretches, int clockRate, int senderReports, long residualNanos) {
    this.source = source;
    this.stretches = List.copyOf(stretches);
    this.clockRate = clockRate;
    this.senderReports = senderReports;
    this.residualNanos = residualNanos;
  }

  /**
   * Capture time of the media with this timestamp.
   *
   * @param packet  index of the packet that carries it
   * @param rtpTime unwrapped RTP timestamp
   * @return nanoseconds on the node's monotonic clock, shortest path delay included
   */
  public long captureNanos(int packet, long rtpTime) {
    return stretchOf(packet).line().at(rtpTime);
  }

  public Source source() {
    return source;
  }

  /** Sender reports used. */
  public int senderReports() {
    return senderReports;
  }

  /** Breaks in the media clock: 0 for a healthy sender. */
  public int breaks() {
    return stretches.size() - 1;
  }

  /** Median distance of the evidence from the fit, nanoseconds: of the sender reports, or of the arrival times. */
  public long residualNanos() {
    return residualNanos;
  }

  /** How much faster than the node's clock the media clock runs, parts per million, in its last stretch. */
  public double skewPpm() {
    double nominal = 1e9 / clockRate;
    return (nominal / stretches.getLast().line().slope() - 1.0) * 1e6;
  }

  List<Stretch> stretches() {
    return stretches;
  }

  private Stretch stretchOf(int packet) {
    int index = stretches.size() - 1;
    while (index > 0 && stretches.get(index).fromPacket() > packet) {
      index--;
    }
    return stretches.get(index);
  }
}
