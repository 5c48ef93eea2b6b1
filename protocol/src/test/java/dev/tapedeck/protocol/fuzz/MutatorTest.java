package dev.tapedeck.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutatorTest {
  private static final List<byte[]> CORPUS = corpus();

  @Test
  void givesTheSameInputsForTheSameSeed() {
    assertThat(inputs(7)).isEqualTo(inputs(7));
    assertThat(inputs(7)).isNotEqualTo(inputs(8));
  }

  @Test
  void runsTheWholeCorpusFirstAndThenManyDifferentMutations() {
    List<String> inputs = inputs(1);

    assertThat(inputs).hasSize(CORPUS.size() + 1000);
    for (int i = 0; i < CORPUS.size(); i++) {
      assertThat(inputs.get(i)).isEqualTo(HexFormat.of().formatHex(CORPUS.get(i)));
    }
    assertThat(inputs.stream().distinct().count()).isGreaterThan(900);
  }

  @Test
  void leavesTheCorpusAsItWas() {
    List<byte[]> corpus = corpus();
    Mutator.run("scribbler", 3, corpus, 1000, input -> Arrays.fill(input, (byte) 0xEE));
    for (int i = 0; i < corpus.size(); i++) {
      assertThat(corpus.get(i)).isEqualTo(CORPUS.get(i));
    }
  }

  @Test
  void namesSeedIterationAndInputOfAFailure() {
    assertThatThrownBy(() -> Mutator.run("breaking", 5, CORPUS, 10, input -> {
      if (input.length == 9) {
        Arrays.fill(input, (byte) 0);
        throw new IllegalStateException("nine");
      }
    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("fuzz breaking failed: seed 5, iteration -41, input 090909090909090909")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesACorpusTooSmallToMeanAnything() {
    assertThatThrownBy(() -> Mutator.run("small", 1, CORPUS.subList(0, 49), 1, input -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("49");
  }

  private static List<String> inputs(long seed) {
    List<String> inputs = new ArrayList<>();
    Mutator.run("recorder", seed, CORPUS, 1000, input -> inputs.add(HexFormat.of().formatHex(input)));
    return inputs;
  }

  /** Fifty inputs of 0 to 49 bytes, each filled with its own length. */
  private static List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      byte[] input = new byte[i];
      Arrays.fill(input, (byte) i);
      corpus.add(input);
    }
    return corpus;
  }
}
