package dev.tapedeck.connector.io.http;

import java.util.HashMap;
import java.util.Map;

/**
 * How many event streams may be open at a time, of one token, of one app and in all, so that nobody takes them from
 * others; administrators have their own. Safe for use by many threads.
 */
final class StreamSlots {
  private static final long RETRY_SECONDS = 5;

  /**
   * @param all       streams of all who are no administrators
   * @param ofApp     of those, with tokens of one app
   * @param ofToken   of those, with one token; a meeting whose members came by one invite link has one each
   * @param admins    streams of administrators
   * @param adminsOfApp of those, of one app
   */
  record Limits(int all, int ofApp, int ofToken, int admins, int adminsOfApp) {
    static final Limits DEFAULT = new Limits(1_900, 1_500, 250, 100, 50);
  }

  private final Limits limits;

  /** Open streams by whom they count for; guarded by itself. */
  private final Map<Object, Integer> open = new HashMap<>();

  StreamSlots(Limits limits) {
    this.limits = limits;
  }

  private record Everybody(boolean isAdmin) {}

  private record OfApp(String app, boolean isAdmin) {}

  private record OfToken(String hash) {}

  /** One open stream; closed by its owner. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /** @throws ApiException when there are too many already, with what to do about it */
  Slot take(Caller caller) {
    Everybody everybody = new Everybody(caller.isAdmin());
    OfApp ofApp = new OfApp(caller.app(), caller.isAdmin());
    Object ofToken = caller.isAdmin()
        ? ofApp : caller.token().<Object>map(token -> new OfToken(token.hash())).orElse(ofApp);
    synchronized (open) {
      requireFree(everybody, caller.isAdmin() ? limits.admins() : limits.all(), 503, "this server");
      requireFree(ofApp, caller.isAdmin() ? limits.adminsOfApp() : limits.ofApp(), 429, "app " + caller.app());
      if (ofToken != ofApp) {
        requireFree(ofToken, limits.ofToken(), 429, "this token");
        add(ofToken, 1);
      }
      add(everybody, 1);
      add(ofApp, 1);
    }
    return () -> {
      synchronized (open) {
        add(everybody, -1);
        add(ofApp, -1);
        if (ofToken != ofApp) {
          add(ofToken, -1);
        }
      }
    };
  }

  private void requireFree(Object whose, int most, int status, String name) {
    if (open.getOrDefault(whose, 0) >= most) {
      throw new ApiException(status, "too_many_watchers", "Too many watchers",
          name + " has its " + most + " event streams; try again later, or ask for the room itself", RETRY_SECONDS);
    }
  }

  private void add(Object whose, int streams) {
    open.merge(whose, streams, (before, more) -> before + more == 0 ? null : before + more);
  }
}
