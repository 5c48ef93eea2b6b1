package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;

/** A disk whose writes and forces are timed, so that one that hangs is seen while it hangs. */
final class WatchedDisk implements SpoolDisk {
  private final SpoolDisk disk;
  private final LongSupplier clockNanos;
  private final SpoolCounters counters;
  private final Watch appends = new Watch();
  private final Watch forces = new Watch();

  /** @param clockNanos monotonic */
  WatchedDisk(SpoolDisk disk, LongSupplier clockNanos, SpoolCounters counters) {
    this.disk = disk;
    this.clockNanos = clockNanos;
    this.counters = counters;
  }

  /** How long the longest operation at hand has taken; 0 if there is none. */
  long busyNanos() {
    return Math.max(appends.busyNanos(), forces.busyNanos());
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public SegmentFile create(String name) throws IOException {
    return new WatchedFile(appends.time(() -> disk.create(name)));
  }

  @Override
  public SegmentFile open(String name) throws IOException {
    return new WatchedFile(disk.open(name));
  }

  @Override
  public void delete(String name) throws IOException {
    appends.time(() -> {
      disk.delete(name);
      return null;
    });
  }

  @Override
  public void forceNames() throws IOException {
    forces.time(() -> {
      disk.forceNames();
      return null;
    });
  }

  @Override
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  /** Looks after operations of one kind, of which there is one at a time, whichever thread it is on. */
  private final class Watch {
    private static final long IDLE = Long.MIN_VALUE;

    private volatile long busySinceNanos = IDLE;

    long busyNanos() {
      long since = busySinceNanos;
      return since == IDLE ? 0 : clockNanos.getAsLong() - since;
    }

    <T> T time(Operation<T> operation) throws IOException {
      long startNanos = clockNanos.getAsLong();
      busySinceNanos = startNanos;
      try {
        return operation.run();
      } finally {
        busySinceNanos = IDLE;
        counters.longestDiskNanos.accumulateAndGet(clockNanos.getAsLong() - startNanos, Math::max);
      }
    }
  }

  private final class WatchedFile implements SegmentFile {
    private final SegmentFile file;

    WatchedFile(SegmentFile file) {
      this.file = file;
    }

    @Override
    public void append(ByteBuffer... parts) throws IOException {
      appends.time(() -> {
        file.append(parts);
        return null;
      });
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      file.read(into, at);
    }

    @Override
    public long bytes() throws IOException {
      return file.bytes();
    }

    @Override
    public void force() throws IOException {
      forces.time(() -> {
        file.force();
        return null;
      });
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
