package dev.tapedeck.standalone;

import dev.tapedeck.protocol.config.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder of everything that outlives the process, held by one process at a time: two would write one journal. */
final class DataFolder implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes the folder if it is missing and takes its lock, which the system gives back however the process ends. */
  static DataFolder open(Path path) throws RefusedException {
    try {
      create(path);
      FileChannel channel = FileChannel.open(
          path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        throw new RefusedException("data folder " + path + " is in use by process " + holder(path)
            + "; stop that one, or give another folder with --data=DIR");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return new DataFolder(path, channel);
    } catch (IOException e) {
      throw new RefusedException("data folder " + path + " cannot be used: " + Problems.say(e)
          + "; give a folder you may write to with --data=DIR", e);
    }
  }

  /** Whether a running process holds the folder. */
  static boolean isHeld(Path path) {
    if (Files.notExists(path.resolve(LOCK))) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return !lock(channel);
    } catch (IOException e) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** What people said lies in it, so a new one is its owner's alone; one that is there keeps its permissions. */
  private static void create(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    Path parent = path.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Taken until the channel is closed. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process holds it
    }
  }

  private static String holder(Path path) throws IOException {
    return Files.readString(path.resolve(LOCK)).strip();
  }
}
