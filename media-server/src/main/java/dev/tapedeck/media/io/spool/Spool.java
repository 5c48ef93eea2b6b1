package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the tapes and the store: takes slabs from workers, journals them, seals and uploads chunks, and picks up what
 * a process before this one left. One platform thread writes the journal; nothing it does can hold up a worker.
 *
 * <p>Recovery point: after a crash of the process everything older than a slab's age is kept, after a crash of the
 * machine everything older than a slab's age and one commit interval.
 */
public final class Spool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final double DEFAULT_DISK_SHARE = 0.8;

  private final SpoolDisk disk;
  private final Journal journal;
  private final SpoolKeeper keeper;
  private final Uploader uploader;
  private final SpoolCounters counters;
  private final Inbox inbox;
  private final Thread thread = Thread.ofPlatform().name("spool").unstarted(this::run);
  private volatile boolean closing;

  /**
   * What a spool depends on besides its disk.
   *
   * @param random     for the jitter of retries
   * @param clockNanos monotonic
   * @param wallMillis Unix milliseconds
   */
  record Surroundings(
      UploadLink link,
      ObjectPut store,
      SpoolEvents events,
      RandomGenerator random,
      LongSupplier clockNanos,
      LongSupplier wallMillis) {}

  private Spool(SpoolConfig config, SpoolDisk disk, Surroundings around) throws IOException {
    this.disk = disk;
    counters = new SpoolCounters();
    long budgetBytes = config.diskBudgetBytes() > 0 ? config.diskBudgetBytes()
        : (long) (disk.usableBytes() * DEFAULT_DISK_SHARE);
    SlabPool slabs = new SlabPool(config.slabBytes(), config.slabMemoryBytes(), counters);
    inbox = new Inbox(slabs);
    journal = new Journal(disk, config.segmentBytes(), budgetBytes, counters);
    uploader = new Uploader(config, around.link(), around.store(),
        new RetryPolicy(config.retryMin(), config.retryMax(), around.random()), around.clockNanos(), this::verified,
        this::unreadable, counters);
    keeper = new SpoolKeeper(config, journal, around.events(), uploader::add, slabs::giveBack, inbox::execute, counters);
  }

  /**
   * Opens the folder, recovers what is in it, and starts. Events of recovery are told before this returns.
   *
   * @param random for the jitter of retries
   * @throws IOException if the folder cannot be used, or another process uses it
   */
  public static Spool open(
      Path folder, SpoolConfig config, UploadLink link, SpoolEvents events, RandomGenerator random)
      throws IOException {
    SpoolDisk disk = new FolderDisk(folder);
    try {
      Spool spool = recover(config, disk, new Surroundings(link, new ChunkPut(config.uploadTimeout()), events, random,
          System::nanoTime, System::currentTimeMillis));
      spool.uploader.start();
      spool.thread.start();
      return spool;
    } catch (IOException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  /**
   * Takes up what is on this disk. No thread is started: the caller drives {@link #step} and {@link #tryUpload}, one at
   * a time.
   */
  static Spool recover(SpoolConfig config, SpoolDisk disk, Surroundings around) throws IOException {
    Spool spool = new Spool(config, disk, around);
    new SpoolRecovery(spool.journal, spool.keeper, spool.counters).run(around.wallMillis().getAsLong());
    return spool;
  }

  /** Where tapes hand over; safe for all workers at once. */
  public SlabSink sink() {
    return inbox;
  }

  public SpoolCounters counters() {
    return counters;
  }

  /**
   * Takes what has been handed over, makes it durable and stops. What is not stored yet is found by the next start.
   * Tapes are to be closed before.
   */
  @Override
  public void close() throws IOException {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    uploader.close();
    journal.close();
    disk.close();
  }

  private void run() {
    while (!closing) {
      stepSafely(System.nanoTime());
      inbox.await(keeper.nextTimeoutNanos());
    }
    finish();
  }

  /** Takes what was handed over, and does what is due. Called by the thread that owns the journal. */
  void step(long nowNanos) {
    inbox.drain();
    keeper.handleTimeout(nowNanos);
  }

  /** The last step before a stop. */
  void finish() {
    inbox.drain();
    if (!keeper.makeAllDurable()) {
      log.atError().addKeyValue("bytes", counters.memoryBytes.get())
          .log("spool disk refuses at the stop; what lives in memory only is lost");
    }
  }

  private void stepSafely(long nowNanos) {
    try {
      step(nowNanos);
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("spool failed at one message and goes on");
    }
  }

  /** One attempt at the chunk whose turn it is. @return false if none is ready now */
  boolean tryUpload() throws InterruptedException {
    return uploader.tryNext();
  }

  private void verified(SpooledChunk chunk) {
    inbox.execute(() -> keeper.chunkVerified(chunk));
  }

  private void unreadable(SpooledChunk chunk) {
    inbox.execute(() -> keeper.chunkUnreadable(chunk));
  }

  /** What workers and uploads bring, in order, for the spool thread. Bounded by the slabs there are. */
  private final class Inbox implements SlabSink {
    private final SlabPool slabs;
    private final Queue<TapeMessage> messages = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean idle;

    Inbox(SlabPool slabs) {
      this.slabs = slabs;
    }

    @Override
    public Slab take() {
      return slabs.take();
    }

    @Override
    public void offer(TapeMessage message) {
      messages.add(message);
      wake();
    }

    void execute(Runnable answer) {
      answers.add(answer);
      wake();
    }

    void drain() {
      for (TapeMessage message = messages.poll(); message != null; message = messages.poll()) {
        keeper.handle(message);
      }
      for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
        answer.run();
      }
    }

    void await(long untilNanos) {
      idle = true;
      if (messages.isEmpty() && answers.isEmpty() && !closing) {
        if (untilNanos == SpoolKeeper.NEVER) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, untilNanos - System.nanoTime());
        }
      }
      idle = false;
    }

    private void wake() {
      if (idle) {
        LockSupport.unpark(thread);
      }
    }
  }
}
