package dev.tapedeck.protocol.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What the values of one configuration record may be; for its compact constructor. Every value is looked at, and all that
 * are out of range are told at once:
 *
 * <pre>{@code
 * new Ranges().within("port", port, 0, 65_535).within("lease", lease, ONE_SECOND, ONE_HOUR).check();
 * }</pre>
 */
public final class Ranges {
  private final List<String> problems = new ArrayList<>();

  /** Values out of range; {@link Config} puts the path of the record before each key. */
  static final class OutOfRangeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    OutOfRangeException(List<String> problems) {
      super(String.join("; ", problems));
      this.problems = List.copyOf(problems);
    }

    List<String> problems() {
      return problems;
    }
  }

  /**
   * Demands {@code low <= value <= high}.
   *
   * @param key last segment of the key, as the operator writes it
   */
  public <T extends Comparable<? super T>> Ranges within(String key, T value, T low, T high) {
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      problems.add(key + " is " + ConfigValue.print(value) + "; give " + ConfigValue.print(low) + " to "
          + ConfigValue.print(high));
    }
    return this;
  }

  /** Demands that each is an address, such as {@code 10.0.0.1} or {@code fd00::1}; names and networks are none. */
  public Ranges addresses(String key, List<String> values) {
    for (String value : values) {
      if (!isAddress(value)) {
        problems.add(key + " holds " + value + "; give single IP addresses, not host names or networks");
      }
    }
    return this;
  }

  private static boolean isAddress(String value) {
    try {
      InetAddress.ofLiteral(value);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** @throws IllegalArgumentException naming every key that is out of range, its value, and what to give */
  public void check() {
    if (!problems.isEmpty()) {
      throw new OutOfRangeException(problems);
    }
  }
}
