package dev.tapedeck.bench.client.rtp;

/**
 * Reads one RTP packet in an array (RFC 3550 §5.1); a reusable view that copies nothing.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * </pre>
 */
public final class RtpPacket {
  public static final int FIXED_HEADER_BYTES = 12;
  private static final int ONE_BYTE_PROFILE = 0xBEDE;
  private static final int TWO_BYTE_PROFILE = 0x1000;

  private byte[] data;
  private int payloadOffset;
  private int payloadEnd;
  private int paddingBytes;
  private int extensionOffset;
  private int extensionEnd;
  private boolean twoByteExtensions;
  private int foundLength;

  /** @return false if the bytes are no RTP packet; the view then means nothing */
  public boolean parse(byte[] bytes, int length) {
    if (!parseHeader(bytes, length)) {
      return false;
    }
    paddingBytes = (bytes[0] & 0x20) != 0 ? bytes[length - 1] & 0xff : 0;
    payloadEnd = length - paddingBytes;
    return payloadOffset <= payloadEnd;
  }

  /** Reads the header only, as it stands in clear before an encrypted payload; padding is not known then.
   *  @return false if it does not fit the length; the view then means nothing */
  boolean parseHeader(byte[] bytes, int length) {
    data = bytes;
    paddingBytes = 0;
    payloadEnd = length;
    if (length < FIXED_HEADER_BYTES || (bytes[0] & 0xc0) != 0x80) {
      return false;
    }
    int offset = FIXED_HEADER_BYTES + 4 * (bytes[0] & 0x0f);
    extensionOffset = 0;
    extensionEnd = 0;
    if ((bytes[0] & 0x10) != 0) {
      if (offset + 4 > length) {
        return false;
      }
      int profile = Ints.u16(bytes, offset);
      extensionOffset = offset + 4;
      extensionEnd = extensionOffset + 4 * Ints.u16(bytes, offset + 2);
      twoByteExtensions = (profile & 0xfff0) == TWO_BYTE_PROFILE;
      offset = extensionEnd;
      if (profile != ONE_BYTE_PROFILE && !twoByteExtensions) {
        extensionEnd = extensionOffset;
      }
    }
    payloadOffset = offset;
    return payloadOffset <= length;
  }

  public boolean hasMarker() {
    return (data[1] & 0x80) != 0;
  }

  public int payloadType() {
    return data[1] & 0x7f;
  }

  public int sequenceNumber() {
    return Ints.u16(data, 2);
  }

  /** RTP timestamp in ticks of the clock rate, as unsigned 32 bits. */
  public long timestamp() {
    return Ints.u32(data, 4);
  }

  public int ssrc() {
    return (int) Ints.u32(data, 8);
  }

  public byte[] data() {
    return data;
  }

  public int payloadOffset() {
    return payloadOffset;
  }

  public int payloadBytes() {
    return payloadEnd - payloadOffset;
  }

  public int paddingBytes() {
    return paddingBytes;
  }

  /**
   * Finds a header extension (RFC 8285); its length is then {@link #foundLength}.
   *
   * @return offset of its first byte, or -1
   */
  public int findExtension(int id) {
    int offset = extensionOffset;
    while (offset < extensionEnd) {
      if (data[offset] == 0) {
        offset++;
        continue;
      }
      int elementId;
      int elementLength;
      if (twoByteExtensions) {
        if (offset + 2 > extensionEnd) {
          return -1;
        }
        elementId = data[offset] & 0xff;
        elementLength = data[offset + 1] & 0xff;
        offset += 2;
      } else {
        elementId = (data[offset] & 0xff) >> 4;
        elementLength = (data[offset] & 0x0f) + 1;
        offset++;
      }
      if (offset + elementLength > extensionEnd || (!twoByteExtensions && elementId == 15)) {
        return -1;
      }
      if (elementId == id) {
        foundLength = elementLength;
        return offset;
      }
      offset += elementLength;
    }
    return -1;
  }

  /** Bytes of the extension that {@link #findExtension} found last. */
  public int foundLength() {
    return foundLength;
  }
}
