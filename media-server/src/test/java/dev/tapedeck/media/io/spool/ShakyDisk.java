package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A real folder that can be told to refuse writes, or to hang in them. */
final class ShakyDisk implements SpoolDisk {
  private final SpoolDisk disk;
  volatile boolean refuses;
  private volatile CountDownLatch hanging = new CountDownLatch(0);
  private volatile CountDownLatch forcesHanging = new CountDownLatch(0);
  private volatile boolean heldUp;

  ShakyDisk(SpoolDisk disk) {
    this.disk = disk;
  }

  void hang() {
    hanging = new CountDownLatch(1);
  }

  /** Forces hang, writes do not. */
  void hangForces() {
    forcesHanging = new CountDownLatch(1);
  }

  void goOn() {
    hanging.countDown();
    forcesHanging.countDown();
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public SegmentFile create(String name) throws IOException {
    disturb();
    return new ShakyFile(disk.create(name));
  }

  @Override
  public SegmentFile open(String name) throws IOException {
    return disk.open(name);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void forceNames() throws IOException {
    disk.forceNames();
  }

  @Override
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }

  /** Whether somebody waits for it. */
  boolean holdsUp() {
    return heldUp;
  }

  private void disturb() throws IOException {
    await(hanging);
    if (refuses) {
      throw new IOException("Read-only file system");
    }
  }

  private void await(CountDownLatch latch) throws IOException {
    if (latch.getCount() == 0) {
      return;
    }
    heldUp = true;
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    } finally {
      heldUp = false;
    }
  }

  private final class ShakyFile implements SegmentFile {
    private final SegmentFile file;

    ShakyFile(SegmentFile file) {
      this.file = file;
    }

    @Override
    public void append(ByteBuffer... parts) throws IOException {
      disturb();
      file.append(parts);
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
      await(forcesHanging);
      disturb();
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
