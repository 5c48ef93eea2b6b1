package dev.tapedeck.connector.io.library;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a rebuild did and met. Used by one thread. */
public final class RebuildReport {
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /** Something that is not as it should be. */
  public record Problem(String key, String what) {}

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  void problem(String key, String what) {
    problems.add(new Problem(key, what));
  }

  /** Recordings restored and kept, files restored; manifests signed, unsigned, of an unknown_key, forged. */
  public Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  /** Whether there was nothing that belongs to a recording. */
  public boolean isEmpty() {
    return counts.isEmpty() && problems.isEmpty();
  }

  public List<Problem> problems() {
    return List.copyOf(problems);
  }
}
