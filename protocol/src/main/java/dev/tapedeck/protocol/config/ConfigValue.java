package dev.tapedeck.protocol.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads one value as the type of its component, and prints it as the operator would write it. */
final class ConfigValue {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}) ?(ns|us|ms|s|m|min|h|d)");

  private ConfigValue() {}

  /** @throws IllegalArgumentException saying how to write it */
  static Object read(String text, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      return generic.getRawType() == Optional.class
          ? (text.isEmpty() ? Optional.empty() : Optional.of(read(text, element)))
          : readList(text, element);
    }
    return switch ((Class<?>) type) {
      case Class<?> c when c == String.class -> text;
      case Class<?> c when c == Redacted.class -> Redacted.of(text);
      case Class<?> c when c == int.class -> Math.toIntExact(readLong(text));
      case Class<?> c when c == long.class -> readLong(text);
      case Class<?> c when c == double.class -> readDouble(text);
      case Class<?> c when c == boolean.class -> readBoolean(text);
      case Class<?> c when c == Duration.class -> readDuration(text);
      case Class<?> c when c == ByteSize.class -> ByteSize.parse(text);
      case Class<?> c when c.isEnum() -> readEnum(text, c);
      case Class<?> c -> throw new IllegalStateException("no way to read a " + c.getName() + " is known");
    };
  }

  /** Secrets print as {@code ****}, also within lists. */
  static String print(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(ConfigValue::print).orElse("");
      case List<?> list -> list.stream().map(ConfigValue::print).collect(Collectors.joining(", "));
      case Enum<?> constant -> spelling(constant);
      case Duration duration -> printDuration(duration);
      default -> value.toString();
    };
  }

  private static List<Object> readList(String text, Type element) {
    List<Object> values = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        values.add(read(part.strip(), element));
      }
    }
    return List.copyOf(values);
  }

  private static long readLong(String text) {
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("write a whole number", e);
    }
  }

  private static double readDouble(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("write a number", e);
    }
  }

  private static boolean readBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      // A flag without a value means yes.
      case "true", "yes", "on", "" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException("write true or false");
    };
  }

  private static Duration readDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("write a time like 250 ms, 10 s, 2 m, 1 h or 7 d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ns" -> Duration.ofNanos(amount);
      case "us" -> Duration.ofNanos(amount * 1000);
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  private static String printDuration(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  private static Object readEnum(String text, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (spelling((Enum<?>) constant).equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("write one of " + Arrays.stream(type.getEnumConstants())
        .map(constant -> spelling((Enum<?>) constant)).collect(Collectors.joining(", ")));
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
