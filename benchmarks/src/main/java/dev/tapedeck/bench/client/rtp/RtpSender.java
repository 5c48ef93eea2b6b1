package dev.tapedeck.bench.client.rtp;

import dev.tapedeck.bench.client.sdp.HeaderExtension;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * One outgoing media stream: numbers its packets, keeps a history, and answers NACK by RTX (RFC 4588).
 *
 * <p>Owned by the loop thread of its client.
 */
public final class RtpSender {
  private static final int HISTORY_PACKETS = 1024;
  private static final int MAX_PACKET_BYTES = 1500;

  private final OutgoingStream stream;
  private final RtpOutput output;
  private final SentLog log;
  private final HeaderExtensions extensions;
  private final byte[] scratch = new byte[MAX_PACKET_BYTES + RtpOutput.TAIL_ROOM_BYTES];
  private final byte[][] history = new byte[HISTORY_PACKETS][];
  private final RtpPacket kept = new RtpPacket();
  private final CRC32 crc = new CRC32();
  private final long timestampOffset;
  private int nextSequenceNumber;
  private int nextRtxSequenceNumber;
  private long packetsSent;
  private long payloadBytesSent;
  private long retransmittedPackets;
  private long unansweredNacks;
  private long lastTimestamp;
  private long lastSentNanos;
  private long clockStartNanos;
  private boolean hasClock;

  RtpSender(OutgoingStream stream, RtpOutput output, SentLog log, RandomGenerator random) {
    this.stream = stream;
    this.output = output;
    this.log = log;
    this.extensions = new HeaderExtensions(stream.needsTwoByteForm());
    // RFC 3550 §5.1 wants random starts; below 2^15 no early packet can be taken for one before a wrap.
    this.nextSequenceNumber = random.nextInt(1 << 15);
    this.nextRtxSequenceNumber = random.nextInt(1 << 15);
    this.timestampOffset = random.nextInt() & 0xffffffffL;
  }

  public OutgoingStream stream() {
    return stream;
  }

  /**
   * Sends one packet.
   *
   * @param mediaTicks  media time in ticks of the clock rate; the stream's random offset is added
   * @param frameNumber of the source, for the log
   */
  public void send(byte[] payload, int payloadBytes, long mediaTicks, boolean marker, long frameNumber, long nowNanos) {
    long timestamp = timestampOffset + mediaTicks & 0xffffffffL;
    int sequenceNumber = nextSequenceNumber;
    nextSequenceNumber = sequenceNumber + 1 & 0xffff;
    prepareExtensions(nowNanos, HeaderExtension.RID, payloadBytes);
    int headerBytes = extensions.writeHeader(
        scratch, marker, stream.codec().payloadType(), sequenceNumber, timestamp, stream.ssrc());
    System.arraycopy(payload, 0, scratch, headerBytes, payloadBytes);
    keep(sequenceNumber, headerBytes + payloadBytes);
    note(payload, payloadBytes, timestamp, sequenceNumber, frameNumber, nowNanos);
    output.sendRtp(scratch, headerBytes + payloadBytes, stream.ssrc());
  }

  private void keep(int sequenceNumber, int packetBytes) {
    int place = sequenceNumber % HISTORY_PACKETS;
    byte[] before = history[place];
    if (before == null || before.length != packetBytes) {
      history[place] = Arrays.copyOf(scratch, packetBytes);
    } else {
      System.arraycopy(scratch, 0, before, 0, packetBytes);
    }
  }

  private void note(byte[] payload, int payloadBytes, long timestamp, int sequenceNumber, long frameNumber,
      long nowNanos) {
    packetsSent++;
    payloadBytesSent += payloadBytes;
    lastTimestamp = timestamp;
    lastSentNanos = nowNanos;
    if (!log.keepsPackets()) {
      log.addOne();
      return;
    }
    crc.reset();
    crc.update(payload, 0, payloadBytes);
    log.add(new SentPacket(stream.ssrc(), sequenceNumber, timestamp, frameNumber, (int) crc.getValue(),
        TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis())));
  }

  private void prepareExtensions(long nowNanos, HeaderExtension ridExtension, int payloadBytes) {
    extensions.clear();
    stream.extensionIds().forEach((extension, id) -> {
      switch (extension) {
        case MID -> extensions.addText(id, stream.mid());
        case RID, REPAIRED_RID -> {
          if (extension == ridExtension && !stream.rid().isEmpty()) {
            extensions.addText(id, stream.rid());
          }
        }
        case TRANSPORT_CC -> extensions.addU16(id, output.nextTransportSequence(payloadBytes));
        case ABS_SEND_TIME -> extensions.addU24(id, absSendTime(nowNanos));
        // Voice flag and -20 dBov (RFC 6464 §3): a steady tone.
        case AUDIO_LEVEL -> extensions.addU8(id, 0x80 | 20);
      }
    });
  }

  /** Seconds modulo 64 with an 18-bit fraction. */
  private static int absSendTime(long nowNanos) {
    long seconds = Math.floorMod(TimeUnit.NANOSECONDS.toSeconds(nowNanos), 64L);
    long fractionNanos = Math.floorMod(nowNanos, TimeUnit.SECONDS.toNanos(1));
    return (int) (seconds << 18 | (fractionNanos << 18) / TimeUnit.SECONDS.toNanos(1));
  }

  /** Sends a packet again as RTX, if it is still in the history and RTX was negotiated. */
  void resend(int sequenceNumber, long nowNanos) {
    byte[] packet = history[sequenceNumber % HISTORY_PACKETS];
    if (packet == null || !stream.codec().hasRtx() || !kept.parse(packet, packet.length)
        || kept.sequenceNumber() != sequenceNumber) {
      unansweredNacks++;
      return;
    }
    prepareExtensions(nowNanos, HeaderExtension.REPAIRED_RID, kept.payloadBytes());
    int offset = extensions.writeHeader(scratch, kept.hasMarker(), stream.codec().rtxPayloadType(),
        nextRtxSequenceNumber, kept.timestamp(), stream.rtxSsrc());
    nextRtxSequenceNumber = nextRtxSequenceNumber + 1 & 0xffff;
    Ints.put16(scratch, offset, sequenceNumber);
    System.arraycopy(packet, kept.payloadOffset(), scratch, offset + 2, kept.payloadBytes());
    retransmittedPackets++;
    output.sendRtp(scratch, offset + 2 + kept.payloadBytes(), stream.rtxSsrc());
  }

  /** Says when media time 0 is: sender reports then tell the sampling clock, however late a busy machine sends. */
  public void startClock(long startNanos) {
    clockStartNanos = startNanos;
    hasClock = true;
  }

  /** RTP timestamp that belongs to a moment, extrapolated from the last packet where no clock was started. */
  long timestampAt(long nowNanos) {
    long fromTimestamp = hasClock ? timestampOffset : lastTimestamp;
    long ticks = (nowNanos - (hasClock ? clockStartNanos : lastSentNanos)) * stream.codec().clockRate()
        / TimeUnit.SECONDS.toNanos(1);
    return fromTimestamp + ticks & 0xffffffffL;
  }

  public long packetsSent() {
    return packetsSent;
  }

  public long payloadBytesSent() {
    return payloadBytesSent;
  }

  public long retransmittedPackets() {
    return retransmittedPackets;
  }

  /** Packets asked for again that were too old, never sent, or of a stream without RTX. */
  public long unansweredNacks() {
    return unansweredNacks;
  }
}
