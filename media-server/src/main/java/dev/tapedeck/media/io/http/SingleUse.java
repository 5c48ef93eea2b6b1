package dev.tapedeck.media.io.http;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Which tokens have opened a connection already, as long as they could open another: a token with a {@code jti}
 * (RFC 7519 §4.1.7) is for one connection, which may use it again. Knows what happened in this process alone. Used by
 * all threads.
 */
final class SingleUse {
  /** Tokens of one app remembered at a time, some 30 MB. */
  static final int MAX_TOKENS = 100_000;

  /** What becomes of a token. */
  enum Outcome {
    TAKEN,
    /** This connection had it before. */
    KEPT,
    /** It belongs to another connection. */
    USED,
    /** So many tokens of the app are in force that no more can be remembered. */
    TOO_MANY
  }

  private record Expiry(String id, long atMillis) {}

  private static final class App {
    /** The connection of each token; "" for one that may be used. */
    private final Map<String, String> holders = new HashMap<>();
    private final Queue<Expiry> expiries = new PriorityQueue<>((a, b) -> Long.compare(a.atMillis(), b.atMillis()));

    private void forgetExpired(long nowMillis) {
      while (!expiries.isEmpty() && expiries.element().atMillis() <= nowMillis) {
        holders.remove(expiries.remove().id());
      }
    }
  }

  private final int capacity;

  /** Guarded by this, with all that is in it; only apps of ours have tokens. */
  private final Map<String, App> apps = new HashMap<>();

  SingleUse(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Takes the token for a connection.
   *
   * @param expiresAtMillis of the token; it is forgotten then
   * @param connection      that is to use it from now on
   * @param before          the connection it goes on from, "" for none
   */
  synchronized Outcome take(
      String app, String id, long expiresAtMillis, String connection, String before, long nowMillis) {
    App tokens = apps.computeIfAbsent(app, name -> new App());
    tokens.forgetExpired(nowMillis);
    String holder = tokens.holders.get(id);
    if (connection.equals(holder)) {
      return Outcome.KEPT;
    }
    if (holder == null) {
      if (tokens.holders.size() >= capacity) {
        return Outcome.TOO_MANY;
      }
      tokens.expiries.add(new Expiry(id, expiresAtMillis));
    } else if (!holder.isEmpty() && !holder.equals(before)) {
      return Outcome.USED;
    }
    tokens.holders.put(id, connection);
    return Outcome.TAKEN;
  }

  /** The connection did not come about: as before {@link #take}, which had the same arguments. */
  synchronized void giveBack(String app, String id, String connection, String before) {
    App tokens = apps.get(app);
    if (tokens != null) {
      tokens.holders.replace(id, connection, before);
    }
  }
}
