package dev.tapedeck.connector.core.hook;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Writes JSON exactly as ECMAScript's {@code JSON.stringify} does (ECMA-262 §25.5.2), so that a receiver who parses a body
 * and prints it again holds the bytes we signed: no spaces, raw UTF-8, control characters as JavaScript escapes them,
 * integer-like keys first and ascending, numbers only where JavaScript keeps them exact.
 */
final class JsonText {
  /** Number.MAX_SAFE_INTEGER: above it JavaScript rounds, so larger numbers travel as strings. */
  static final long MAX_SAFE_INTEGER = (1L << 53) - 1;
  /** Keys below this are array indices to JavaScript, which moves them to the front (ECMA-262 §10.1.11.1). */
  private static final long FIRST_PLAIN_KEY = 0xFFFF_FFFFL;

  private final StringBuilder text = new StringBuilder();

  /** Writes one member or element after another; puts the commas. */
  final class Members {
    private boolean isFirst = true;

    JsonText key(String key) {
      return next().string(key).raw(":");
    }

    JsonText next() {
      if (!isFirst) {
        raw(",");
      }
      isFirst = false;
      return JsonText.this;
    }
  }

  Members members() {
    return new Members();
  }

  JsonText raw(String json) {
    text.append(json);
    return this;
  }

  /** An unsigned 64-bit number: digits while JavaScript keeps them exact, else a string of digits. */
  JsonText unsigned(long value) {
    boolean isSafe = value >= 0 && value <= MAX_SAFE_INTEGER;
    return isSafe ? raw(Long.toString(value)) : string(Long.toUnsignedString(value));
  }

  JsonText string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      appendEscaped(value.charAt(i));
    }
    text.append('"');
    return this;
  }

  /** An object of a map, its keys in the order JavaScript will give them. */
  <V> JsonText object(Map<String, V> map, BiConsumer<JsonText, V> value) {
    raw("{");
    Members members = members();
    inScriptOrder(map).forEach((key, v) -> value.accept(members.key(key), v));
    return raw("}");
  }

  @Override
  public String toString() {
    return text.toString();
  }

  static <V> Map<String, V> inScriptOrder(Map<String, V> map) {
    Map<String, V> ordered = new TreeMap<>(
        Comparator.comparingLong(JsonText::arrayIndex).thenComparing(Comparator.naturalOrder()));
    ordered.putAll(map);
    return ordered;
  }

  /** The array index that a key is to JavaScript, or one beyond all of them. */
  private static long arrayIndex(String key) {
    boolean isCanonical = key.length() <= 10 && key.matches("0|[1-9][0-9]*");
    return isCanonical ? Math.min(Long.parseLong(key), FIRST_PLAIN_KEY) : FIRST_PLAIN_KEY;
  }

  private void appendEscaped(char c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\f' -> text.append("\\f");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (c < 0x20) {
          text.append(String.format("\\u%04x", (int) c));
        } else {
          text.append(c);
        }
      }
    }
  }
}
