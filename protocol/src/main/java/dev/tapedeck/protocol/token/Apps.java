package dev.tapedeck.protocol.token;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.Ids;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tenants and their secrets. Each app has one or two active secrets: the first signs, any of them verifies, so that
 * a secret can be replaced without a moment in which old tokens or new ones fail. Immutable.
 */
public final class Apps {
  /** More than two would only hide that a rotation was never finished. */
  public static final int MAX_SECRETS = 2;

  private final Map<String, List<Redacted>> secretsByApp;

  private Apps(Map<String, List<Redacted>> secretsByApp) {
    this.secretsByApp = secretsByApp;
  }

  /**
   * @param secretsByApp app id to its active secrets, the signing one first
   * @throws IllegalArgumentException when an app has no secret, an empty one, or more than {@link #MAX_SECRETS}
   */
  public static Apps of(Map<String, List<Redacted>> secretsByApp) {
    Map<String, List<Redacted>> copy = new LinkedHashMap<>();
    secretsByApp.forEach((app, secrets) -> copy.put(checkedApp(app), checkedSecrets(app, secrets)));
    return new Apps(copy);
  }

  /** The ids of all apps, in the order of the configuration. */
  public Collection<String> ids() {
    return List.copyOf(secretsByApp.keySet());
  }

  /** Active secrets of the app, the signing one first; empty when there is no such app. */
  public List<Redacted> secrets(String app) {
    return secretsByApp.getOrDefault(app, List.of());
  }

  /** The app whose secret this is. Every secret is compared, so that the time tells nothing about which one. */
  public Optional<String> appOfSecret(String secret) {
    Optional<String> found = Optional.empty();
    for (Map.Entry<String, List<Redacted>> app : secretsByApp.entrySet()) {
      for (Redacted candidate : app.getValue()) {
        if (candidate.matches(secret)) {
          found = Optional.of(app.getKey());
        }
      }
    }
    return found;
  }

  /** The one app of an installation that has only one; tokens without {@code sub} then mean it. */
  public Optional<String> onlyApp() {
    return secretsByApp.size() == 1 ? Optional.of(secretsByApp.keySet().iterator().next()) : Optional.empty();
  }

  private static String checkedApp(String app) {
    return Ids.requireName("app", app);
  }

  private static List<Redacted> checkedSecrets(String app, List<Redacted> secrets) {
    if (secrets.isEmpty() || secrets.size() > MAX_SECRETS) {
      throw new IllegalArgumentException(
          "app " + app + " has " + secrets.size() + " secrets; give it one, or two while one replaces the other");
    }
    if (secrets.stream().anyMatch(secret -> secret.reveal().isEmpty())) {
      throw new IllegalArgumentException("app " + app + " has an empty secret");
    }
    return List.copyOf(secrets);
  }
}
