package dev.tapedeck.connector.io.secrets;

import dev.tapedeck.protocol.config.Redacted;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The secrets of an installation that was given none: drawn at the first start and kept in {@code <data>/secrets}, which
 * only its owner may read. There is no built-in secret. The keys that sign manifests stand in the same file, see
 * {@link SigningKeys}.
 *
 * @param app   of the app {@value #DEFAULT_APP}
 * @param hook  signs hooks that were given no secret
 * @param node  lets media servers in
 * @param admin administers the app {@value #DEFAULT_APP}
 */
public record Secrets(Redacted app, Redacted hook, Redacted node, Redacted admin) {
  /** The app of an installation that configures none. */
  public static final String DEFAULT_APP = "default";

  private static final int SECRET_BYTES = 32;

  /** @throws IOException when the file cannot be made or read, lacks a secret, or may be read by others */
  public static Secrets loadOrCreate(Path data, SecureRandom random) throws IOException {
    SecretsFile file = new SecretsFile(data);
    if (!file.exists()) {
      file.createIfMissing("# Drawn at the first start. Whoever has these owns the installation.\n"
          + "app = " + draw(random) + "\nhook = " + draw(random) + "\nnode = " + draw(random)
          + "\nadmin = " + draw(random) + "\n");
    }
    if (!file.read().containsKey("admin")) {
      file.change(lines -> withAdmin(lines, random));
    }
    Map<String, String> values = file.read();
    return new Secrets(secret(file, values, "app"), secret(file, values, "hook"), secret(file, values, "node"),
        secret(file, values, "admin"));
  }

  /** An earlier release had no such key. */
  private static List<String> withAdmin(List<String> lines, SecureRandom random) {
    if (lines.stream().anyMatch(line -> line.startsWith("admin "))) {
      return lines;
    }
    List<String> more = new ArrayList<>(lines);
    more.add("admin = " + draw(random));
    return more;
  }

  private static Redacted secret(SecretsFile file, Map<String, String> values, String name) throws IOException {
    String value = values.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IOException(file + " lacks the secret " + name + "; add a line, or remove the file to draw all anew");
    }
    return Redacted.of(value);
  }

  private static String draw(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
