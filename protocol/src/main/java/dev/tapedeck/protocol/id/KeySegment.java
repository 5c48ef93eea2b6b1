package dev.tapedeck.protocol.id;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * One segment of an object key or path. Unreserved characters (RFC 3986 §2.3) stay, every other byte of the UTF-8 form
 * becomes %XX in upper-case hex, and "." and ".." are escaped, so that no name can leave its folder. Two names never
 * share a segment, and {@link #unescape} accepts nothing that {@link #escape} does not make.
 */
public final class KeySegment {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private KeySegment() {}

  /** @throws IllegalArgumentException if the name is empty or has no UTF-8 form */
  public static String escape(String name) {
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
      if (isUnreserved(b)) {
        out.append((char) b);
      } else {
        HEX.toHexDigits(out.append('%'), b);
      }
    }
    return out.toString();
  }

  /** @throws IllegalArgumentException if no name has this segment */
  public static String unescape(String segment) {
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
    if (!escape(name).equals(segment)) {
      throw notASegment(segment);
    }
    return name;
  }

  private static boolean isUnreserved(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
        || b == '.' || b == '_' || b == '~' || b == '-';
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
