package dev.tapedeck.media;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a media server that has time for it: new sessions are refused, those there are told and may leave, and
 * what is left after that time is ended. Used by any thread.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final long POLL_MILLIS = 50;

  /** Who is drained. */
  interface Sessions {
    /** Takes no new ones, and tells those there are how long they have. */
    void drain(Duration remaining);

    /** How many there are. */
    int count();

    /** Ends those that are left. */
    void end();
  }

  private final Sessions sessions;
  private final CountDownLatch over = new CountDownLatch(1);

  /** Guarded by this, as is the deadline. */
  private boolean hasBegun;

  private long deadlineNanos;

  Drain(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Begins; the end comes whether or not sessions can be told. Asked again it brings the end forward, never back. */
  void begin(Duration longest) {
    if (!bringForward(System.nanoTime() + longest.toNanos())) {
      return;
    }
    log.atInfo().addKeyValue("sessions", sessions.count()).addKeyValue("longest", longest).log("draining");
    try {
      sessions.drain(longest);
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("not all members could be told that the server stops");
    }
  }

  /** @return false if the end comes earlier already */
  private synchronized boolean bringForward(long deadline) {
    if (hasBegun && deadline - deadlineNanos >= 0) {
      return false;
    }
    deadlineNanos = deadline;
    if (!hasBegun) {
      hasBegun = true;
      Thread.ofVirtual().name("drain").start(this::run);
    }
    notifyAll();
    return true;
  }

  /** Waits until nobody is here any more; for ever if it has not been asked for. */
  void awaitOver() throws InterruptedException {
    over.await();
  }

  private void run() {
    try {
      awaitDeadline();
      sessions.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("not all sessions could be ended; the server stops all the same");
    } finally {
      over.countDown();
    }
  }

  private synchronized void awaitDeadline() throws InterruptedException {
    while (sessions.count() > 0 && deadlineNanos - System.nanoTime() > 0) {
      wait(POLL_MILLIS);
    }
  }
}
