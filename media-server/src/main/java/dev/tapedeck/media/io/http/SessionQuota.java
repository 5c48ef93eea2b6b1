package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import java.util.HashMap;
import java.util.Map;

/** How many sessions there are, of this server and of each app. Used by request threads and workers. */
final class SessionQuota {
  private final Limits limits;
  private final Refusals refusals;

  /** Guarded by this, as is the sum. */
  private final Map<String, Integer> byApp = new HashMap<>();

  private int sessions;

  SessionQuota(Limits limits, Refusals refusals) {
    this.limits = limits;
    this.refusals = refusals;
  }

  /** Counts one more; to be given back by {@link #giveBack}. */
  synchronized void take(String app) {
    if (sessions >= limits.sessions()) {
      refusals.count(Limit.SESSIONS);
      throw new HttpProblem(503, "limit_reached", "this server has its " + limits.sessions()
          + " sessions; connect to another, try again later, or raise limits.sessions", HttpProblem.RETRY_SECONDS);
    }
    if (byApp.getOrDefault(app, 0) >= limits.appSessions()) {
      refusals.count(Limit.APP_SESSIONS);
      throw new HttpProblem(429, "limit_reached", "app " + app + " has its " + limits.appSessions()
          + " sessions; try again when one has ended, or raise limits.app-sessions", HttpProblem.RETRY_SECONDS);
    }
    sessions++;
    byApp.merge(app, 1, Integer::sum);
  }

  synchronized void giveBack(String app) {
    sessions--;
    byApp.computeIfPresent(app, (name, count) -> count > 1 ? count - 1 : null);
  }
}
