package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.config.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real folder, held by one process at a time and closed to other users: what people said lies in it. */
final class FolderDisk implements SpoolDisk {
  private static final String LOCK = "lock";
  private static final int LOCK_ATTEMPTS = 10;
  private static final long LOCK_PAUSE_NANOS = 20_000_000;

  /** Parts of a write are gathered here: one copy, where the channel would make one of each part and keep it. */
  private static final int GATHER_BYTES = 256 << 10;

  /** Written since the last force; so much lets the disk begin without one. */
  private static final long EARLY_BYTES = 4 << 20;

  private final Path folder;
  private final FileChannel lock;
  private final ByteBuffer gathered = ByteBuffer.allocateDirect(GATHER_BYTES);

  /** The only file that is appended to. */
  private Optional<OpenFile> newest = Optional.empty();

  /** Kept, because to find it the mount table is read. */
  private final FileStore store;

  /** @throws IOException if the folder cannot be used, or another process uses it */
  FolderDisk(Path folder) throws IOException {
    this.folder = OwnerOnly.folder(folder);
    store = Files.getFileStore(folder);
    lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(lock)) {
      lock.close();
      throw new IOException(
          "spool folder " + folder + " is in use by another process; stop it or choose another folder");
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(LOCK)).toList();
    }
  }

  @Override
  public SegmentFile create(String name) throws IOException {
    Path file = folder.resolve(name);
    FileChannel channel = FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    newest.ifPresent(OpenFile::endWriteBack);
    OpenFile created = new OpenFile(channel, gathered, WriteBack.of(file));
    newest = Optional.of(created);
    return created;
  }

  @Override
  public SegmentFile open(String name) throws IOException {
    return new OpenFile(FileChannel.open(folder.resolve(name), StandardOpenOption.READ), null, Optional.empty());
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void forceNames() throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return store.getUsableSpace();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  /** Whether a running process, this one included, holds the folder. */
  static boolean isHeld(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    if (Files.notExists(file)) {
      return false;
    }
    // Shared, because that needs no leave to write: the folder may be a copy on a disk mounted for reading.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /** Fills {@code into} with the bytes from {@code at} on, or fewer at the end of the file. */
  static void read(FileChannel channel, ByteBuffer into, long at) throws IOException {
    long from = at;
    while (into.hasRemaining()) {
      int got = channel.read(into, from);
      if (got < 0) {
        return;
      }
      from += got;
    }
  }

  /** Tries for a while, because {@link #isHeld} of another process takes the lock for a moment. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      if (tryLock(channel)) {
        return true;
      }
      LockSupport.parkNanos(LOCK_PAUSE_NANOS);
    }
    return false;
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** One segment file; what is appended to it goes to the disk early, when it is much. */
  private static final class OpenFile implements SegmentFile {
    private final FileChannel channel;

    /** Of the folder, empty between writes; null where nothing is written. */
    private final ByteBuffer gathered;

    private Optional<WriteBack> writeBack;
    private volatile long writtenBytes;

    /** Up to here the system was asked to write. */
    private long begunBytes;

    /** Up to here it has written. */
    private volatile long forcedBytes;

    OpenFile(FileChannel channel, ByteBuffer gathered, Optional<WriteBack> writeBack) {
      this.channel = channel;
      this.gathered = gathered;
      this.writeBack = writeBack;
    }

    @Override
    public void append(ByteBuffer... parts) throws IOException {
      gathered.clear();
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          gather(part);
          if (!gathered.hasRemaining()) {
            writeGathered();
          }
        }
      }
      writeGathered();
      beginWriteBack();
    }

    private void gather(ByteBuffer part) {
      int bytes = Math.min(part.remaining(), gathered.remaining());
      gathered.put(part.slice(part.position(), bytes));
      part.position(part.position() + bytes);
    }

    private void writeGathered() throws IOException {
      gathered.flip();
      while (gathered.hasRemaining()) {
        writtenBytes += channel.write(gathered);
      }
      gathered.clear();
    }

    private void beginWriteBack() {
      long from = Math.max(begunBytes, forcedBytes);
      long bytes = writtenBytes - from;
      if (bytes >= EARLY_BYTES) {
        writeBack.ifPresent(early -> early.begin(from, bytes));
        begunBytes = writtenBytes;
      }
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      FolderDisk.read(channel, into, at);
    }

    @Override
    public long bytes() throws IOException {
      return channel.size();
    }

    @Override
    public void force() throws IOException {
      long before = writtenBytes;
      channel.force(false);
      forcedBytes = before;
    }

    /** Nothing is appended any more; a spool may keep thousands of files, each with one descriptor. */
    void endWriteBack() {
      writeBack.ifPresent(WriteBack::close);
      writeBack = Optional.empty();
    }

    @Override
    public void close() throws IOException {
      endWriteBack();
      channel.close();
    }
  }
}
