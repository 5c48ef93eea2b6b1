package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings sealed chunks to the store: leave from the connector, PUT, and the connector's word that it has seen the
 * object. Only that word ends it; anything else is tried again, with a fresh URL, for ever. Only a chunk that our own
 * disk does not give back is given up after a few tries. Some virtual threads work at it, each on one chunk at a time.
 */
final class Uploader implements AutoCloseable {
  /** Reads of one chunk that may fail before it is given up. */
  static final int MAX_READ_FAILURES = 4;

  private static final Logger log = LoggerFactory.getLogger(Uploader.class);

  private final UploadLink link;
  private final ObjectPut store;
  private final LongSupplier clockNanos;
  private final Consumer<SpooledChunk> verified;
  private final Consumer<SpooledChunk> unreadable;
  private final SpoolCounters counters;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final UploadQueue queue;
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /**
   * @param store      closed with this
   * @param clockNanos monotonic
   * @param verified   gets each chunk once the connector has seen it; called by upload threads
   * @param unreadable gets each chunk that was given up; called by upload threads
   */
  Uploader(
      SpoolConfig config,
      UploadLink link,
      ObjectPut store,
      RetryPolicy retry,
      LongSupplier clockNanos,
      Consumer<SpooledChunk> verified,
      Consumer<SpooledChunk> unreadable,
      SpoolCounters counters) {
    this.link = link;
    this.store = store;
    this.clockNanos = clockNanos;
    this.verified = verified;
    this.unreadable = unreadable;
    this.counters = counters;
    queue = new UploadQueue(retry, Math.max(1, config.uploads() / 2));
    for (int i = 0; i < config.uploads(); i++) {
      threads.add(Thread.ofVirtual().name("upload-" + i).unstarted(this::work));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** A chunk that is sealed; safe from any thread. */
  void add(SpooledChunk chunk) {
    lock.lock();
    try {
      queue.add(chunk);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Tries the chunk whose turn it is, on the calling thread. @return false if none is ready now */
  boolean tryNext() throws InterruptedException {
    Optional<SpooledChunk> next = nextReady();
    if (next.isPresent()) {
      upload(next.get());
    }
    return next.isPresent();
  }

  /** Whatever waits after a failure is tried at once; safe from any thread. */
  void retryNow() {
    lock.lock();
    try {
      queue.retryNow(clockNanos.getAsLong());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops trying; what is not stored stays where it is. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
    store.close();
  }

  private void work() {
    try {
      while (true) {
        Optional<SpooledChunk> next = take();
        if (next.isEmpty()) {
          return;
        }
        upload(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the spool closes
    }
  }

  /** Waits for a chunk whose turn it is; empty when closed. */
  private Optional<SpooledChunk> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        long now = clockNanos.getAsLong();
        Optional<SpooledChunk> next = queue.take(now);
        if (next.isPresent()) {
          return next;
        }
        long ready = queue.nextReadyNanos(now);
        if (ready == UploadQueue.NEVER) {
          changed.await();
        } else {
          changed.await(Math.max(1, ready - now), TimeUnit.NANOSECONDS);
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Optional<SpooledChunk> nextReady() {
    lock.lock();
    try {
      return queue.take(clockNanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  private void upload(SpooledChunk chunk) throws InterruptedException {
    counters.uploadAttempts.incrementAndGet();
    List<byte[]> pieces;
    try {
      pieces = chunk.readPieces();
    } catch (IOException | RuntimeException e) {
      notRead(chunk, e);
      return;
    }
    try {
      Optional<PresignedPut> leave = link.requestUrl(chunk.sealed());
      if (leave.isPresent()) {
        store.put(leave.get(), pieces);
      }
      link.confirmStored(chunk.sealed());
    } catch (IOException | RuntimeException e) {
      // A link is foreign code: whatever it throws, the chunk must not fall out of the queue.
      failed(chunk, e);
      return;
    }
    verified.accept(chunk);
    lock.lock();
    try {
      queue.succeeded(chunk);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void notRead(SpooledChunk chunk, Exception cause) {
    if (++chunk.readFailures < MAX_READ_FAILURES) {
      failed(chunk, cause);
      return;
    }
    counters.uploadFailures.incrementAndGet();
    log.atError().addKeyValue("room", chunk.tape.getRoom()).addKeyValue("peer", chunk.tape.getPeer())
        .addKeyValue("chunk", chunk.index).addKeyValue("packets", chunk.packets()).setCause(cause)
        .log("chunk given up, the spool disk does not give it back; its packets become a gap");
    unreadable.accept(chunk);
    lock.lock();
    try {
      queue.gaveUp(chunk);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void failed(SpooledChunk chunk, Exception cause) {
    counters.uploadFailures.incrementAndGet();
    int failures;
    lock.lock();
    try {
      failures = queue.failed(chunk, clockNanos.getAsLong());
      changed.signal();
    } finally {
      lock.unlock();
    }
    // Powers of two: the first at once, then ever more seldom, while /metrics tells the rest.
    if (Integer.bitCount(failures) == 1) {
      log.atWarn().addKeyValue("room", chunk.tape.getRoom()).addKeyValue("peer", chunk.tape.getPeer())
          .addKeyValue("chunk", chunk.index).addKeyValue("failures", failures)
          .addKeyValue("cause", cause.getMessage())
          .addKeyValue("spoolBytes", counters.unsentBytes.get())
          .log("chunk upload refused; it stays in the spool and is tried again");
    }
  }
}
