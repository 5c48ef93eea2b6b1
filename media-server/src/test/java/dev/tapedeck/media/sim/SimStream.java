package dev.tapedeck.media.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One RTP stream of a publisher: its numbers, its header extensions, and what it sent, for retransmission. */
final class SimStream {
  /** Extensions that name a stream are sent until the server must have learnt them. */
  private static final int NAMED_PACKETS = 200;

  private record Sent(long nanos, int timestamp, boolean marker, byte[] payload) {}

  /** How long a packet can be asked for again. */
  long historyNanos = Long.MAX_VALUE;

  final int ssrc;
  final int clockRate;
  final String rid;
  private final int rtxSsrc;
  private final String mid;
  private final SimFormats formats;
  private final boolean isVideo;
  private final int timestampOffset;
  private final Map<Integer, Sent> history = new HashMap<>();
  private int sequenceNumber;
  private int rtxSequenceNumber;
  private int retransmissions;
  long packets;

  /** What its audio packets say of their loudness (RFC 6464): -77 dBov, no voice. */
  int audioLevel = 77;

  long octets;

  SimStream(RandomGenerator random, SimFormats formats, boolean isVideo, String mid, String rid) {
    this.formats = formats;
    this.isVideo = isVideo;
    this.mid = mid;
    this.rid = rid;
    clockRate = isVideo ? 90_000 : 48_000;
    ssrc = random.nextInt();
    rtxSsrc = random.nextInt();
    timestampOffset = random.nextInt();
    sequenceNumber = random.nextInt(1 << 16); // any: wrap-around is part of life
    rtxSequenceNumber = random.nextInt(1 << 16);
  }

  /** RTP time at a moment of the simulation. */
  int timestampAt(long nanos) {
    return timestampOffset + (int) (nanos / 1000 * clockRate / 1_000_000);
  }

  byte[] packet(long nanos, boolean marker, byte[] payload, int transportSequence) {
    Sent sent = new Sent(nanos, timestampAt(nanos), marker, payload);
    int number = sequenceNumber++ & 0xFFFF;
    history.put(number, sent);
    packets++;
    octets += payload.length;
    boolean isNamed = packets <= NAMED_PACKETS;
    byte[] extension = extension(isNamed ? formats.rid() : 0, transportSequence);
    return write(isVideo ? formats.videoPayloadType() : formats.opus(), number, ssrc, sent, extension, new byte[0]);
  }

  /** Whether a packet was sent so long ago that it was forgotten. */
  boolean hasForgotten(int number, long nowNanos) {
    Sent sent = history.get(number);
    return sent != null && nowNanos - sent.nanos > historyNanos;
  }

  /** A packet sent before, by RTX (RFC 4588); null if it never was. */
  byte[] retransmission(int number, int transportSequence) {
    Sent sent = history.get(number);
    if (sent == null || !isVideo) {
      return null;
    }
    retransmissions++;
    byte[] original = {(byte) (number >> 8), (byte) number};
    return write(formats.rtx(), rtxSequenceNumber++ & 0xFFFF, rtxSsrc, sent,
        extension(formats.repairedRid(), transportSequence), original);
  }

  @Override
  public String toString() {
    return "next number %d, %d packets, %d retransmissions".formatted(
        sequenceNumber & 0xFFFF, packets, retransmissions);
  }

  int retransmissions() {
    return retransmissions;
  }

  /** Elements in the one-byte form, padded to words. */
  private byte[] extension(int ridId, int transportSequence) {
    ByteBuffer out = ByteBuffer.allocate(64);
    element(out, formats.mid(), mid.getBytes(StandardCharsets.UTF_8));
    if (!rid.isEmpty()) {
      element(out, ridId, rid.getBytes(StandardCharsets.UTF_8));
    }
    element(out, formats.transportCc(), new byte[] {(byte) (transportSequence >> 8), (byte) transportSequence});
    element(out, formats.absSendTime(), new byte[] {1, 2, 3});
    element(out, isVideo ? formats.orientation() : formats.audioLevel(),
        new byte[] {(byte) (isVideo ? 2 : audioLevel)});
    byte[] bytes = new byte[out.position() + 3 & ~3];
    out.flip().get(bytes, 0, out.limit());
    return bytes;
  }

  private static void element(ByteBuffer out, int id, byte[] data) {
    if (id != 0) {
      out.put((byte) (id << 4 | data.length - 1)).put(data);
    }
  }

  private static byte[] write(
      int payloadType, int number, int ssrc, Sent sent, byte[] extension, byte[] originalNumber) {
    ByteBuffer out =
        ByteBuffer.allocate(16 + extension.length + originalNumber.length + sent.payload.length);
    out.put((byte) 0x90).put((byte) ((sent.marker ? 0x80 : 0) | payloadType)).putShort((short) number);
    out.putInt(sent.timestamp).putInt(ssrc);
    out.putShort((short) 0xBEDE).putShort((short) (extension.length / 4)).put(extension);
    return out.put(originalNumber).put(sent.payload).array();
  }
}
