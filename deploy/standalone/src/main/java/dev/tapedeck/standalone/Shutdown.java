package dev.tapedeck.standalone;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGINT and SIGTERM into an orderly end: interrupts the thread that made it, and keeps the process alive until
 * that thread has closed what it opened.
 */
final class Shutdown implements AutoCloseable {
  /** A stop that takes longer is cut off; the next start recovers what it left. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean isWanted;

  Shutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
  }

  /** Waits until the process is told to end. */
  void await() {
    try {
      while (!isWanted) {
        Thread.sleep(Duration.ofHours(1));
      }
    } catch (InterruptedException e) {
      // This is how it is told; the thread goes on to close everything.
    }
  }

  boolean isWanted() {
    return isWanted;
  }

  /** To be called last: the process may now end. */
  @Override
  public void close() {
    finished.countDown();
  }

  private void stopAndWait() {
    isWanted = true;
    if (finished.getCount() > 0) {
      worker.interrupt();
    }
    try {
      finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
