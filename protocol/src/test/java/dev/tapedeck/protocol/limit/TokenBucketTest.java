package dev.tapedeck.protocol.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  /** Far below zero, as a monotonic clock may be. */
  private static final long BEGIN = Long.MIN_VALUE + 5;

  @Test
  void givesABurstAndThenItsRate() {
    TokenBucket bucket = new TokenBucket(10, 20, BEGIN);

    assertThat(IntStream.range(0, 100).filter(i -> bucket.take(BEGIN, 1)).count()).isEqualTo(20);
    assertThat(bucket.waitNanos(BEGIN)).isBetween(1L, SECOND / 10);
    long taken = 0;
    for (int millis = 1; millis <= 10_000; millis++) {
      taken += bucket.take(BEGIN + millis * SECOND / 1_000, 1) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(100);
  }

  @Test
  void aRestFillsItAndNoMore() {
    TokenBucket bucket = new TokenBucket(10, 20, BEGIN);
    IntStream.range(0, 20).forEach(i -> bucket.take(BEGIN, 1));

    long later = BEGIN + 3_600 * SECOND;
    assertThat(IntStream.range(0, 100).filter(i -> bucket.take(later, 1)).count()).isEqualTo(20);
  }

  @Test
  void whatIsLargerThanTheBurstIsOwed() {
    TokenBucket bucket = new TokenBucket(10, 20, BEGIN);

    assertThat(bucket.take(BEGIN, 50)).isTrue();
    assertThat(bucket.take(BEGIN + 2 * SECOND, 1)).isFalse();
    assertThat(bucket.waitNanos(BEGIN + 2 * SECOND)).isEqualTo(SECOND + 1);
    assertThat(bucket.take(BEGIN + 3 * SECOND + 1, 1)).isTrue();
  }

  @Test
  void manyKeepNoMoreThanTheirBound() {
    TokenBuckets<Integer> buckets = new TokenBuckets<>(1, 2, 1_000);
    for (int key = 0; key < 100_000; key++) {
      assertThat(buckets.take(BEGIN, key)).isZero();
    }
    assertThat(buckets.size()).isEqualTo(1_000);

    assertThat(buckets.take(BEGIN, 99_999)).isZero();
    assertThat(buckets.take(BEGIN, 99_999)).as("remembered").isPositive();
  }

  @Test
  void thoseThatAreFullAgainAreForgotten() {
    TokenBuckets<Integer> buckets = new TokenBuckets<>(1, 2, 1_000);
    for (int key = 0; key < 500; key++) {
      buckets.take(BEGIN, key);
    }
    for (int i = 0; i < 500; i++) {
      buckets.take(BEGIN + 10 * SECOND, 1_000);
    }
    assertThat(buckets.size()).isEqualTo(1);
  }
}
