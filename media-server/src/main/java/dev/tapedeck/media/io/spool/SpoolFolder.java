package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A spool as the command line sees it: it may belong to a running process, to none, or be a copy of either. */
public final class SpoolFolder {
  /** A running process deletes segments while they are read. */
  private static final int READ_ATTEMPTS = 20;

  private static final long POLL_NANOS = 50_000_000;

  private final Path folder;

  private SpoolFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * @param data a data folder, or the spool in it
   * @throws IOException if there is no spool
   */
  public static SpoolFolder in(Path data) throws IOException {
    Path spool = data.resolve("spool");
    if (Files.isDirectory(spool)) {
      return new SpoolFolder(spool);
    }
    if (Files.isDirectory(data) && holdsSegments(data)) {
      return new SpoolFolder(data);
    }
    throw new IOException("no spool in " + data + "; give a media server's data folder with --data=DIR");
  }

  public Path path() {
    return folder;
  }

  /** Whether a running process holds it. */
  public boolean isLive() throws IOException {
    return FolderDisk.isHeld(folder);
  }

  /** What lies in it and is not known to be stored. */
  public SpoolListing list() throws IOException {
    boolean isLive = isLive();
    return withContents(contents -> SpoolListing.of(folder.toString(), isLive, contents));
  }

  /** Reads every frame and every chunk. */
  public SpoolAudit audit() throws IOException {
    return withContents(contents -> new SpoolAuditor(new ReadOnlyFolder(folder)).audit(contents));
  }

  /**
   * Copies all chunks, and what is known of their tapes; open chunks are ended with a gap, as a restart would.
   *
   * @throws IOException if a running process holds the folder, or the target refuses
   */
  public SpoolExport.Result export(SpoolExport.Target target) throws IOException, InterruptedException {
    if (isLive()) {
      throw new IOException("spool " + folder + " belongs to a running process, which uploads it itself; stop that one"
          + " first, or ask it to try now with spool retry");
    }
    try (SpoolContents contents = SpoolContents.read(new ReadOnlyFolder(folder))) {
      return SpoolExport.run(contents, target, System.currentTimeMillis());
    }
  }

  /**
   * Asks the running process to try all uploads now.
   *
   * @return false if it has not taken the request up in time
   */
  public boolean askRetry(Duration patience) throws IOException {
    RetryRequest request = new RetryRequest(folder);
    request.ask();
    long deadline = System.nanoTime() + patience.toNanos();
    while (request.isPending() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    return !request.isPending();
  }

  private interface Look<T> {
    T at(SpoolContents contents) throws IOException;
  }

  private <T> T withContents(Look<T> look) throws IOException {
    for (int attempt = 1;; attempt++) {
      try (SpoolContents contents = SpoolContents.read(new ReadOnlyFolder(folder))) {
        return look.at(contents);
      } catch (NoSuchFileException e) {
        if (attempt == READ_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static boolean holdsSegments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> Segment.numberOf(file.getFileName().toString()).isPresent());
    }
  }
}
