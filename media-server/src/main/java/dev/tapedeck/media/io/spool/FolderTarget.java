package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys as paths below a folder, as the embedded store keeps its objects. */
public final class FolderTarget implements SpoolExport.Target {
  private final Path folder;

  /** @param folder made if missing */
  public FolderTarget(Path folder) {
    this.folder = folder;
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    Path file = folder.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
