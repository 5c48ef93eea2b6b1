package dev.tapedeck.connector.io.secrets;

import dev.tapedeck.protocol.config.Redacted;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The secrets of an installation that was given none: drawn at the first start and kept in {@code <data>/secrets}, which
 * only its owner may read. There is no built-in secret.
 *
 * @param app  of the app {@value #DEFAULT_APP}
 * @param hook signs hooks that were given no secret
 * @param node lets media servers in
 */
public record Secrets(Redacted app, Redacted hook, Redacted node) {
  /** The app of an installation that configures none. */
  public static final String DEFAULT_APP = "default";

  private static final int SECRET_BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /** @throws IOException when the file cannot be made or read, lacks a secret, or may be read by others */
  public static Secrets loadOrCreate(Path data, SecureRandom random) throws IOException {
    Files.createDirectories(data);
    Path file = data.resolve("secrets");
    if (Files.notExists(file)) {
      create(file, random);
    }
    return read(file);
  }

  private static void create(Path file, SecureRandom random) throws IOException {
    String text = "# Drawn at the first start. Whoever has these owns the installation.\n"
        + "app = " + draw(random) + "\nhook = " + draw(random) + "\nnode = " + draw(random) + "\n";
    try {
      Files.createFile(file, ownerOnly(file));
      Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      // Another program of this installation drew them at the same moment; its draw holds.
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return isPosix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)} : new FileAttribute<?>[0];
  }

  private static Secrets read(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(file + " may be read by others; run chmod 600 on it");
    }
    Map<String, String> values = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return new Secrets(secret(file, values, "app"), secret(file, values, "hook"), secret(file, values, "node"));
  }

  private static Redacted secret(Path file, Map<String, String> values, String name) throws IOException {
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
