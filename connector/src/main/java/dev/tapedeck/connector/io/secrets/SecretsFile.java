package dev.tapedeck.connector.io.secrets;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** {@code <data>/secrets}: lines of {@code name = value} that only their owner may read. */
final class SecretsFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path path;

  SecretsFile(Path data) {
    this.path = data.resolve("secrets");
  }

  /** Makes the file with this text, unless there is one: of two programs that start together, one draws. */
  void createIfMissing(String text) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    try {
      Files.createFile(path, ownerOnly());
      Files.writeString(path, text, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      // What the other program drew holds.
    }
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** @throws IOException when the file cannot be read, or may be read by others */
  Map<String, String> read() throws IOException {
    if (isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
      throw new IOException(path + " may be read by others; run chmod 600 on it");
    }
    Map<String, String> values = new TreeMap<>();
    for (String line : Files.readAllLines(path)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return values;
  }

  /**
   * Changes the lines as one step: whoever reads meanwhile sees all of the old or all of the new, and of two who change at
   * the same time the second sees what the first wrote.
   */
  void change(UnaryOperator<List<String>> lines) throws IOException {
    Path lock = path.resolveSibling("secrets.lock");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      Path next = path.resolveSibling("secrets.next");
      Files.deleteIfExists(next);
      Files.createFile(next, ownerOnly());
      Files.write(next, lines.apply(Files.readAllLines(path)));
      try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)} : new FileAttribute<?>[0];
  }

  private boolean isPosix() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
