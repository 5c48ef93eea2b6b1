package dev.tapedeck.protocol.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory or storage, written {@code 256 MiB}; without a unit it counts bytes. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15}) ?(B|KiB|MiB|GiB|TiB)?");
  private static final String UNITS = "KMGT";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is never below 0");
    }
  }

  public static ByteSize ofMebibytes(long mebibytes) {
    return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
  }

  /** @throws IllegalArgumentException when the text is no size */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("write a size like 256 MiB");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    int power = unit.equals("B") ? 0 : 10 * (UNITS.indexOf(unit.charAt(0)) + 1);
    return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << power));
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    for (int power = 40; power > 0; power -= 10) {
      if (bytes != 0 && bytes % (1L << power) == 0) {
        return String.format(Locale.ROOT, "%d %ciB", bytes >> power, UNITS.charAt(power / 10 - 1));
      }
    }
    return bytes + " B";
  }
}
