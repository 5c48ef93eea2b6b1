package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the tapes and the store: takes slabs from workers, journals them, seals and uploads chunks, and picks up what
 * a process before this one left. One platform thread writes the journal, a second one forces it, in a flood a third one
 * hashes; nothing they do can hold up a worker.
 *
 * <p>Recovery point: after a crash of the process everything older than a slab's age and {@link #GATHER_NANOS} is kept,
 * after a crash of the machine everything that is older by one commit interval besides.
 */
public final class Spool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  /** How often the spool looks how full it is. */
  private static final long LEVEL_INTERVAL_NANOS = 500_000_000L;

  /** A slab waits so long for others, which are then written with it at the cost of one. */
  private static final long GATHER_NANOS = 50_000_000L;

  /** So many slabs are worth a write of their own. */
  private static final int GATHERED_SLABS = 8;

  private static final Duration DRAIN_POLL = Duration.ofMillis(20);

  private final WatchedDisk disk;
  private final SpoolWatch watch;
  private final SpoolLevel level;
  private final Journal journal;
  private final SpoolKeeper keeper;
  private final Uploader uploader;
  private final SpoolCounters counters;
  private final SlabPool slabs;
  private final Inbox inbox;
  private final HashHelper helper = new HashHelper();
  private final ExecutorService forceThread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("spool-force").daemon().factory());
  private final Thread thread = Thread.ofPlatform().name("spool").unstarted(this::run);
  private List<UnfinishedRecording> unfinished = List.of();
  private long nextLevelNanos;
  private volatile boolean closing;

  /**
   * What a spool depends on besides its disk.
   *
   * @param forces     runs forces beside what goes on; empty for a thread of the spool's own
   * @param random     for the jitter of retries
   * @param clockNanos monotonic
   * @param wallMillis Unix milliseconds
   */
  record Surroundings(
      UploadLink link,
      ObjectPut store,
      SpoolEvents events,
      Optional<Executor> forces,
      RandomGenerator random,
      LongSupplier clockNanos,
      LongSupplier wallMillis) {}

  private Spool(SpoolConfig config, SpoolDisk folder, Optional<RetryRequest> requests, Surroundings around)
      throws IOException {
    counters = new SpoolCounters();
    disk = new WatchedDisk(folder, around.clockNanos(), counters);
    long budgetBytes = DiskBudget.bytes(disk, config.diskBudgetBytes());
    level = new SpoolLevel(budgetBytes, config.memoryBudgetBytes(), counters);
    slabs = new SlabPool(config.slabBytes(), config.slabMemoryBytes(), counters);
    inbox = new Inbox(config.durability() == Durability.ALWAYS ? 0 : GATHER_NANOS);
    journal = new Journal(disk, DiskBudget.segmentBytes(budgetBytes, config.segmentBytes()), budgetBytes,
        around.forces().orElse(forceThread), counters);
    uploader = new Uploader(config, around.link(), around.store(),
        new RetryPolicy(config.retryMin(), config.retryMax(), around.random()), around.clockNanos(), this::verified,
        this::unreadable, counters);
    keeper = new SpoolKeeper(
        config, journal, around.events(), uploader::add, slabs::giveBack, this::hash, inbox::execute, counters);
    watch = new SpoolWatch(disk, inbox::pressure, requests, uploader::retryNow, counters);
  }

  /**
   * Opens the folder, recovers what is in it, and starts. Events of recovery are told before this returns. What was open
   * is closed.
   *
   * @param random for the jitter of retries
   * @throws IOException if the folder cannot be used, another process uses it, or its disk is too small
   */
  public static Spool open(
      Path folder, SpoolConfig config, UploadLink link, SpoolEvents events, RandomGenerator random)
      throws IOException {
    return open(folder, config, link, events, random, Duration.ZERO);
  }

  /**
   * The same, but recordings that were open and have something so young on tape are left open, see {@link #unfinished}.
   *
   * @param goesOnFor how old the last packet of a recording may be
   */
  public static Spool open(
      Path folder, SpoolConfig config, UploadLink link, SpoolEvents events, RandomGenerator random, Duration goesOnFor)
      throws IOException {
    return open(new FolderDisk(folder), Optional.of(new RetryRequest(folder)), config, link, events, random, goesOnFor);
  }

  /** The same on any disk. */
  static Spool open(
      SpoolDisk disk,
      Optional<RetryRequest> requests,
      SpoolConfig config,
      UploadLink link,
      SpoolEvents events,
      RandomGenerator random,
      Duration goesOnFor)
      throws IOException {
    try {
      Spool spool = recover(config, disk, requests, new Surroundings(link, new ChunkPut(config.uploadTimeout()), events,
          Optional.empty(), random, System::nanoTime, System::currentTimeMillis), goesOnFor);
      spool.uploader.start();
      spool.helper.start();
      spool.watch.start();
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
  static Spool recover(SpoolConfig config, SpoolDisk disk, Optional<RetryRequest> requests, Surroundings around,
      Duration goesOnFor) throws IOException {
    Spool spool = new Spool(config, disk, requests, around);
    spool.unfinished = List.copyOf(new SpoolRecovery(spool.journal, spool.keeper, spool.counters)
        .run(around.wallMillis().getAsLong(), goesOnFor));
    spool.judgeLevel(around.clockNanos().getAsLong());
    return spool;
  }

  /** Where tapes hand over; safe for all workers at once. */
  public SlabSink sink() {
    return inbox;
  }

  /** What was open when the process before this one died: each is to be closed some time, by whoever takes it on. */
  public List<UnfinishedRecording> unfinished() {
    return unfinished;
  }

  public SpoolCounters counters() {
    return counters;
  }

  /** Everything that was taped is stored, and the connector has been told everything. */
  public boolean isEmpty() {
    return counters.recordings.get() == 0;
  }

  /**
   * Waits until all that was handed over is taken and {@link #isEmpty}, but not beyond this time, and not when uploads
   * only fail for {@link DrainProgress#HOPELESS_NANOS}; a machine that is merely slow has the whole time. Tapes are to be
   * closed before.
   *
   * @param isHurried once true, ends the wait
   * @return whether nothing is left
   */
  public boolean drain(Duration longest, BooleanSupplier isHurried) throws InterruptedException {
    long now = System.nanoTime();
    long deadline = now + longest.toNanos();
    DrainProgress progress = new DrainProgress(counters, now);
    while (!isDrained() && !isHurried.getAsBoolean() && now - deadline < 0 && !progress.isHopeless(now)) {
      Thread.sleep(DRAIN_POLL);
      now = System.nanoTime();
    }
    return isDrained();
  }

  private boolean isDrained() {
    return inbox.isEmpty() && isEmpty();
  }

  /** Why no new session should come to this node; empty if it may. Store and connector do not matter here. */
  public Optional<String> obstacle() {
    return level.obstacle();
  }

  /** What the disk is doing wrong, for an operator; empty if nothing. */
  public Optional<String> problem() {
    String refusal = journal.refusal();
    return refusal.isEmpty() ? watch.problem() : Optional.of("the spool's disk refuses: " + refusal);
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
    forceThread.shutdown();
    helper.close();
    watch.close();
    uploader.close();
    journal.close();
    disk.close();
  }

  private void run() {
    while (!closing) {
      runSafely(() -> step(System.nanoTime()));
      inbox.await(Math.min(keeper.nextTimeoutNanos(), nextLevelNanos));
    }
    finish();
  }

  /** Takes what was handed over, and does what is due. Called by the thread that owns the journal. */
  void step(long nowNanos) {
    inbox.drain();
    keeper.handleTimeout(nowNanos);
    if (nowNanos - nextLevelNanos >= 0) {
      judgeLevel(nowNanos);
    }
  }

  /** The last step before a stop. */
  void finish() {
    do {
      runSafely(inbox::drain);
    } while (!inbox.isEmpty());
    if (!keeper.makeAllDurable()) {
      log.atError().addKeyValue("bytes", counters.memoryBytes.get())
          .log("spool disk refuses at the stop; what lives in memory only is lost");
    }
  }

  /** What fails has left its message behind, so that it comes to an end. */
  private void runSafely(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("spool failed at one message and goes on");
    }
  }

  private void judgeLevel(long nowNanos) {
    nextLevelNanos = nowNanos + LEVEL_INTERVAL_NANOS;
    level.update(disk, journal.isFailing(), journal.isFailing() ? keeper.undurableBytes() : 0);
    counters.oldestUnsentMillis.set(keeper.oldestUnsentMillis());
    slabs.judge();
  }

  /** One attempt at the chunk whose turn it is. @return false if none is ready now */
  boolean tryUpload() throws InterruptedException {
    return uploader.tryNext();
  }

  /** A few slabs are hashed at once, while they are in the cache; in a flood another thread hashes beside this one. */
  private void hash(ChunkHash hash) {
    boolean isFlood = slabs.waiting() >= GATHERED_SLABS;
    if (!isFlood) {
      hash.catchUp();
    } else if (!helper.offer(hash)) {
      hash.hashNext();
    }
  }

  private void verified(SpooledChunk chunk) {
    inbox.execute(() -> keeper.chunkVerified(chunk));
  }

  private void unreadable(SpooledChunk chunk) {
    inbox.execute(() -> keeper.chunkUnreadable(chunk));
  }

  /** What workers and uploads bring, in order, for the spool thread. Bounded by the slabs there are. */
  private final class Inbox implements SlabSink {
    private final Queue<TapeMessage> messages = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private final long gatherNanos;
    private volatile boolean idle;
    private volatile boolean gathers;

    /** @param gatherNanos how long a slab may wait for others */
    Inbox(long gatherNanos) {
      this.gatherNanos = gatherNanos;
    }

    @Override
    public Slab take() {
      return slabs.take();
    }

    @Override
    public void offer(TapeMessage message) {
      if (message instanceof Slab) {
        slabs.handedOver();
      }
      messages.add(message);
      wake();
      if (gathers && slabs.waiting() >= GATHERED_SLABS) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public Pressure pressure() {
      Pressure ofSlabs = slabs.pressure();
      Pressure ofRoom = level.pressure();
      return ofSlabs.compareTo(ofRoom) > 0 ? ofSlabs : ofRoom;
    }

    void execute(Runnable answer) {
      answers.add(answer);
      wake();
      if (gathers) {
        LockSupport.unpark(thread);
      }
    }

    /** Takes what is here now; what comes meanwhile waits for the next force, however much it is. */
    void drain() {
      int gathered = 0;
      for (int left = messages.size(); left > 0; left--) {
        TapeMessage message = messages.element();
        try {
          keeper.handle(message);
        } finally {
          messages.remove(); // only now: an empty inbox means that all of it is known
        }
        gathered += message instanceof Slab ? 1 : 0;
        if (gathered == GATHERED_SLABS) {
          keeper.write();
          gathered = 0;
        }
      }
      for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
        answer.run();
      }
    }

    boolean isEmpty() {
      return messages.isEmpty() && answers.isEmpty();
    }

    void await(long untilNanos) {
      idle = true;
      if (isEmpty() && !closing) {
        if (untilNanos == SpoolKeeper.NEVER) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, untilNanos - System.nanoTime());
        }
      }
      idle = false;
      gather();
    }

    /** Lets slabs come together, as long as they are few and nothing else waits. */
    private void gather() {
      long untilNanos = System.nanoTime() + gatherNanos;
      gathers = true;
      while (!closing && answers.isEmpty() && !messages.isEmpty() && slabs.waiting() < GATHERED_SLABS) {
        long leftNanos = untilNanos - System.nanoTime();
        if (leftNanos <= 0) {
          break;
        }
        LockSupport.parkNanos(this, leftNanos);
      }
      gathers = false;
    }

    private void wake() {
      if (idle) {
        LockSupport.unpark(thread);
      }
    }
  }
}
