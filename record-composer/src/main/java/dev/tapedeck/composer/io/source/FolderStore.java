package dev.tapedeck.composer.io.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Objects as files below a folder; no key leaves it. */
public final class FolderStore implements ObjectStore {
  private final Path root;

  public FolderStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public InputStream open(String key) throws IOException {
    try {
      return Files.newInputStream(path(key));
    } catch (NoSuchFileException e) {
      throw (IOException) new FileNotFoundException(describe(key)).initCause(e);
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace(root.getFileSystem().getSeparator(), "/"))
          .filter(key -> key.startsWith(prefix))
          .toList();
    }
  }

  @Override
  public void put(String key, Path file, String contentType) throws IOException {
    Path target = path(key);
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public String describe(String key) {
    return root.resolve(key).toString();
  }

  /** A key that can be no file below the folder names nothing; it may come from a damaged manifest. */
  private Path path(String key) throws IOException {
    try {
      Path path = root.resolve(key).normalize();
      if (path.startsWith(root) && !path.equals(root)) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw (IOException) new FileNotFoundException("key cannot be a file: " + e.getReason()).initCause(e);
    }
    throw new FileNotFoundException("key " + key + " leaves the folder " + root);
  }
}
