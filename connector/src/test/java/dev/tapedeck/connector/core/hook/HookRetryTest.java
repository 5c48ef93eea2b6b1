package dev.tapedeck.connector.core.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.connector.core.hook.HookRetry.Next;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HookRetryTest {
  private final SplittableRandom random = new SplittableRandom(4);

  @Test
  void waitsLongerEachTimeAndNeverTooLong() {
    for (int attempts = 1; attempts < 100; attempts++) {
      long full = Math.min(HookRetry.MAX_DELAY_MILLIS, 1000L << Math.min(attempts - 1, 30));

      assertThat(HookRetry.after(500, attempts, 0, 5, random)).isInstanceOfSatisfying(Next.Retry.class,
          retry -> assertThat(retry.atMillis() - 5).isBetween(full / 2, full));
    }
  }

  @Test
  void takesAnyTwoHundredForDelivered() {
    for (int status = 200; status < 300; status++) {
      assertThat(HookRetry.after(status, 1, 0, 0, random)).isEqualTo(new Next.Delivered());
    }
  }

  @Test
  void givesUpOnGoneOrAfterADay() {
    assertThat(HookRetry.after(410, 1, 0, 0, random)).isEqualTo(new Next.DeadLetter());
    assertThat(HookRetry.after(0, 9, 0, HookRetry.GIVE_UP_AFTER_MILLIS, random)).isEqualTo(new Next.DeadLetter());
    assertThat(HookRetry.after(0, 9, 0, HookRetry.GIVE_UP_AFTER_MILLIS - 1, random)).isInstanceOf(Next.Retry.class);
  }
}
