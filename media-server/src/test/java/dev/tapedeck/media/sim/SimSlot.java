package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;

import dev.tapedeck.protocol.codec.Vp8Payload;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.rtp.Rtx;
import dev.tapedeck.protocol.rtp.SequenceUnwrapper;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What one m-line of a watcher received, and which of its packets are still to be asked for. */
final class SimSlot {
  private static final long REORDER_NANOS = 35 * MILLIS;
  private static final long RETRY_NANOS = 90 * MILLIS;
  private static final long GIVE_UP_NANOS = 2_000 * MILLIS;

  private static final class Missing {
    private final long sinceNanos;
    private long askedNanos = Long.MIN_VALUE;

    private Missing(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  final String mid;
  final int ssrc;
  final int rtxSsrc;
  final boolean isVideo;
  final NavigableMap<Long, SimPacket> packets = new TreeMap<>();

  /** Originals that came twice, and retransmissions of what was there already. */
  int duplicates;
  int needlessRepairs;
  int emptyRepairs;

  /** Last sender report. */
  boolean hasReport;
  long reportWallNanos;
  int reportTimestamp;
  long reportedPackets;

  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final Map<Long, Missing> missing = new HashMap<>();

  SimSlot(String mid, int ssrc, int rtxSsrc, boolean isVideo) {
    this.isVideo = isVideo;
    this.mid = mid;
    this.ssrc = ssrc;
    this.rtxSsrc = rtxSsrc;
  }

  /** Unwrapped sequence number of an original or, without moving on, of what a retransmission carries. */
  long unwrap(int sequenceNumber, boolean isRepaired) {
    return isRepaired ? unwrapper.peek(sequenceNumber) : unwrapper.unwrap(sequenceNumber);
  }

  /** Takes down a packet of video, or its retransmission by RTX. */
  void read(MemorySegment memory, long offset, int headerBytes, int payloadBytes, boolean isRepaired, long nowNanos) {
    long payload = offset + headerBytes;
    int sequenceNumber = RtpHeader.sequenceNumber(memory, offset);
    int bytes = payloadBytes;
    if (isRepaired) {
      sequenceNumber = Rtx.originalSequenceNumber(memory, payload, payloadBytes);
      payload += Rtx.OSN_BYTES;
      bytes -= Rtx.OSN_BYTES;
    }
    boolean isEmpty = bytes == 0;
    boolean hasPicture = isVideo && !isEmpty;
    add(new SimPacket(unwrap(sequenceNumber, isRepaired), RtpHeader.rtpTimestamp(memory, offset),
        RtpHeader.hasMarker(memory, offset), RtpHeader.payloadType(memory, offset), isRepaired, nowNanos,
        isEmpty ? null : SimFrame.read(memory, payload, bytes),
        hasPicture ? Vp8Payload.pictureId(memory, payload) : 0,
        hasPicture ? Vp8Payload.tl0PicIdx(memory, payload) : 0,
        hasPicture && Vp8Payload.startsKeyFrame(memory, payload, bytes)));
  }

  void add(SimPacket packet) {
    if (packets.putIfAbsent(packet.sequence(), packet) != null) {
      if (packet.isRepaired()) {
        needlessRepairs++;
      } else if (!packets.get(packet.sequence()).isRepaired()) {
        duplicates++;
      }
      return;
    }
    missing.remove(packet.sequence());
    if (packet.sequence() == packets.lastKey() && packets.size() > 1) {
      for (long gap = packets.lowerKey(packet.sequence()) + 1; gap < packet.sequence(); gap++) {
        missing.put(gap, new Missing(packet.arrivalNanos()));
      }
    }
  }

  /** Sequence numbers to ask for now; they count as asked for. */
  List<Integer> requests(long nowNanos) {
    List<Integer> due = new ArrayList<>();
    missing.values().removeIf(lost -> nowNanos - lost.sinceNanos > GIVE_UP_NANOS);
    new TreeMap<>(missing).forEach((sequence, lost) -> {
      boolean isSettled = nowNanos - lost.sinceNanos >= REORDER_NANOS;
      if (isSettled && due.size() < 100
          && (lost.askedNanos == Long.MIN_VALUE || nowNanos - lost.askedNanos >= RETRY_NANOS)) {
        lost.askedNanos = nowNanos;
        due.add((int) (sequence & 0xFFFF));
      }
    });
    return due;
  }

  /** The packets in order, those left out that came after a moment, because their repair may be on its way. */
  List<SimPacket> until(long nanos) {
    List<SimPacket> settled = new ArrayList<>();
    for (SimPacket packet : packets.values()) {
      if (packet.arrivalNanos() > nanos && !packet.isRepaired()) {
        break;
      }
      settled.add(packet);
    }
    return settled;
  }

  SimPacket last() {
    return packets.lastEntry().getValue();
  }

  /** The moment of the server's wall clock that a packet shows, by the last sender report. */
  long wallNanos(SimPacket packet, int clockRate) {
    return reportWallNanos + (packet.timestamp() - reportTimestamp) * 1_000_000_000L / clockRate;
  }
}
