package dev.tapedeck.proofs.sim;

import java.util.Map;
import java.util.TreeMap;

/** How often each class of fault was hit. Owned by one thread. */
final class Faults {
  private final Map<String, Integer> hits = new TreeMap<>();

  void hit(String what) {
    hits.merge(what, 1, Integer::sum);
  }

  /** Hits and passes the answer on, so that a draw of chance can stand in an {@code if}. */
  boolean hitIf(boolean happens, String what) {
    if (happens) {
      hit(what);
    }
    return happens;
  }

  void add(String prefix, Map<String, Integer> others) {
    others.forEach((what, count) -> hits.merge(prefix + what, count, Integer::sum));
  }

  void add(Faults others) {
    add("", others.hits);
  }

  Map<String, Integer> hits() {
    return hits;
  }
}
