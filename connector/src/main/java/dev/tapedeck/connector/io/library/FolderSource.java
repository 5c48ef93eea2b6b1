package dev.tapedeck.connector.io.library;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;

/** A library copied to a folder, or the folder of the embedded store. */
public record FolderSource(Path folder) implements LibrarySource {
  @Override
  public void forEach(Visitor visitor) throws IOException {
    // Depth first, so what lies in one folder stays together.
    try (Stream<Path> all = Files.walk(folder)) {
      for (Iterator<Path> paths = all.iterator(); paths.hasNext();) {
        Path path = paths.next();
        if (Files.isRegularFile(path)) {
          visitor.see(folder.relativize(path).toString().replace(File.separatorChar, '/'), Files.size(path));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public InputStream open(String key) throws IOException {
    return Files.newInputStream(folder.resolve(key));
  }
}
