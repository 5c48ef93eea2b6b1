package dev.tapedeck.bench.peers.rtpengine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bencoding (BEP 3), in which rtpengine's NG protocol writes its messages: {@code i42e}, {@code 4:text},
 * {@code l…e} for lists, {@code d…e} for dictionaries. In Java: Long, String, List and Map.
 */
final class Bencode {
  private Bencode() {}

  static byte[] write(Map<String, ?> message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeValue(out, message);
    return out.toByteArray();
  }

  private static void writeValue(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        out.write('d');
        map.forEach((key, entry) -> {
          writeText(out, (String) key);
          writeValue(out, entry);
        });
        out.write('e');
      }
      case List<?> list -> {
        out.write('l');
        list.forEach(entry -> writeValue(out, entry));
        out.write('e');
      }
      case String text -> writeText(out, text);
      case Number number -> out.writeBytes(("i" + number.longValue() + "e").getBytes(StandardCharsets.US_ASCII));
      default -> throw new IllegalArgumentException("nothing to bencode: " + value.getClass());
    }
  }

  private static void writeText(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(bytes);
  }

  /** @throws IOException if the bytes are no dictionary */
  static Map<String, Object> read(byte[] data, int offset, int end) throws IOException {
    Reader reader = new Reader(data, offset, end);
    try {
      if (reader.value() instanceof Map<?, ?> map) {
        Map<String, Object> message = new LinkedHashMap<>();
        map.forEach((key, value) -> message.put((String) key, value));
        return message;
      }
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException("no bencoding at byte " + reader.at, e);
    }
    throw new IOException("the message is no dictionary");
  }

  private static final class Reader {
    private static final int MAX_DEPTH = 32;

    private final byte[] data;
    private final int end;
    private int at;
    private int depth;

    Reader(byte[] data, int offset, int end) {
      this.data = data;
      this.at = offset;
      this.end = end;
    }

    Object value() throws IOException {
      if (depth > MAX_DEPTH) {
        throw new IOException("more than " + MAX_DEPTH + " levels");
      }
      return switch (peek()) {
        case 'd' -> dictionary();
        case 'l' -> list();
        case 'i' -> {
          at++;
          yield Long.parseLong(until('e'));
        }
        default -> text();
      };
    }

    private Map<String, Object> dictionary() throws IOException {
      Map<String, Object> map = new LinkedHashMap<>();
      at++;
      depth++;
      while (peek() != 'e') {
        String key = text();
        map.put(key, value());
      }
      at++;
      depth--;
      return map;
    }

    private List<Object> list() throws IOException {
      List<Object> list = new ArrayList<>();
      at++;
      depth++;
      while (peek() != 'e') {
        list.add(value());
      }
      at++;
      depth--;
      return list;
    }

    private String text() {
      int length = Integer.parseInt(until(':'));
      if (length < 0 || length > end - at) {
        throw new IndexOutOfBoundsException("text of " + length + " bytes");
      }
      at += length;
      return new String(data, at - length, length, StandardCharsets.UTF_8);
    }

    private String until(char mark) {
      int start = at;
      while (peek() != mark) {
        at++;
      }
      at++;
      return new String(data, start, at - 1 - start, StandardCharsets.US_ASCII);
    }

    private char peek() {
      if (at >= end) {
        throw new IndexOutOfBoundsException("the message ends early");
      }
      return (char) data[at];
    }
  }
}
