package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.SlabSink;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The record path of one media server behind its tapes, on the caller's thread: the whole spool, with journal, recovery
 * and uploads, on a simulated disk. Time is what the caller says.
 */
public final class SimNode {
  private final Spool spool;

  /**
   * Starts on a disk and takes up what is there.
   *
   * @throws IOException if the disk cannot be read
   */
  public SimNode(SimDisk disk, SpoolConfig config, UploadLink link, ObjectPut store, SpoolEvents events,
      RandomGenerator random, LongSupplier clockNanos, LongSupplier wallMillis) throws IOException {
    spool = Spool.recover(
        config, disk, Optional.empty(), new Spool.Surroundings(link, store, events, random, clockNanos, wallMillis));
  }

  public SlabSink sink() {
    return spool.sink();
  }

  public SpoolCounters counters() {
    return spool.counters();
  }

  /** What the spool's thread does when it wakes. */
  public void step(long nowNanos) {
    spool.step(nowNanos);
  }

  /** What one of the upload threads does. @return false if no chunk is ready */
  public boolean tryUpload() throws InterruptedException {
    return spool.tryUpload();
  }

  /** The last words of an orderly stop. */
  public void finish() {
    spool.finish();
  }
}
