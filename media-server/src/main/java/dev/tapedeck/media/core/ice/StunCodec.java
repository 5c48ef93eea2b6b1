package dev.tapedeck.media.core.ice;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers of STUN (RFC 8489) as ICE uses them (RFC 8445 §7, §16), and what can be told of a datagram at a glance.
 * Nothing here allocates or throws, whatever the bytes are.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     STUN Message Type     |         Message Length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Magic Cookie                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Transaction ID (96 bits)                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Type                  |            Length             |  attributes, each
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  padded to 4 bytes
 * |                         Value (variable)                ....
 * </pre>
 */
public final class StunCodec {
  /** Longest request that is looked at: an IPv6 packet every path carries (RFC 8489 §6.1). */
  public static final int MAX_MESSAGE_BYTES = 1280;

  /** Returned by {@link #peekLocalUfrag} when the datagram has no username of ours. */
  public static final long NO_UFRAG = 0;

  static final int HEADER_BYTES = 20;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int TRANSACTION_ID_OFFSET = 8;
  static final int TRANSACTION_ID_BYTES = 12;
  static final int MAGIC_COOKIE = 0x2112A442;

  static final int BINDING_REQUEST = 0x0001;
  static final int BINDING_SUCCESS = 0x0101;
  static final int BINDING_ERROR = 0x0111;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int UNKNOWN_ATTRIBUTES = 0x000A;
  static final int XOR_MAPPED_ADDRESS = 0x0020;
  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;
  static final int FINGERPRINT = 0x8028;
  static final int ICE_CONTROLLED = 0x8029;

  /** HMAC-SHA1. */
  static final int INTEGRITY_BYTES = 20;

  static final int FINGERPRINT_XOR = 0x5354554E;

  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private StunCodec() {}

  /** Whether the header is that of a binding request of exactly this length, no longer than we look at. */
  public static boolean isBindingRequest(MemorySegment memory, long offset, int length) {
    return length >= HEADER_BYTES
        && length <= MAX_MESSAGE_BYTES
        && unsignedShort(memory, offset) == BINDING_REQUEST
        && unsignedShort(memory, offset + 2) == length - HEADER_BYTES
        && (length & 3) == 0
        && memory.get(INT, offset + 4) == MAGIC_COOKIE;
  }

  /**
   * The part of USERNAME before the colon, which names the session a binding request is for: its eight bytes as a
   * number, as {@link IceCredentials#ufragKey}. Nothing is verified yet.
   *
   * @return {@link #NO_UFRAG} for anything but a binding request with a fragment of that length
   */
  public static long peekLocalUfrag(MemorySegment memory, long offset, int length) {
    if (!isBindingRequest(memory, offset, length)) {
      return NO_UFRAG;
    }
    int at = HEADER_BYTES;
    while (at + ATTRIBUTE_HEADER_BYTES <= length) {
      int valueBytes = unsignedShort(memory, offset + at + 2);
      int value = at + ATTRIBUTE_HEADER_BYTES;
      if (value + valueBytes > length) {
        return NO_UFRAG;
      }
      if (unsignedShort(memory, offset + at) == USERNAME) {
        boolean isOurs = valueBytes > IceCredentials.UFRAG_CHARS
            && memory.get(ValueLayout.JAVA_BYTE, offset + value + IceCredentials.UFRAG_CHARS) == ':';
        return isOurs ? memory.get(LONG, offset + value) : NO_UFRAG;
      }
      at = value + padded(valueBytes);
    }
    return NO_UFRAG;
  }

  static int unsignedShort(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset) & 0xFFFF;
  }

  /** Bytes an attribute value takes with its padding. */
  static int padded(int bytes) {
    return bytes + 3 & ~3;
  }
}
