package dev.tapedeck.connector.io.hook;

import dev.tapedeck.connector.core.hook.EventKind;
import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.protocol.config.Redacted;
import java.util.List;

/**
 * One endpoint of an app's backend that is told what happens.
 *
 * @param app    whose events it gets, and no others
 * @param name   the operator's name for it
 * @param url    may carry a password or key, so it is printed nowhere
 * @param events kinds it wants, such as {@code record} or {@code room.stopped}; empty for all but
 *               {@code record.chunk_stored}, which must be named
 */
public record Hook(String app, String name, Redacted url, Redacted secret, HookStyle style, List<String> events) {
  public Hook {
    events = List.copyOf(events);
  }

  /** Unique among all hooks. */
  public String id() {
    return id(app, name);
  }

  /** @see #id() */
  public static String id(String app, String name) {
    return app + "/" + name;
  }

  boolean wants(String kind) {
    boolean wantsAll = events.isEmpty() && !kind.equals(EventKind.CHUNK_STORED);
    return wantsAll || events.stream().anyMatch(filter -> EventKind.matches(filter, kind));
  }
}
