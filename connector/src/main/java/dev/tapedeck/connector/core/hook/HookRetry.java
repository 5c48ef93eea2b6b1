package dev.tapedeck.connector.core.hook;

import java.util.random.RandomGenerator;

/** What to do after one attempt to deliver an event to a hook. */
public final class HookRetry {
  static final long FIRST_DELAY_MILLIS = 1_000;
  static final long MAX_DELAY_MILLIS = 15 * 60_000;
  /** After this long of failure an event goes to the dead letters and its lane moves on. */
  public static final long GIVE_UP_AFTER_MILLIS = 24 * 3_600_000L;
  private static final int GONE = 410;

  private HookRetry() {}

  /** What follows an attempt. */
  public sealed interface Next {
    record Delivered() implements Next {}

    /** @param atMillis Unix milliseconds of the next attempt */
    record Retry(long atMillis) implements Next {}

    record DeadLetter() implements Next {}
  }

  /**
   * @param status              HTTP status, 0 when there was no answer
   * @param attempts            attempts made so far, this one included: 1 or more
   * @param firstAttemptMillis  when the first of them was made
   */
  public static Next after(int status, int attempts, long firstAttemptMillis, long nowMillis, RandomGenerator random) {
    if (status >= 200 && status < 300) {
      return new Next.Delivered();
    }
    if (status == GONE || nowMillis - firstAttemptMillis >= GIVE_UP_AFTER_MILLIS) {
      return new Next.DeadLetter();
    }
    return new Next.Retry(nowMillis + delayMillis(attempts, random));
  }

  /** Doubles from 1 s to 15 min; between half and all of it, so that receivers coming back are not hit by all at once. */
  private static long delayMillis(int attempts, RandomGenerator random) {
    long full = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(attempts - 1, 20));
    return full / 2 + random.nextLong(full / 2 + 1);
  }
}
