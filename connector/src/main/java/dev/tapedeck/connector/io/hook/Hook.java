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
 * @param events kinds it wants, such as {@code record} or {@code room.stopped}; empty for all
 */
public record Hook(String app, String name, Redacted url, Redacted secret, HookStyle style, List<String> events) {
  public Hook {
    events = List.copyOf(events);
  }

  /** Unique among all hooks. */
  public String id() {
    return app + "/" + name;
  }

  boolean wants(String kind) {
    return events.isEmpty() || events.stream().anyMatch(filter -> EventKind.matches(filter, kind));
  }
}
