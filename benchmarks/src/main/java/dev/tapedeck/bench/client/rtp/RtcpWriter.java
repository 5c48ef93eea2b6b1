package dev.tapedeck.bench.client.rtp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Writes a compound RTCP packet (RFC 3550 §6, RFC 4585, RFC 5104) into an array of its own; reused.
 *
 * <p>Room for the SRTCP tag and index is left behind the packet.
 */
public final class RtcpWriter {
  /** Seconds between 1900 (NTP) and 1970. */
  private static final long NTP_OFFSET_SECONDS = 2_208_988_800L;
  private static final int MAX_BYTES = 1400;
  private static final int REPORT_BLOCK_BYTES = 24;
  /** Report blocks in one packet; the count field has five bits. */
  private static final int MAX_REPORT_BLOCKS = 31;

  private final byte[] packet = new byte[MAX_BYTES + RtpOutput.TAIL_ROOM_BYTES];
  private int length;

  RtcpWriter clear() {
    length = 0;
    return this;
  }

  byte[] packet() {
    return packet;
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  void senderReport(RtpSender sender, Instant wallTime, long nowNanos) {
    int start = open(Rtcp.SENDER_REPORT, 0, sender.stream().ssrc());
    Ints.put32(packet, start + 8, wallTime.getEpochSecond() + NTP_OFFSET_SECONDS);
    Ints.put32(packet, start + 12, ((long) wallTime.getNano() << 32) / 1_000_000_000L);
    Ints.put32(packet, start + 16, sender.timestampAt(nowNanos));
    Ints.put32(packet, start + 20, sender.packetsSent());
    Ints.put32(packet, start + 24, sender.payloadBytesSent());
    length = start + 28;
    close(start);
  }

  void receiverReport(int ourSsrc, List<RtpReceiver> receivers, long nowNanos) {
    int blocks = Math.min(receivers.size(), MAX_REPORT_BLOCKS);
    int start = open(Rtcp.RECEIVER_REPORT, blocks, ourSsrc);
    for (int i = 0; i < blocks; i++) {
      receivers.get(i).writeReportBlock(packet, length, nowNanos);
      length += REPORT_BLOCK_BYTES;
    }
    close(start);
  }

  void sourceDescription(int ssrc, String cname) {
    byte[] text = cname.getBytes(StandardCharsets.UTF_8);
    int start = open(Rtcp.SOURCE_DESCRIPTION, 1, ssrc);
    packet[length] = 1;
    packet[length + 1] = (byte) text.length;
    System.arraycopy(text, 0, packet, length + 2, text.length);
    length += 2 + text.length;
    // At least one null octet ends the chunk, then up to the next 32-bit border (RFC 3550 §6.5).
    do {
      packet[length++] = 0;
    } while ((length - start) % 4 != 0);
    close(start);
  }

  /** @param sequenceNumbers ascending */
  void nack(int ourSsrc, int mediaSsrc, List<Integer> sequenceNumbers) {
    int start = open(Rtcp.TRANSPORT_FEEDBACK, Rtcp.FORMAT_NACK, ourSsrc);
    Ints.put32(packet, length, mediaSsrc);
    length += 4;
    int i = 0;
    while (i < sequenceNumbers.size() && length < MAX_BYTES - 8) {
      int first = sequenceNumbers.get(i++);
      int following = 0;
      while (i < sequenceNumbers.size()) {
        int distance = Ints.distance(first, sequenceNumbers.get(i));
        if (distance < 1 || distance > 16) {
          break;
        }
        following |= 1 << distance - 1;
        i++;
      }
      Ints.put16(packet, length, first);
      Ints.put16(packet, length + 2, following);
      length += 4;
    }
    close(start);
  }

  void pictureLoss(int ourSsrc, int mediaSsrc) {
    int start = open(Rtcp.PAYLOAD_FEEDBACK, Rtcp.FORMAT_PLI, ourSsrc);
    Ints.put32(packet, length, mediaSsrc);
    length += 4;
    close(start);
  }

  void fullIntraRequest(int ourSsrc, int mediaSsrc, int requestNumber) {
    int start = open(Rtcp.PAYLOAD_FEEDBACK, Rtcp.FORMAT_FIR, ourSsrc);
    Ints.put32(packet, length, 0);
    Ints.put32(packet, length + 4, mediaSsrc);
    Ints.put32(packet, length + 8, (long) requestNumber << 24);
    length += 12;
    close(start);
  }

  void goodbye(int ssrc) {
    close(open(Rtcp.GOODBYE, 1, ssrc));
  }

  /** Starts a packet of the compound; more of its body is appended at {@code length}. @return its offset */
  int open(int packetType, int countOrFormat, int ssrc) {
    int start = length;
    packet[start] = (byte) (0x80 | countOrFormat);
    packet[start + 1] = (byte) packetType;
    Ints.put32(packet, start + 4, ssrc);
    length = start + 8;
    return start;
  }

  void append16(int value) {
    Ints.put16(packet, length, value);
    length += 2;
  }

  void append32(long value) {
    Ints.put32(packet, length, value);
    length += 4;
  }

  void append8(int value) {
    packet[length++] = (byte) value;
  }

  /** Pads to 32 bits and writes the length field. */
  void close(int start) {
    while ((length - start) % 4 != 0) {
      packet[length++] = 0;
    }
    Ints.put16(packet, start + 2, (length - start) / 4 - 1);
  }
}
