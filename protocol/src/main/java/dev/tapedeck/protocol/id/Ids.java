package dev.tapedeck.protocol.id;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * The two kinds of id: numbers that we mint (sessions, room instances, recordings) and names that callers choose (apps,
 * rooms, peers).
 *
 * <p>Numbers lie above what fits in 32 bits, so that nobody keeps them in an int, and below 2^53, so that they survive
 * JSON readers that know only doubles.
 */
public final class Ids {
  public static final long MIN_NUMBER = 1L << 32;
  public static final long MAX_NUMBER = (1L << 53) - 1;

  /** Longest name in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 128;

  private Ids() {}

  /** A new number, 2^32..2^53-1, every one equally likely. */
  public static long draw(RandomGenerator random) {
    return random.nextLong(MIN_NUMBER, MAX_NUMBER + 1);
  }

  public static boolean isNumber(long id) {
    return id >= MIN_NUMBER && id <= MAX_NUMBER;
  }

  /** Whether this may name an app, a room or a peer: 1..128 bytes of UTF-8 without control characters. */
  public static boolean isName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_BYTES || name.codePoints().anyMatch(Character::isISOControl)) {
      return false;
    }
    try {
      // A lone surrogate has no UTF-8 form; String.getBytes would quietly turn it into '?'.
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      return utf8.remaining() <= MAX_NAME_BYTES;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * The name itself.
   *
   * @param what names it in the message: app, room, peer
   * @throws IllegalArgumentException if it is not a name; the message may be shown to the caller
   */
  public static String requireName(String what, String name) {
    if (name == null || !isName(name)) {
      throw new IllegalArgumentException(
          what + " must be 1 to " + MAX_NAME_BYTES + " bytes of UTF-8 without control characters");
    }
    return name;
  }
}
