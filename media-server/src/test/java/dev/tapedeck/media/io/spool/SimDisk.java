package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A disk that may forget. After a crash of the machine only what was forced is certain: of everything else any part may
 * be there, the rest is gone, noise or in another order, and names come and go as they like. It can also be full, slow,
 * refuse, tear a write, or stop the process in the middle of any operation.
 */
public class SimDisk implements SpoolDisk {
  private static final int SECTOR_BYTES = 512;

  /** Where a crash is to come at all, it comes right after one delete in so many. */
  private static final int CRASHES_AFTER_DELETE = 12;

  /** The process stops here; no code of it runs on. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    public Crash() {
      super("simulated crash", null, false, false);
    }
  }

  /** What happened, for the run's report. */
  public final Map<String, Integer> hits = new HashMap<>();

  private final RandomGenerator random;
  private final Map<String, SimFile> files = new HashMap<>();
  private final Map<String, SimFile> durableNames = new HashMap<>();

  /** Operations until the process stops, negative for never. */
  public long operationsToCrash = -1;

  public long capacityBytes = Long.MAX_VALUE;
  public boolean refusesWrites;
  public boolean refusesForces;
  public boolean refusesReads;

  /** Operations until one takes long, negative for never. */
  public long operationsToSlow = -1;

  /** What happens while an operation takes long. */
  public Runnable meanwhile = () -> {};

  /** Forces that completed. */
  long forces;

  public SimDisk(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public SegmentFile create(String name) throws IOException {
    operation();
    if (files.containsKey(name)) {
      throw new IOException(name + " exists");
    }
    refuseIf(refusesWrites || usedBytes() >= capacityBytes, "full");
    SimFile file = new SimFile();
    files.put(name, file);
    return file;
  }

  @Override
  public SegmentFile open(String name) {
    return files.get(name);
  }

  @Override
  public void delete(String name) {
    operation();
    files.remove(name);
    if (operationsToCrash > 0 && random.nextInt(CRASHES_AFTER_DELETE) == 0) {
      operationsToCrash = 0; // until names are forced nobody knows whether this one is there
    }
  }

  @Override
  public void forceNames() throws IOException {
    operation();
    refuseIf(refusesForces, "force refused");
    durableNames.clear();
    durableNames.putAll(files);
  }

  @Override
  public long usableBytes() {
    return capacityBytes - usedBytes();
  }

  @Override
  public void close() {}

  /** The process dies; the machine goes on, and with it all it was told. */
  public void crashProcess() {
    hit("process crash");
    operationsToCrash = -1;
    files.values().forEach(SimFile::comeBack);
  }

  /** The machine dies: what was not forced is left to chance. */
  public void crashMachine() {
    hit("machine crash");
    operationsToCrash = -1;
    Map<String, SimFile> after = new HashMap<>();
    durableNames.forEach((name, file) -> {
      boolean isThere = files.get(name) == file;
      if (isThere || random.nextInt(4) > 0) {
        after.put(name, file);
        hitIf(!isThere, "deleted name came back");
      }
    });
    files.forEach((name, file) -> {
      boolean isDurable = durableNames.get(name) == file;
      if (!isDurable && random.nextBoolean()) {
        after.put(name, file);
      }
      hitIf(!after.containsKey(name), "created name lost");
    });
    files.clear();
    files.putAll(after);
    durableNames.clear();
    durableNames.putAll(after);
    files.values().forEach(SimFile::forgetUnforced);
    files.values().forEach(SimFile::comeBack);
  }

  int fileCount() {
    return files.size();
  }

  private void operation() {
    if (operationsToCrash == 0) {
      throw new Crash();
    }
    if (operationsToCrash > 0) {
      operationsToCrash--;
    }
    if (operationsToSlow >= 0 && operationsToSlow-- == 0) {
      hit("slow");
      meanwhile.run();
    }
  }

  private long usedBytes() {
    return files.values().stream().mapToLong(SimFile::bytes).sum();
  }

  private void refuseIf(boolean refuses, String what) throws IOException {
    if (refuses) {
      hit(what);
      throw new IOException("simulated: " + what);
    }
  }

  private void hitIf(boolean isHit, String what) {
    if (isHit) {
      hit(what);
    }
  }

  private void hit(String what) {
    hits.merge(what, 1, Integer::sum);
  }

  private final class SimFile implements SegmentFile {
    private byte[] content = new byte[0];
    private int durableBytes;

    @Override
    public void append(ByteBuffer... parts) throws IOException {
      operationOn(parts);
      refuseIf(refusesWrites, "write refused");
      for (ByteBuffer part : parts) {
        if (usedBytes() + part.remaining() > capacityBytes) {
          part.limit(part.position() + random.nextInt(part.remaining() + 1));
          take(part);
          refuseIf(true, "full");
        }
        take(part);
      }
    }

    /** A crash in the middle of a write leaves a part of it. */
    private void operationOn(ByteBuffer... parts) {
      try {
        operation();
      } catch (Crash crash) {
        for (ByteBuffer part : parts) {
          part.limit(part.position() + random.nextInt(part.remaining() + 1));
          boolean isTorn = part.limit() < part.capacity();
          take(part);
          if (isTorn) {
            hit("torn write");
            break;
          }
        }
        throw crash;
      }
    }

    private void take(ByteBuffer part) {
      int at = content.length;
      content = Arrays.copyOf(content, at + part.remaining());
      part.get(content, at, part.remaining());
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      refuseIf(refusesReads, "read refused");
      int count = (int) Math.min(into.remaining(), Math.max(0, content.length - at));
      into.put(content, (int) at, count);
    }

    @Override
    public long bytes() {
      return content.length;
    }

    @Override
    public void force() throws IOException {
      operation();
      refuseIf(refusesForces, "force refused");
      completeForce();
    }

    private void completeForce() {
      durableBytes = durableBytesAfterForce(content.length, durableBytes);
      forces++;
    }

    @Override
    public void close() {}

    private void comeBack() {
      content = afterCrash(content);
    }

    private void forgetUnforced() {
      int kept = durableBytes + random.nextInt(content.length - durableBytes + 1);
      content = Arrays.copyOf(content, kept);
      for (int sector = durableBytes; sector < kept; sector += SECTOR_BYTES) {
        if (random.nextInt(3) == 0) {
          Arrays.fill(content, sector, Math.min(kept, sector + SECTOR_BYTES), (byte) 0);
          hit("lost sector");
        }
      }
      shuffle(kept);
      durableBytes = kept;
    }

    /** Whole sectors that were not forced may have changed places. */
    private void shuffle(int kept) {
      int sectors = (kept - durableBytes) / SECTOR_BYTES;
      if (sectors < 2 || random.nextBoolean()) {
        return;
      }
      int one = durableBytes + random.nextInt(sectors) * SECTOR_BYTES;
      int other = durableBytes + random.nextInt(sectors) * SECTOR_BYTES;
      byte[] moved = Arrays.copyOfRange(content, one, one + SECTOR_BYTES);
      System.arraycopy(content, other, content, one, SECTOR_BYTES);
      System.arraycopy(moved, 0, content, other, SECTOR_BYTES);
      hitIf(one != other, "shuffled sectors");
    }
  }

  /** What the next process reads of a file; a disk that lies overrides this. */
  protected byte[] afterCrash(byte[] content) {
    return content;
  }

  /** What a force makes durable; a disk that lies overrides this. */
  protected int durableBytesAfterForce(int writtenBytes, int durableBytes) {
    return writtenBytes;
  }
}
