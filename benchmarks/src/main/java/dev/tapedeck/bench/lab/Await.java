package dev.tapedeck.bench.lab;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for a condition; the deadline only ends a wait that would never end, it is no measure of speed. */
public final class Await {
  /** Ample for anything a healthy browser does on a machine that is busy with other work. */
  public static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = 50_000_000;

  private Await() {}

  /**
   * Asks until the answer fits, and returns it.
   *
   * @param what read in the failure: "waited 60 s for ..."
   * @throws AssertionError with the last answer when the deadline is over
   */
  public static <T> T until(String what, Callable<T> question, Predicate<T> fits) {
    return until(what, DEADLINE, question, fits);
  }

  public static <T> T until(String what, Duration deadline, Callable<T> question, Predicate<T> fits) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      T answer = ask(question);
      if (fits.test(answer)) {
        return answer;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + deadline.toSeconds() + " s for " + what + "; last seen: " + answer);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static <T> T ask(Callable<T> question) {
    try {
      return question.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
