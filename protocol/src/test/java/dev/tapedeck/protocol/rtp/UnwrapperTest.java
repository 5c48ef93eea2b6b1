package dev.tapedeck.protocol.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class UnwrapperTest {
  @Test
  void startsAtTheFirstNumberAndPassesTheWrap() {
    SequenceUnwrapper unwrapper = new SequenceUnwrapper();

    assertThat(unwrapper.isStarted()).isFalse();
    assertThat(unwrapper.unwrap(65534)).isEqualTo(65534);
    assertThat(unwrapper.unwrap(1)).isEqualTo(65537);
    assertThat(unwrapper.unwrap(65535)).isEqualTo(65535);
    assertThat(unwrapper.highest()).isEqualTo(65537);
    assertThat(unwrapper.peek(0)).isEqualTo(65536);
  }

  @Test
  void givesNegativeNumbersBeforeTheFirst() {
    SequenceUnwrapper sequence = new SequenceUnwrapper();
    sequence.unwrap(1);
    assertThat(sequence.unwrap(65535)).isEqualTo(-1);

    TimestampUnwrapper timestamps = new TimestampUnwrapper();
    timestamps.unwrap(1);
    assertThat(timestamps.unwrap(-1)).isEqualTo(-1);
  }

  @Test
  void startsAgainAfterReset() {
    SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    unwrapper.unwrap(10);
    unwrapper.reset();
    assertThat(unwrapper.unwrap(60_000)).isEqualTo(60_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void followsAnyWalkOfStepsBelowHalfTheCircle(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SequenceUnwrapper sequences = new SequenceUnwrapper();
    TimestampUnwrapper timestamps = new TimestampUnwrapper();
    long sequence = random.nextInt(1 << 16);
    long timestamp = random.nextLong(1L << 32);
    sequences.unwrap((int) sequence);
    timestamps.unwrap((int) timestamp);
    long highestSequence = sequence;
    long highestTimestamp = timestamp;
    for (int i = 0; i < 20_000; i++) {
      sequence = highestSequence + random.nextInt(-32_768, 32_768);
      timestamp = highestTimestamp + random.nextLong(-(1L << 31), 1L << 31);
      assertThat(sequences.unwrap((int) sequence & 0xFFFF)).as("seed %d, step %d", seed, i).isEqualTo(sequence);
      assertThat(timestamps.unwrap((int) timestamp)).as("seed %d, step %d", seed, i).isEqualTo(timestamp);
      highestSequence = Math.max(highestSequence, sequence);
      highestTimestamp = Math.max(highestTimestamp, timestamp);
    }
  }
}
