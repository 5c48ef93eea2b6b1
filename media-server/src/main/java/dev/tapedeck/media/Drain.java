package dev.tapedeck.media;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a media server that has time for it: new sessions are refused, those there are told and may leave, and what is
 * left after that time is ended. Used by any thread.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final long POLL_MILLIS = 50;

  private final MediaServer server;
  private final CountDownLatch over = new CountDownLatch(1);

  /** Guarded by this, as is the deadline. */
  private boolean hasBegun;

  private long deadlineNanos;

  Drain(MediaServer server) {
    this.server = server;
  }

  /** Begins, and returns at once. Asked again it brings the end forward, never back. */
  synchronized void begin(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    if (hasBegun && deadline - deadlineNanos >= 0) {
      return;
    }
    deadlineNanos = deadline;
    server.drain(longest);
    log.atInfo().addKeyValue("sessions", server.sessions()).addKeyValue("longest", longest).log("draining");
    if (!hasBegun) {
      hasBegun = true;
      Thread.ofVirtual().name("drain").start(this::run);
    }
    notifyAll();
  }

  /** Waits until nobody is here any more; for ever if it has not been asked for. */
  void awaitOver() throws InterruptedException {
    over.await();
  }

  private void run() {
    try {
      awaitDeadline();
      server.endSessions();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over.countDown();
    }
  }

  private synchronized void awaitDeadline() throws InterruptedException {
    while (server.sessions() > 0 && deadlineNanos - System.nanoTime() > 0) {
      wait(POLL_MILLIS);
    }
  }
}
