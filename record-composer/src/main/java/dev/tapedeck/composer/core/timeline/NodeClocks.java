package dev.tapedeck.composer.core.timeline;

import java.util.ArrayList;
import java.util.List;

/**
 * Ties the monotonic clock of each node to the wall clock, once per life of its machine.
 *
 * <p>All sessions of a life share one offset. A wall clock that was set or slewed while people talked then moves nobody
 * against anybody; what it said at the first reading stands.
 */
final class NodeClocks {
  /** Monotonic clocks start anew with the machine. A step of the wall clock is smaller than this, a reboot larger. */
  private static final long SAME_LIFE_NANOS = 600_000_000_000L;

  private record Life(long node, long offsetNanos) {}

  private final List<Life> lives = new ArrayList<>();

  NodeClocks(List<SessionTape> sessions) {
    List<SessionTape> byTime = sessions.stream()
        .filter(session -> !session.clocks().isEmpty())
        .sorted((a, b) -> Long.compare(a.clocks().getFirst().wallNanos(), b.clocks().getFirst().wallNanos()))
        .toList();
    for (SessionTape session : byTime) {
      long offset = session.clocks().getFirst().offsetNanos();
      if (lives.stream().noneMatch(life -> isOf(life, session.node(), offset))) {
        lives.add(new Life(session.node(), offset));
      }
    }
  }

  /** What to add to the session's monotonic times for nanoseconds since 1970; 0 if its tape holds no clock. */
  long wallOffsetNanos(SessionTape session) {
    if (session.clocks().isEmpty()) {
      return 0;
    }
    long offset = session.clocks().getFirst().offsetNanos();
    return lives.stream().filter(life -> isOf(life, session.node(), offset)).findFirst().orElseThrow().offsetNanos();
  }

  private static boolean isOf(Life life, long node, long offset) {
    return life.node() == node && Math.abs(life.offsetNanos() - offset) < SAME_LIFE_NANOS;
  }
}
