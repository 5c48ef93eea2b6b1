package dev.tapedeck.composer.core.job;

import java.util.Comparator;

/**
 * The order of object members in which a JSON document survives {@code JSON.stringify(JSON.parse(x))} byte for byte:
 * JavaScript puts keys that look like array indexes first, by value.
 */
public final class PeerOrder {
  private static final long MAX_ARRAY_INDEX = (1L << 32) - 2;

  /** Array indexes by value, then the rest by code units. */
  public static final Comparator<String> JAVASCRIPT = Comparator
      .comparing((String name) -> !isArrayIndex(name))
      .thenComparing(name -> isArrayIndex(name) ? Long.parseLong(name) : 0L)
      .thenComparing(Comparator.naturalOrder());

  private PeerOrder() {}

  private static boolean isArrayIndex(String name) {
    return name.matches("0|[1-9][0-9]{0,9}") && Long.parseLong(name) <= MAX_ARRAY_INDEX;
  }
}
