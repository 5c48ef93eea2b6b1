package dev.tapedeck.media.core.ice;

import static dev.tapedeck.media.core.ice.StunCodec.ATTRIBUTE_HEADER_BYTES;
import static dev.tapedeck.media.core.ice.StunCodec.HEADER_BYTES;
import static dev.tapedeck.media.core.ice.StunCodec.INTEGRITY_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;

/**
 * A binding request, read once and asked often; reused from request to request by one thread. The bytes are copied
 * here, so the packet's slot may be freed.
 */
final class StunRequest {
  private static final int ABSENT = -1;
  private static final int MAX_UNKNOWN = 8;

  private final byte[] bytes = new byte[StunCodec.MAX_MESSAGE_BYTES];
  private final MemorySegment message = MemorySegment.ofArray(bytes);
  private final CRC32 crc = new CRC32();
  private final int[] unknown = new int[MAX_UNKNOWN];

  private int usernameAt;
  private int usernameBytes;
  private int integrityAt;
  private int fingerprintAt;
  private int unknownCount;
  private boolean hasUseCandidate;
  private boolean isFromControlled;

  /**
   * Reads a datagram.
   *
   * @return false for anything but a whole binding request whose FINGERPRINT, required by RFC 8445 §7, is right
   */
  boolean read(MemorySegment memory, long offset, int length) {
    if (!StunCodec.isBindingRequest(memory, offset, length)) {
      return false;
    }
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    usernameAt = ABSENT;
    integrityAt = ABSENT;
    fingerprintAt = ABSENT;
    unknownCount = 0;
    hasUseCandidate = false;
    isFromControlled = false;
    return readAttributes(length) && hasRightFingerprint(length);
  }

  private boolean readAttributes(int length) {
    int at = HEADER_BYTES;
    while (at < length) {
      if (at + ATTRIBUTE_HEADER_BYTES > length) {
        return false;
      }
      int valueBytes = StunCodec.unsignedShort(message, at + 2);
      int next = at + ATTRIBUTE_HEADER_BYTES + StunCodec.padded(valueBytes);
      if (next > length || fingerprintAt != ABSENT) {
        return false; // cut short, or not ended by FINGERPRINT (RFC 8489 §14.7)
      }
      int type = StunCodec.unsignedShort(message, at);
      // What follows MESSAGE-INTEGRITY is not covered by it and counts for nothing (RFC 8489 §14.5).
      if ((integrityAt == ABSENT || type == StunCodec.FINGERPRINT) && !note(type, at, valueBytes)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  /** Notes one attribute, the first of each type (RFC 8489 §14); false when its length is wrong for its type. */
  private boolean note(int type, int at, int valueBytes) {
    switch (type) {
      case StunCodec.USERNAME -> {
        if (usernameAt == ABSENT) {
          usernameAt = at + ATTRIBUTE_HEADER_BYTES;
          usernameBytes = valueBytes;
        }
        return true;
      }
      case StunCodec.MESSAGE_INTEGRITY -> {
        integrityAt = at;
        return valueBytes == INTEGRITY_BYTES;
      }
      case StunCodec.FINGERPRINT -> {
        fingerprintAt = at;
        return valueBytes == 4;
      }
      case StunCodec.USE_CANDIDATE -> {
        hasUseCandidate = true;
        return valueBytes == 0;
      }
      case StunCodec.ICE_CONTROLLED -> {
        isFromControlled = true;
        return valueBytes == 8;
      }
      default -> {
        if (mustBeKnown(type) && unknownCount < MAX_UNKNOWN) {
          unknown[unknownCount++] = type;
        }
        return true;
      }
    }
  }

  /** Types below 0x8000 must be understood (RFC 8489 §14); these are, in that they say nothing to this server. */
  private static boolean mustBeKnown(int type) {
    return type < 0x8000 && switch (type) {
      case StunCodec.PRIORITY -> false; // ranks pairs, which a lite agent leaves to the other side
      case StunCodec.ERROR_CODE, StunCodec.UNKNOWN_ATTRIBUTES, StunCodec.XOR_MAPPED_ADDRESS -> false;
      case 0x0001, 0x0014, 0x0015, 0x001C, 0x001D, 0x001E -> false; // MAPPED-ADDRESS, REALM, NONCE, SHA-256 variants
      default -> true;
    };
  }

  /** RFC 8489 §14.7: CRC-32 of all before the attribute, whose length the header already counts. */
  private boolean hasRightFingerprint(int length) {
    if (fingerprintAt == ABSENT || fingerprintAt + ATTRIBUTE_HEADER_BYTES + 4 != length) {
      return false;
    }
    crc.reset();
    crc.update(bytes, 0, fingerprintAt);
    int expected = (int) crc.getValue() ^ StunCodec.FINGERPRINT_XOR;
    return message.get(StunCodec.INT, fingerprintAt + ATTRIBUTE_HEADER_BYTES) == expected;
  }

  boolean hasCredentials() {
    return usernameAt != ABSENT && integrityAt != ABSENT;
  }

  /** Whether USERNAME is exactly these bytes. */
  boolean isForUsername(byte[] username) {
    return usernameAt != ABSENT
        && Arrays.equals(
            bytes, usernameAt, usernameAt + usernameBytes, username, 0, username.length);
  }

  /**
   * Whether MESSAGE-INTEGRITY verifies (RFC 8489 §14.5): HMAC-SHA1 of all before the attribute, with a header whose
   * length ends with it. Compared in constant time.
   *
   * @param mac keyed with the password; reset on return
   */
  boolean isAuthentic(Mac mac) {
    if (integrityAt == ABSENT) {
      return false;
    }
    int length = StunCodec.unsignedShort(message, 2);
    int covered = integrityAt + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES - HEADER_BYTES;
    message.set(StunCodec.SHORT, 2, (short) covered);
    mac.update(bytes, 0, integrityAt);
    byte[] expected = mac.doFinal();
    message.set(StunCodec.SHORT, 2, (short) length);
    byte[] got = Arrays.copyOfRange(bytes, integrityAt + ATTRIBUTE_HEADER_BYTES,
        integrityAt + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES);
    return MessageDigest.isEqual(expected, got);
  }

  /** Attributes that must be understood and are not; the first {@value #MAX_UNKNOWN} count. */
  int unknownCount() {
    return unknownCount;
  }

  int unknown(int index) {
    return unknown[index];
  }

  boolean hasUseCandidate() {
    return hasUseCandidate;
  }

  /** Whether the sender believes to be the controlled agent, which is our part. */
  boolean isFromControlled() {
    return isFromControlled;
  }

  void copyTransactionId(MemorySegment to, long offset) {
    MemorySegment.copy(
        message, StunCodec.TRANSACTION_ID_OFFSET, to, offset, StunCodec.TRANSACTION_ID_BYTES);
  }

  long transactionHigh() {
    return message.get(StunCodec.LONG, StunCodec.TRANSACTION_ID_OFFSET);
  }

  int transactionLow() {
    return message.get(StunCodec.INT, StunCodec.TRANSACTION_ID_OFFSET + 8);
  }
}
