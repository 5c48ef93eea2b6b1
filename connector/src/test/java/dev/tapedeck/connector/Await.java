package dev.tapedeck.connector;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread brings about. */
public final class Await {
  private static final long DEADLINE_NANOS = 60_000_000_000L;

  private Await() {}

  /** @throws AssertionError when it is not true after 60 s */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("never became true: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
