package dev.tapedeck.protocol.rebuild;

import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.rtp.SequenceUnwrapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which packets of one track lie in the chunks of its session: counts by sequence number (RFC 3550 §A.3), taken in the
 * order of the tape. Keeps 20 bytes per packet. Owned by one thread.
 */
public final class TrackTally {
  private static final int INITIAL_PACKETS = 1024;
  private static final long MILLION = 1_000_000;

  private final int number;
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private TrackEntry description;

  /** Extended sequence number in the upper half, the packet's place in the arrays below in the lower. */
  private long[] places = new long[INITIAL_PACKETS];
  private int[] rtpTimestamps = new int[INITIAL_PACKETS];
  private long[] arrivalsWallNanos = new long[INITIAL_PACKETS];
  private int packets;
  private long repairedPackets;
  private SenderReport firstReport;
  private SenderReport lastReport;
  private long reports;

  private record SenderReport(long ntp, int rtpTimestamp, int packets, int octets) {}

  TrackTally(int number, TrackEntry description) {
    this.number = number;
    this.description = description;
  }

  /**
   * What the sequence numbers on the tape say.
   *
   * @param expected      numbers from the lowest to the highest
   * @param distinct      of these, how many are on the tape
   * @param duplicates    packets that stand on the tape a second time
   * @param longestHoleMs longest time between two packets with a number missing between them
   */
  public record Counts(long expected, long distinct, long duplicates, long longestHoleMs) {
    /** Numbers within the span that are not on the tape. */
    public long absent() {
      return expected - distinct;
    }
  }

  /**
   * Numbers in a row that are not on the tape, and when their packets can have come at the earliest and the latest, as
   * far as the packets around them tell; Unix milliseconds.
   */
  public record Hole(long packets, long fromMs, long toMs) {}

  public int number() {
    return number;
  }

  /** As its last track entry says. */
  public TrackEntry description() {
    return description;
  }

  void describe(TrackEntry newer) {
    description = newer;
  }

  void packet(int sequenceNumber, int rtpTimestamp, long arrivalWallNanos, boolean isRepaired) {
    if (packets == places.length) {
      places = Arrays.copyOf(places, packets * 2);
      rtpTimestamps = Arrays.copyOf(rtpTimestamps, packets * 2);
      arrivalsWallNanos = Arrays.copyOf(arrivalsWallNanos, packets * 2);
    }
    places[packets] = unwrapper.unwrap(sequenceNumber) << 32 | packets;
    rtpTimestamps[packets] = rtpTimestamp;
    arrivalsWallNanos[packets] = arrivalWallNanos;
    packets++;
    repairedPackets += isRepaired ? 1 : 0;
  }

  void senderReport(long ntp, int rtpTimestamp, int senderPackets, int senderOctets) {
    lastReport = new SenderReport(ntp, rtpTimestamp, senderPackets, senderOctets);
    firstReport = reports == 0 ? lastReport : firstReport;
    reports++;
  }

  /** Counts what came so far. */
  public Counts counts() {
    if (packets == 0) {
      return new Counts(0, 0, 0, 0);
    }
    long[] sorted = sorted();
    long distinct = 1;
    long duplicates = 0;
    long longestHoleNanos = 0;
    for (int i = 1; i < packets; i++) {
      long step = (sorted[i] >> 32) - (sorted[i - 1] >> 32);
      if (step == 0) {
        // The same number with another timestamp is another packet: a sender that began anew.
        duplicates += rtpTimestamps[(int) sorted[i]] == rtpTimestamps[(int) sorted[i - 1]] ? 1 : 0;
        continue;
      }
      distinct++;
      if (step > 1) {
        longestHoleNanos = Math.max(longestHoleNanos,
            arrivalsWallNanos[(int) sorted[i]] - arrivalsWallNanos[(int) sorted[i - 1]]);
      }
    }
    long expected = (sorted[packets - 1] >> 32) - (sorted[0] >> 32) + 1;
    return new Counts(expected, distinct, duplicates, TimeUnit.NANOSECONDS.toMillis(longestHoleNanos));
  }

  /** Where numbers are missing between the first and the last, in their order. */
  public List<Hole> holes() {
    long[] sorted = sorted();
    List<Hole> holes = new ArrayList<>();
    for (int i = 1; i < packets; i++) {
      long absent = (sorted[i] >> 32) - (sorted[i - 1] >> 32) - 1;
      if (absent > 0) {
        long before = arrivalsWallNanos[(int) sorted[i - 1]];
        long after = arrivalsWallNanos[(int) sorted[i]];
        holes.add(new Hole(absent, TimeUnit.NANOSECONDS.toMillis(Math.min(before, after)),
            TimeUnit.NANOSECONDS.toMillis(Math.max(before, after))));
      }
    }
    return holes;
  }

  /** When the first packet on the tape came; empty without one. */
  public Optional<Instant> firstAt() {
    return arrival(0);
  }

  /** When the last packet on the tape came; empty without one. */
  public Optional<Instant> lastAt() {
    return arrival(packets - 1);
  }

  private long[] sorted() {
    long[] sorted = Arrays.copyOf(places, packets);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The track as a manifest describes it, its reception as far as the tape tells. */
  Manifest.Track toManifest() {
    return new Manifest.Track(number, description.name(), description.mid(), description.rid(), description.kind(),
        description.codec(), description.payloadType(), description.clockRate(), description.channels(),
        description.fmtp(), description.ssrc(), description.rtxSsrc(), description.extensions(), reception(),
        senderReports());
  }

  private Manifest.Reception reception() {
    Counts counts = counts();
    long lostPpm = counts.expected() == 0 ? 0 : counts.absent() * MILLION / counts.expected();
    return new Manifest.Reception(counts.expected(), counts.distinct(), repairedPackets, counts.absent(), lostPpm,
        counts.longestHoleMs(), firstAt(), lastAt());
  }

  private Optional<Instant> arrival(int place) {
    return packets == 0 ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(arrivalsWallNanos[place])));
  }

  private Optional<Manifest.SenderReports> senderReports() {
    return reports == 0 ? Optional.empty() : Optional.of(new Manifest.SenderReports(reports,
        HexFormat.of().toHexDigits(firstReport.ntp()), Integer.toUnsignedLong(firstReport.rtpTimestamp()),
        HexFormat.of().toHexDigits(lastReport.ntp()), Integer.toUnsignedLong(lastReport.rtpTimestamp()),
        Integer.toUnsignedLong(lastReport.packets()), Integer.toUnsignedLong(lastReport.octets())));
  }
}
