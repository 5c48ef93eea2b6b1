package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fragments in any order; seeds stand in the names of the tests. */
class ReassemblyTest {
  private static final int MESSAGES = 200;

  private final Reassembly reassembly = new Reassembly(1000);

  @ParameterizedTest
  @CsvSource({"1, true, false", "2, false, false", "3, true, true", "4, false, true", "5, true, false", "6, false, true"})
  void messagesComeOutWholeAndInOrderWhereTheyAreOrdered(long seed, boolean isOrdered, boolean isInterleaved) {
    Random random = new Random(seed);
    List<Fragment> fragments = new ArrayList<>();
    for (int number = 0; number < MESSAGES; number++) {
      int count = 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        fragments.add(fragment(fragments.size() + 1, number, i, count, isOrdered, isInterleaved));
      }
    }
    Collections.shuffle(fragments, random);
    fragments.forEach(fragment -> assertThat(reassembly.add(fragment)).isEqualTo(Reassembly.Result.TAKEN));

    List<Integer> numbers = new ArrayList<>();
    for (InboundMessage message; (message = reassembly.poll()) != null;) {
      numbers.add(Byte.toUnsignedInt(message.data()[0]));
      for (int i = 0; i < message.data().length; i++) {
        assertThat(message.data()[i]).isEqualTo((byte) (numbers.getLast() + i));
      }
    }
    assertThat(numbers).hasSize(MESSAGES).doesNotHaveDuplicates();
    if (isOrdered) {
      assertThat(numbers).isSorted();
    }
    assertThat(reassembly.heldBytes()).isZero();
  }

  @Test
  void whatContradictsIsFound() {
    reassembly.add(fragment(10, 0, 0, 3, true, false));
    assertThat(reassembly.add(fragment(12, 0, 0, 3, true, false))).isEqualTo(Reassembly.Result.VIOLATION);
    reassembly.add(fragment(12, 0, 2, 3, true, false));
    assertThat(reassembly.add(fragment(13, 0, 1, 3, true, false))).isEqualTo(Reassembly.Result.VIOLATION);
    assertThat(reassembly.add(fragment(11, 0, 1, 3, true, false))).isEqualTo(Reassembly.Result.TAKEN);
    assertThat(reassembly.poll().data()).hasSize(3);
    assertThat(reassembly.add(fragment(14, 0, 0, 1, true, false))).isEqualTo(Reassembly.Result.STALE);
  }

  @Test
  void aMessageBeyondTheLimitIsFoundBeforeItIsWhole() {
    Reassembly small = new Reassembly(2);
    for (boolean isOrdered : new boolean[] {true, false}) {
      small.add(fragment(1, 0, 0, 9, isOrdered, false));
      small.add(fragment(2, 0, 1, 9, isOrdered, false));
      assertThat(small.add(fragment(3, 0, 2, 9, isOrdered, false))).isEqualTo(Reassembly.Result.TOO_LARGE);
    }
  }

  @Test
  void skippedMessagesHoldNothing() {
    reassembly.add(fragment(1, 0, 0, 2, true, false));
    reassembly.add(fragment(5, 2, 0, 1, true, false));
    reassembly.add(fragment(6, 0, 0, 2, false, false));
    reassembly.add(fragment(7, 7, 0, 2, false, true));
    assertThat(reassembly.heldBytes()).isEqualTo(4 * (1 + SctpLimits.OVERHEAD_BYTES));
    reassembly.skip(0, 1, true, false);
    assertThat(reassembly.poll().data()).containsExactly(2);
    reassembly.skipUnorderedTo(6);
    reassembly.skip(0, 7, false, true);
    assertThat(reassembly.heldBytes()).isZero();
  }

  /** One byte, which tells the message and its own place in it. */
  private static Fragment fragment(
      long tsn, int number, int index, int count, boolean isOrdered, boolean isInterleaved) {
    return new Fragment(tsn, 0, isInterleaved, isOrdered, index == 0, index == count - 1, number,
        isInterleaved ? index : tsn, PayloadProtocol.BINARY, new byte[] {(byte) (number + index)});
  }
}
