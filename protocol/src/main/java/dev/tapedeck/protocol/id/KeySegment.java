package dev.tapedeck.protocol.id;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One segment of an object key or path. Letters, digits, ".", "_" and "-" stay, every other byte of the UTF-8 form
 * becomes %XX in upper-case hex, and "." and ".." are escaped, so that no name can leave its folder. What would exceed
 * {@value #MAX_SEGMENT_BYTES} bytes is cut and ends in "~" and a hash of the name; "~" stands nowhere else. Two names
 * never share a segment, and {@link #unescape} accepts nothing that {@link #escape} does not make.
 */
public final class KeySegment {
  /** A key of three such segments stays below the 1,024 bytes of an S3 key, a segment below a file name's 255. */
  public static final int MAX_SEGMENT_BYTES = 200;

  private static final int KEPT_BYTES = 150;
  private static final int HASH_BYTES = 16;
  private static final Pattern SHORTENED =
      Pattern.compile("(?=.{148,150}~)(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+~[0-9a-f]{32}");

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private KeySegment() {}

  /**
   * The name as a segment of a key, at most {@link #MAX_SEGMENT_BYTES} bytes.
   *
   * @throws IllegalArgumentException if the name is empty or has no UTF-8 form
   */
  public static String escape(String name) {
    String whole = percentEncode(name);
    return whole.length() <= MAX_SEGMENT_BYTES ? whole : beginning(whole) + '~' + hash(name);
  }

  /**
   * The name as a segment of a URL (RFC 3986 §2.1), of any length.
   *
   * @throws IllegalArgumentException if the name is empty or has no UTF-8 form
   */
  public static String percentEncode(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a key segment cannot be empty");
    }
    if (name.equals(".") || name.equals("..")) {
      return "%2E".repeat(name.length());
    }
    ByteBuffer utf8 = utf8(name);
    StringBuilder out = new StringBuilder(utf8.remaining() + 16);
    while (utf8.hasRemaining()) {
      byte b = utf8.get();
      if (isPlain(b)) {
        out.append((char) b);
      } else {
        HEX.toHexDigits(out.append('%'), b);
      }
    }
    return out.toString();
  }

  /** Whether {@link #escape} may have made this of a long name, of which it tells only the beginning. */
  public static boolean isShortened(String segment) {
    return SHORTENED.matcher(segment).matches();
  }

  /** @throws IllegalArgumentException if no name has this segment, or it is a shortened one */
  public static String unescape(String segment) {
    if (segment.length() > MAX_SEGMENT_BYTES) {
      throw notASegment(segment);
    }
    return percentDecode(segment);
  }

  /** @throws IllegalArgumentException if {@link #percentEncode} makes this of no name */
  public static String percentDecode(String segment) {
    ByteBuffer utf8 = ByteBuffer.allocate(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '%' && i + 2 < segment.length()) {
        utf8.put((byte) HexFormat.fromHexDigits(segment, i + 1, i + 3));
        i += 2;
      } else if (c < 0x80) {
        utf8.put((byte) c);
      } else {
        throw notASegment(segment);
      }
    }
    String name = decode(utf8.flip(), segment);
    if (!percentEncode(name).equals(segment)) {
      throw notASegment(segment);
    }
    return name;
  }

  /** As much as fits, no escape cut through. */
  private static String beginning(String whole) {
    int escape = whole.lastIndexOf('%', KEPT_BYTES - 1);
    boolean isCut = escape > KEPT_BYTES - 3;
    return whole.substring(0, isCut ? escape : KEPT_BYTES);
  }

  private static String hash(String name) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static boolean isPlain(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '_' || b == '-';
  }

  private static ByteBuffer utf8(String name) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a key segment cannot hold a lone surrogate", e);
    }
  }

  private static String decode(ByteBuffer utf8, String segment) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw notASegment(segment);
    }
  }

  private static IllegalArgumentException notASegment(String segment) {
    return new IllegalArgumentException("not an escaped key segment: " + segment);
  }
}
