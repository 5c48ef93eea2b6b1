package dev.tapedeck.bench.client.rtp;

import java.nio.charset.StandardCharsets;

/**
 * Writes the header extensions of one packet after another (RFC 8285): one-byte form while every id is 1..14 and every
 * value 1..16 bytes, else two-byte form. Reused; owned by one sender.
 */
public final class HeaderExtensions {
  private static final int MAX_BYTES = 255;

  private final byte[] elements = new byte[MAX_BYTES];
  private final boolean twoByteForm;
  private int bytes;

  /** @param twoByteForm true if any id of the connection is above 14 */
  public HeaderExtensions(boolean twoByteForm) {
    this.twoByteForm = twoByteForm;
  }

  public HeaderExtensions clear() {
    bytes = 0;
    return this;
  }

  public HeaderExtensions addText(int id, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    int offset = startElement(id, text.length);
    System.arraycopy(text, 0, elements, offset, text.length);
    return this;
  }

  public HeaderExtensions addU8(int id, int value) {
    elements[startElement(id, 1)] = (byte) value;
    return this;
  }

  public HeaderExtensions addU16(int id, int value) {
    Ints.put16(elements, startElement(id, 2), value);
    return this;
  }

  public HeaderExtensions addU24(int id, int value) {
    Ints.put24(elements, startElement(id, 3), value);
    return this;
  }

  private int startElement(int id, int length) {
    if (twoByteForm) {
      elements[bytes] = (byte) id;
      elements[bytes + 1] = (byte) length;
      bytes += 2;
    } else {
      elements[bytes] = (byte) (id << 4 | length - 1);
      bytes++;
    }
    int offset = bytes;
    bytes += length;
    return offset;
  }

  /** Bytes that {@link #writeTo} will write: 0 without elements, else a multiple of 4. */
  int writtenBytes() {
    return bytes == 0 ? 0 : 4 + (bytes + 3 & ~3);
  }

  int writeTo(byte[] target, int offset) {
    if (bytes == 0) {
      return 0;
    }
    int padded = bytes + 3 & ~3;
    Ints.put16(target, offset, twoByteForm ? 0x1000 : 0xBEDE);
    Ints.put16(target, offset + 2, padded / 4);
    System.arraycopy(elements, 0, target, offset + 4, bytes);
    for (int i = bytes; i < padded; i++) {
      target[offset + 4 + i] = 0;
    }
    return 4 + padded;
  }

  /** Writes the 12-byte header and these extensions; the payload follows at the offset returned. */
  public int writeHeader(byte[] target, boolean marker, int payloadType, int sequenceNumber, long timestamp, int ssrc) {
    target[0] = (byte) (bytes == 0 ? 0x80 : 0x90);
    target[1] = (byte) ((marker ? 0x80 : 0) | payloadType);
    Ints.put16(target, 2, sequenceNumber);
    Ints.put32(target, 4, timestamp);
    Ints.put32(target, 8, ssrc);
    return RtpPacket.FIXED_HEADER_BYTES + writeTo(target, RtpPacket.FIXED_HEADER_BYTES);
  }
}
