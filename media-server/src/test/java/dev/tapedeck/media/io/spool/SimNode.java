package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The record path of one media server behind its tapes, on the caller's thread: the whole spool, with journal, recovery
 * and uploads, on a simulated disk. Time is what the caller says.
 */
public final class SimNode {
  private final Spool spool;
  private final RandomGenerator random;
  private final Deque<Runnable> forces = new ArrayDeque<>();

  /**
   * Starts on a disk and takes up what is there.
   *
   * @throws IOException if the disk cannot be read
   */
  public SimNode(SimDisk disk, SpoolConfig config, UploadLink link, ObjectPut store, SpoolEvents events,
      RandomGenerator random, LongSupplier clockNanos, LongSupplier wallMillis, Duration goesOnFor)
      throws IOException {
    this.random = random;
    spool = Spool.recover(config, disk, Optional.empty(), new Spool.Surroundings(
        link, store, events, Optional.of(this::force), random, clockNanos, wallMillis), goesOnFor);
  }

  /** What was open when the process before this one died. */
  public List<UnfinishedRecording> unfinished() {
    return spool.unfinished();
  }

  public SlabSink sink() {
    return spool.sink();
  }

  public SpoolCounters counters() {
    return spool.counters();
  }

  /** What the spool's thread does when it wakes; before, a force may come through that was begun earlier. */
  public void step(long nowNanos) {
    if (!forces.isEmpty() && random.nextInt(3) == 0) {
      forces.remove().run();
    }
    spool.step(nowNanos);
  }

  /** A force was begun, and is still at it. */
  public boolean isForcing() {
    return !forces.isEmpty();
  }

  /** What one of the upload threads does. @return false if no chunk is ready */
  public boolean tryUpload() throws InterruptedException {
    return spool.tryUpload();
  }

  /** A force is through at once, or takes until a later step. */
  private void force(Runnable force) {
    if (random.nextBoolean()) {
      force.run();
    } else {
      forces.add(force);
    }
  }

  /** The last words of an orderly stop. */
  public void finish() {
    spool.finish();
  }
}
