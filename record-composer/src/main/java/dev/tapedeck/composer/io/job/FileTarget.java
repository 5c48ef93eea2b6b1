package dev.tapedeck.composer.io.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** One file under a name that the caller chose, whatever it is called inside the job. */
public final class FileTarget implements OutputTarget {
  private final Path target;

  public FileTarget(Path target) {
    this.target = target.toAbsolutePath();
  }

  @Override
  public String put(String name, Path file, String contentType) throws IOException {
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return target.toString();
  }
}
