package dev.tapedeck.composer.check;

import java.util.BitSet;

/** Which pictures of one synthetic participant were seen, by the counter in them. */
final class CounterTally {
  private final int participant;
  private final BitSet seen = new BitSet();
  private int pictures;
  private int backwardSteps;
  private int last = -1;

  CounterTally(int participant) {
    this.participant = participant;
  }

  void add(int counter) {
    seen.set(counter);
    pictures++;
    if (counter < last) {
      backwardSteps++;
    }
    last = counter;
  }

  FileReport.Counters counters() {
    int first = seen.nextSetBit(0);
    int distinct = seen.cardinality();
    return new FileReport.Counters(participant, first, seen.length() - 1, distinct, seen.length() - first - distinct,
        pictures - distinct, backwardSteps);
  }
}
