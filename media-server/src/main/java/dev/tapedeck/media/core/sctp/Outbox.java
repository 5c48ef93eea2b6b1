package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Bundles chunks into packets (RFC 9260 §6.10). A chunk is begun, its value written where the returned offset says, and
 * it leaves with the packet: when the next one finds no room, or at {@link #flush}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |      source port number       |    destination port number    |
 * |                       verification tag                        |
 * |                           checksum                            |
 * </pre>
 */
final class Outbox {
  static final int COMMON_HEADER_BYTES = 12;

  private final SctpConfig config;
  private final SctpCounters counters;
  private final SctpChecksum checksum;
  private final byte[] bytes;
  private final MemorySegment packet;
  private final int capacity;
  private int length;
  private int tag;
  private SctpOutput out;

  Outbox(SctpConfig config, SctpCounters counters, SctpChecksum checksum) {
    this.config = config;
    this.counters = counters;
    this.checksum = checksum;
    capacity = config.limits().maxPacketBytes() & ~3;
    bytes = new byte[capacity];
    packet = MemorySegment.ofArray(bytes);
  }

  /** Says where packets and events go from now on. */
  void into(SctpOutput out) {
    this.out = out;
  }

  void event(SctpEvent event) {
    out.event(event);
  }

  /** Packets begun from now on carry this verification tag. */
  void setTag(int tag) {
    if (tag != this.tag) {
      flush();
      this.tag = tag;
    }
  }

  /** Longest value a chunk can have. */
  int maxValueBytes() {
    return capacity - COMMON_HEADER_BYTES - Tlv.HEADER_BYTES;
  }

  /** Longest value a chunk can have that is still to go into the packet begun. */
  int valueBytesLeft() {
    return length == 0 ? maxValueBytes() : capacity - length - Tlv.HEADER_BYTES;
  }

  /** Where values are written. */
  MemorySegment memory() {
    return packet;
  }

  /**
   * Begins a chunk; nothing else may be begun before its value is complete.
   *
   * @param valueBytes at most {@link #maxValueBytes}
   * @return where to write the value
   */
  int begin(int type, int flags, int valueBytes) {
    int padded = Tlv.padded(Tlv.HEADER_BYTES + valueBytes);
    if (length + padded > capacity) {
      flush();
    }
    if (length == 0) {
      beginPacket();
    }
    int at = length;
    Bytes.put8(packet, at, type);
    Bytes.put8(packet, at + 1, flags);
    Bytes.put16(packet, at + 2, Tlv.HEADER_BYTES + valueBytes);
    length += padded;
    Arrays.fill(bytes, at + Tlv.HEADER_BYTES + valueBytes, length, (byte) 0);
    return at + Tlv.HEADER_BYTES;
  }

  /** Like {@link #begin}, in a packet of its own under another tag; {@link #endAlone} sends it. */
  int beginAlone(int tag, int type, int flags, int valueBytes) {
    int usual = this.tag;
    setTag(tag);
    flush();
    int at = begin(type, flags, valueBytes);
    this.tag = usual;
    return at;
  }

  void endAlone() {
    flush();
  }

  /** Writes a type-length-value element into the value of a chunk; returns where its own value goes. */
  int parameter(int at, int type, int valueBytes) {
    Bytes.put16(packet, at, type);
    Bytes.put16(packet, at + 2, Tlv.HEADER_BYTES + valueBytes);
    Arrays.fill(bytes, at + Tlv.HEADER_BYTES + valueBytes, at + Tlv.padded(Tlv.HEADER_BYTES + valueBytes), (byte) 0);
    return at + Tlv.HEADER_BYTES;
  }

  void put(int at, byte[] source, int from, int count) {
    System.arraycopy(source, from, bytes, at, count);
  }

  /** Sends the packet begun, if there is one. */
  void flush() {
    if (length == 0) {
      return;
    }
    checksum.write(packet, 0, length);
    counters.sentPackets++;
    out.send(Arrays.copyOf(bytes, length));
    length = 0;
  }

  private void beginPacket() {
    Bytes.put16(packet, 0, config.localPort());
    Bytes.put16(packet, 2, config.peerPort());
    Bytes.put32(packet, 4, tag);
    length = COMMON_HEADER_BYTES;
  }
}
