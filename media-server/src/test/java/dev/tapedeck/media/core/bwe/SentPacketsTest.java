package dev.tapedeck.media.core.bwe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentPacketsTest {
  private static final long MILLI = 1_000_000;
  private static final long START = 123_456 * MILLI;

  private final SentPackets sent = new SentPackets();

  /** Feedback may be a second late: at 1,000 packets a second a thousand must be known. */
  @Test
  void remembersASecondOfAFastStream() {
    for (int i = 0; i < 3_000; i++) {
      sent.note(64_000 + i & 0xFFFF, START + i * MILLI, 1_000 + i % 200);
    }
    for (int i = 2_000; i < 3_000; i++) {
      int number = 64_000 + i & 0xFFFF;
      assertThat(sent.has(number)).isTrue();
      assertThat(sent.nanos(number)).isEqualTo(i * MILLI);
      assertThat(sent.bytes(number)).isEqualTo(1_000 + i % 200);
    }
    assertThat(sent.has(64_000)).as("its place was taken").isFalse();
  }

  /** A slow stream needs no more places than it begins with. */
  @Test
  void forgetsWhatIsLongAgo() {
    for (int i = 0; i < 1_000; i++) {
      sent.note(i, START + i * 20 * MILLI, 80);
    }
    assertThat(sent.has(999)).isTrue();
    assertThat(sent.has(999 - 127)).isTrue();
    assertThat(sent.has(999 - 128)).isFalse();
  }

  @Test
  void whatFeedbackHasToldIsForgotten() {
    sent.note(7, START, 80);
    sent.forget(7);
    assertThat(sent.has(7)).isFalse();
    assertThat(sent.has(7 + 128)).isFalse();
  }
}
