package dev.tapedeck.media.core.ice;

import static dev.tapedeck.media.core.ice.StunCodec.ATTRIBUTE_HEADER_BYTES;
import static dev.tapedeck.media.core.ice.StunCodec.HEADER_BYTES;
import static dev.tapedeck.media.core.ice.StunCodec.INTEGRITY_BYTES;

import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.crypto.Mac;

/** Writes binding responses; reused from response to response by one thread. */
final class StunResponse {
  /** Longest response: an error with eight unknown attributes and both checks. */
  static final int MAX_BYTES = 128;

  private static final long IPV4_MAPPED = 0xFFFFL;

  /** Refusals this server sends, with the reason phrases of RFC 8489 §14.8 and RFC 8445 §7.2.5.1. */
  enum Refusal {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    UNKNOWN_ATTRIBUTE(420, "Unknown Attribute"),
    ROLE_CONFLICT(487, "Role Conflict");

    private final int code;
    private final byte[] reason;

    Refusal(int code, String reason) {
      this.code = code;
      this.reason = reason.getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final byte[] bytes = new byte[MAX_BYTES];
  private final MemorySegment message = MemorySegment.ofArray(bytes);
  private final CRC32 crc = new CRC32();
  private int length;

  /**
   * Writes a success response that tells the client the address it was seen from.
   *
   * @param mac keyed with our password
   * @return length, or 0 when {@code capacity} is too small
   */
  int writeSuccess(StunRequest request, Path path, Mac mac, MemorySegment out, long offset, int capacity) {
    begin(StunCodec.BINDING_SUCCESS, request);
    addMappedAddress(request, path);
    addIntegrity(mac);
    return finish(out, offset, capacity);
  }

  /** Writes a refusal of a request whose sender is not known; it carries no MESSAGE-INTEGRITY (RFC 8489 §9.1.3). */
  int writeRefusal(StunRequest request, Refusal refusal, MemorySegment out, long offset, int capacity) {
    begin(StunCodec.BINDING_ERROR, request);
    addErrorCode(refusal);
    return finish(out, offset, capacity);
  }

  /** Writes a refusal of an authentic request; attributes that were not understood are listed (RFC 8489 §6.3.1). */
  int writeRefusal(StunRequest request, Refusal refusal, Mac mac, MemorySegment out, long offset, int capacity) {
    begin(StunCodec.BINDING_ERROR, request);
    addErrorCode(refusal);
    if (refusal == Refusal.UNKNOWN_ATTRIBUTE) {
      addUnknownAttributes(request);
    }
    addIntegrity(mac);
    return finish(out, offset, capacity);
  }

  private void begin(int type, StunRequest request) {
    message.set(StunCodec.SHORT, 0, (short) type);
    message.set(StunCodec.INT, 4, StunCodec.MAGIC_COOKIE);
    request.copyTransactionId(message, StunCodec.TRANSACTION_ID_OFFSET);
    length = HEADER_BYTES;
  }

  /** Starts an attribute, zeroes its padding, and returns where its value goes. */
  private int addAttribute(int type, int valueBytes) {
    message.set(StunCodec.SHORT, length, (short) type);
    message.set(StunCodec.SHORT, length + 2, (short) valueBytes);
    int value = length + ATTRIBUTE_HEADER_BYTES;
    length = value + StunCodec.padded(valueBytes);
    for (int i = value + valueBytes; i < length; i++) {
      bytes[i] = 0;
    }
    return value;
  }

  /** RFC 8489 §14.2: the port XORed with the cookie's high half, the address with cookie and transaction id. */
  private void addMappedAddress(StunRequest request, Path path) {
    boolean isIpv4 = path.high() == 0 && path.low() >>> 32 == IPV4_MAPPED;
    int value = addAttribute(StunCodec.XOR_MAPPED_ADDRESS, isIpv4 ? 8 : 20);
    message.set(StunCodec.SHORT, value, (short) (isIpv4 ? 1 : 2));
    message.set(StunCodec.SHORT, value + 2, (short) (path.port() ^ StunCodec.MAGIC_COOKIE >>> 16));
    if (isIpv4) {
      message.set(StunCodec.INT, value + 4, (int) path.low() ^ StunCodec.MAGIC_COOKIE);
    } else {
      long transactionHigh = request.transactionHigh();
      long first = (long) StunCodec.MAGIC_COOKIE << 32 | transactionHigh >>> 32;
      long second = transactionHigh << 32 | request.transactionLow() & 0xFFFF_FFFFL;
      message.set(StunCodec.LONG, value + 4, path.high() ^ first);
      message.set(StunCodec.LONG, value + 12, path.low() ^ second);
    }
  }

  /** RFC 8489 §14.8: 21 zero bits, the hundreds in 3 bits, the rest in 8. */
  private void addErrorCode(Refusal refusal) {
    int value = addAttribute(StunCodec.ERROR_CODE, 4 + refusal.reason.length);
    message.set(StunCodec.INT, value, refusal.code / 100 << 8 | refusal.code % 100);
    System.arraycopy(refusal.reason, 0, bytes, value + 4, refusal.reason.length);
  }

  private void addUnknownAttributes(StunRequest request) {
    int value = addAttribute(StunCodec.UNKNOWN_ATTRIBUTES, 2 * request.unknownCount());
    for (int i = 0; i < request.unknownCount(); i++) {
      message.set(StunCodec.SHORT, value + 2 * i, (short) request.unknown(i));
    }
  }

  private void addIntegrity(Mac mac) {
    int before = length;
    int value = addAttribute(StunCodec.MESSAGE_INTEGRITY, INTEGRITY_BYTES);
    message.set(StunCodec.SHORT, 2, (short) (length - HEADER_BYTES));
    mac.update(bytes, 0, before);
    System.arraycopy(mac.doFinal(), 0, bytes, value, INTEGRITY_BYTES);
  }

  private int finish(MemorySegment out, long offset, int capacity) {
    int before = length;
    int value = addAttribute(StunCodec.FINGERPRINT, 4);
    message.set(StunCodec.SHORT, 2, (short) (length - HEADER_BYTES));
    crc.reset();
    crc.update(bytes, 0, before);
    message.set(StunCodec.INT, value, (int) crc.getValue() ^ StunCodec.FINGERPRINT_XOR);
    if (length > capacity) {
      return 0;
    }
    MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, offset, length);
    return length;
  }
}
