package dev.tapedeck.connector.core.audit;

import dev.tapedeck.protocol.limit.TokenBuckets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which refusals become lines of the audit log, so that nobody fills it by what he may not do: nobody can take
 * those lines out again. The first of an actor are written, then one a minute, and not many more of all actors of an app
 * together, since who has an invite link can take any name. What is left out is counted, and the next line of the same
 * action says how many; if none comes, a line of its own does. Safe for use by many threads.
 */
public final class RefusalLog {
  static final int ACTOR_BURST = 3;
  static final int APP_BURST = 10;
  /** Actors remembered at a time, some 3 MB. */
  static final int MAX_ACTORS = 10_000;
  /** After this long without another one, what was left out is told. */
  static final long QUIET_NANOS = 60_000_000_000L;

  private static final double ACTOR_PER_SECOND = 1 / 60.0;
  private static final double APP_PER_SECOND = 3 / 60.0;

  private record Kind(String app, String action) {}

  private record Actor(Kind kind, String actor) {}

  /** @param last one of those that were left out */
  private record LeftOut(long count, AuditEntry last, long lastNanos) {}

  private final TokenBuckets<Actor> actors = new TokenBuckets<>(ACTOR_PER_SECOND, ACTOR_BURST, MAX_ACTORS);

  /** Apps are ours to configure, and actions ours to name. */
  private final TokenBuckets<Kind> kinds = new TokenBuckets<>(APP_PER_SECOND, APP_BURST, Integer.MAX_VALUE);

  private final Map<Kind, LeftOut> leftOut = new HashMap<>();

  /** The line to write for a refusal; empty if it is only counted. @param nowNanos monotonic */
  public synchronized Optional<AuditEntry> admit(AuditEntry refusal, long nowNanos) {
    Kind kind = new Kind(refusal.app(), refusal.action());
    boolean isWritten =
        actors.take(nowNanos, new Actor(kind, refusal.actor())) == 0 && kinds.take(nowNanos, kind) == 0;
    LeftOut before = isWritten ? leftOut.remove(kind) : leftOut.get(kind);
    if (!isWritten) {
      leftOut.put(kind, new LeftOut(before == null ? 1 : before.count() + 1, refusal, nowNanos));
      return Optional.empty();
    }
    return Optional.of(before == null ? refusal : with(refusal, refusal.detail() + " (and " + more(before) + ")"));
  }

  /** Lines about what was left out of floods that are over. @param nowNanos monotonic */
  public synchronized List<AuditEntry> overdue(long nowNanos) {
    List<AuditEntry> lines = new ArrayList<>();
    for (Iterator<LeftOut> each = leftOut.values().iterator(); each.hasNext(); ) {
      LeftOut left = each.next();
      if (nowNanos - left.lastNanos() >= QUIET_NANOS) {
        lines.add(with(left.last(), more(left)));
        each.remove();
      }
    }
    return lines;
  }

  private static String more(LeftOut left) {
    return left.count() + " more of this action not listed, the last by " + left.last().actor();
  }

  private static AuditEntry with(AuditEntry entry, String detail) {
    return new AuditEntry(entry.app(), entry.atMs(), entry.actor(), entry.action(), entry.room(), entry.target(),
        detail.strip(), entry.outcome());
  }
}
