package dev.tapedeck.protocol.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Folders and files that nobody but their owner may read, whatever the process's mask and whoever made the folder around
 * them: what people said lies in them. Does nothing about permissions where the file system knows none.
 */
public final class OwnerOnly {
  private OwnerOnly() {}

  /** Makes the folder if it is missing, and closes it to others: mode 0700. @return the folder */
  public static Path folder(Path folder) throws IOException {
    Files.createDirectories(folder);
    restrict(folder, "rwx------");
    return folder;
  }

  /** Makes the file if it is missing, in a folder that is there, and closes it to others: mode 0600. @return the file */
  public static Path file(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.createFile(file);
    }
    restrict(file, "rw-------");
    return file;
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }
}
