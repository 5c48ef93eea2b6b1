package dev.tapedeck.bench.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeededImpairmentTest {
  private static final byte[] RTP = {(byte) 0x80, 96, 0, 0};
  private static final byte[] STUN = {0, 1, 0, 0};
  private static final SeededImpairment.Rates ROUGH =
      new SeededImpairment.Rates(0.1, 20_000_000, 10_000_000, 0.05, 30_000_000, true);

  @Test
  void decidesTheSameForTheSameSeed() {
    assertThat(fates(3, ROUGH)).isEqualTo(fates(3, ROUGH));
    assertThat(fates(3, ROUGH)).isNotEqualTo(fates(4, ROUGH));
  }

  @Test
  void losesAndHoldsBackTheSharesAskedFor() {
    List<Long> fates = fates(5, ROUGH);
    double lost = fates.stream().filter(fate -> fate == Impairment.DROP).count() / (double) fates.size();
    double late = fates.stream().filter(fate -> fate >= 50_000_000).count() / (double) fates.size();

    assertThat(lost).isCloseTo(0.1, within(0.01));
    assertThat(late).isCloseTo(0.05 * 0.9, within(0.01));
    assertThat(fates).allMatch(fate -> fate == Impairment.DROP || fate >= 20_000_000 && fate <= 60_000_000);
  }

  @Test
  void changingTheDelayLeavesTheLossAsItWas() {
    List<Boolean> withDelay = fates(6, ROUGH).stream().map(fate -> fate == Impairment.DROP).toList();
    List<Boolean> without =
        fates(6, SeededImpairment.Rates.loss(0.1)).stream().map(fate -> fate == Impairment.DROP).toList();

    assertThat(withDelay).isEqualTo(without);
  }

  @Test
  void leavesStunAloneUnlessTold() {
    SeededImpairment mediaOnly = new SeededImpairment(1, SeededImpairment.Rates.loss(1));
    SeededImpairment everything =
        new SeededImpairment(1, new SeededImpairment.Rates(1, 0, 0, 0, 0, false));

    assertThat(mediaOnly.decide(STUN, 0, STUN.length, 0)).isZero();
    assertThat(mediaOnly.decide(RTP, 0, RTP.length, 0)).isEqualTo(Impairment.DROP);
    assertThat(everything.decide(STUN, 0, STUN.length, 0)).isEqualTo(Impairment.DROP);
  }

  @Test
  void refusesShareAboveOne() {
    assertThatThrownBy(() -> SeededImpairment.Rates.loss(1.5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.5");
  }

  private static List<Long> fates(long seed, SeededImpairment.Rates rates) {
    SeededImpairment impairment = new SeededImpairment(seed, rates);
    List<Long> fates = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      fates.add(impairment.decide(RTP, 0, RTP.length, i));
    }
    return fates;
  }
}
