package dev.tapedeck.connector.io.secrets;

import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ed25519 keys of an installation, as lines of {@code <data>/secrets}: one that signs, and the public halves of those
 * that did.
 *
 * <pre>
 *   signing = (public) (private) (since)
 *   signing.retired.(key id) = (public) (since) (until)
 * </pre>
 *
 * <p>The file is read at every use, which is rare, so a rotation needs no restart. Safe for use by many threads.
 */
public final class SigningKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final String ACTIVE = "signing";
  private static final String RETIRED = "signing.retired.";

  private final SecretsFile file;
  private volatile Held held;

  private SigningKeys(SecretsFile file) {
    this.file = file;
  }

  /** The key that signs now. */
  public record Signer(PrivateKey key, String keyId) {}

  private record Held(Signer signer, ManifestKeySet publicKeys) {}

  /**
   * Reads the keys, and draws the first where there is none yet.
   *
   * @param data folder whose secrets exist, see {@link Secrets#loadOrCreate}
   * @throws IOException when a line does not hold what it should
   */
  public static SigningKeys loadOrCreate(Path data, SecureRandom random, long nowMillis) throws IOException {
    SigningKeys keys = new SigningKeys(new SecretsFile(data));
    if (!keys.file.read().containsKey(ACTIVE)) {
      keys.file.change(lines -> lines.stream().anyMatch(line -> isNamed(line, ACTIVE))
          ? lines : with(lines, active(draw(random), Instant.ofEpochMilli(nowMillis))));
    }
    keys.held = keys.read();
    return keys;
  }

  /** The key that signs now, read anew. */
  public Signer signer() {
    return refreshed().signer();
  }

  /** What anybody may know: the active key first, then the retired ones, the youngest first. */
  public ManifestKeySet publicKeys() {
    return refreshed().publicKeys();
  }

  /**
   * Draws a new key. The one before signs nothing any more; its public half is kept for ever, its private half nowhere.
   *
   * @return the new key's id
   */
  public String rotate(SecureRandom random, long nowMillis) throws IOException {
    Instant now = Instant.ofEpochMilli(nowMillis);
    KeyPair drawn = draw(random);
    file.change(lines -> {
      List<String> changed = new ArrayList<>();
      for (String line : lines) {
        changed.add(isNamed(line, ACTIVE) ? retired(line, now) : line);
      }
      return with(changed, active(drawn, now));
    });
    held = read();
    return held.signer().keyId();
  }

  private Held refreshed() {
    try {
      held = read();
    } catch (IOException e) {
      LOG.atError().setCause(e).log("signing keys cannot be read; the last ones known are used");
    }
    return held;
  }

  private Held read() throws IOException {
    Map<String, String> values = file.read();
    try {
      String[] active = parts(values.getOrDefault(ACTIVE, ""));
      List<ManifestKey> keys = new ArrayList<>();
      values.forEach((name, value) -> {
        if (name.startsWith(RETIRED)) {
          String[] retired = parts(value);
          keys.add(ManifestKey.active(ManifestKey.ofX(retired[0]), Instant.parse(retired[1]))
              .retired(Instant.parse(retired[2])));
        }
      });
      keys.sort(Comparator.comparing((ManifestKey key) -> key.retiredAt().orElseThrow()).reversed());
      ManifestKey signing = ManifestKey.active(ManifestKey.ofX(active[0]), Instant.parse(active[2]));
      keys.addFirst(signing);
      return new Held(new Signer(privateKey(active[1]), signing.keyId()), new ManifestKeySet(keys));
    } catch (IllegalArgumentException | DateTimeException | GeneralSecurityException e) {
      // No cause: its message may quote the line.
      throw new IOException(file + " holds a line " + ACTIVE + " that is no key; restore it, or remove it to draw anew");
    }
  }

  private static String[] parts(String value) {
    String[] parts = value.split(" ");
    if (parts.length != 3) {
      throw new IllegalArgumentException("three parts are needed");
    }
    return parts;
  }

  private static PrivateKey privateKey(String seed) throws GeneralSecurityException {
    return KeyFactory.getInstance("Ed25519").generatePrivate(
        new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Base64.getUrlDecoder().decode(seed)));
  }

  private static KeyPair draw(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }

  private static String active(KeyPair pair, Instant since) {
    byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    return ACTIVE + " = " + ManifestKey.x(pair.getPublic()) + " "
        + Base64.getUrlEncoder().withoutPadding().encodeToString(seed) + " " + ManifestJson.iso(since);
  }

  private static String retired(String line, Instant until) {
    String[] parts = parts(line.substring(line.indexOf('=') + 1).strip());
    PublicKey key = ManifestKey.ofX(parts[0]);
    return RETIRED + ManifestKey.keyId(key) + " = " + parts[0] + " " + parts[2] + " " + ManifestJson.iso(until);
  }

  private static boolean isNamed(String line, String name) {
    int equals = line.indexOf('=');
    return equals > 0 && line.substring(0, equals).strip().equals(name);
  }

  private static List<String> with(List<String> lines, String added) {
    List<String> all = new ArrayList<>(lines);
    all.add(added);
    return all;
  }
}
