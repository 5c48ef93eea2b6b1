package dev.tapedeck.connector.core.audit;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.PublicBind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of administrators, by app; several are in force while one takes the place of another. Immutable. */
public final class AdminKeys {
  /** More would only hide that a rotation was never finished. */
  public static final int MAX_KEYS = 4;

  private static final int FINGERPRINT_CHARS = 8;

  private final Map<String, List<Redacted>> keysByApp;

  private AdminKeys(Map<String, List<Redacted>> keysByApp) {
    this.keysByApp = keysByApp;
  }

  /** Whose key it is, and which: the log tells keys apart by the first characters of their SHA-256. */
  public record Owner(String app, String fingerprint) {}

  /**
   * @param apps a key must not be a secret of any of them
   * @throws IllegalArgumentException when an app is unknown, has too many keys, or one that is short or not its own
   */
  public static AdminKeys of(Map<String, List<Redacted>> keysByApp, Apps apps) {
    Map<String, List<Redacted>> copy = new LinkedHashMap<>();
    keysByApp.forEach((app, keys) -> copy.put(app, checked(app, keys, apps)));
    requireOwn(copy);
    return new AdminKeys(copy);
  }

  /** Every key is compared, so that the time tells nothing about which one it is. */
  public Optional<Owner> owner(String key) {
    Optional<Owner> found = Optional.empty();
    for (Map.Entry<String, List<Redacted>> app : keysByApp.entrySet()) {
      for (Redacted candidate : app.getValue()) {
        if (candidate.matches(key)) {
          found = Optional.of(new Owner(app.getKey(), fingerprint(key)));
        }
      }
    }
    return found;
  }

  /** Who holds a key of two apps would administer whichever comes last. */
  private static void requireOwn(Map<String, List<Redacted>> keysByApp) {
    Map<String, String> owners = new HashMap<>();
    keysByApp.forEach((app, keys) -> keys.forEach(key -> {
      String owner = owners.putIfAbsent(key.reveal(), app);
      if (owner != null && !owner.equals(app)) {
        throw new IllegalArgumentException("apps." + app + ".admin-keys holds a key of apps." + owner
            + ".admin-keys; draw another key for one of them");
      }
    }));
  }

  private static List<Redacted> checked(String app, List<Redacted> keys, Apps apps) {
    if (apps.secrets(app).isEmpty()) {
      throw new IllegalArgumentException("apps." + app + ".admin-keys is of no app that has a secret");
    }
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException("apps." + app + ".admin-keys holds " + keys.size() + "; give at most "
          + MAX_KEYS);
    }
    for (Redacted key : keys) {
      if (key.revealBytes().length < PublicBind.MIN_SECRET_BYTES) {
        throw new IllegalArgumentException("apps." + app + ".admin-keys holds one of " + key.revealBytes().length
            + " bytes; give " + PublicBind.MIN_SECRET_BYTES + " or more");
      }
      if (apps.appOfSecret(key.reveal()).isPresent()) {
        throw new IllegalArgumentException("apps." + app + ".admin-keys holds the secret of an app; draw another key");
      }
    }
    return List.copyOf(keys);
  }

  private static String fingerprint(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, FINGERPRINT_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
