package dev.tapedeck.connector.io.hook;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All hooks of all apps. Immutable. */
public final class Hooks {
  private final Map<String, Hook> byId = new LinkedHashMap<>();

  public Hooks(List<Hook> hooks) {
    hooks.forEach(hook -> byId.put(hook.id(), hook));
  }

  public Collection<Hook> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  public Optional<Hook> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The hooks of this app that want this kind of event. */
  public List<Hook> of(String app, String kind) {
    return byId.values().stream().filter(hook -> hook.app().equals(app) && hook.wants(kind)).toList();
  }
}
