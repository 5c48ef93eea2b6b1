package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a set that simply holds everything; seeds stand in the names of the tests. */
class ReceivedTsnsTest {
  private static final long FIRST = SerialNumbers.first32(0xFFFF_FF00);

  private final MemorySegment memory = MemorySegment.ofArray(new byte[4 * ReceivedTsns.WINDOW]);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithASet(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ReceivedTsns received = new ReceivedTsns(FIRST);
    TreeSet<Long> model = new TreeSet<>();
    long cumulative = FIRST - 1;
    for (int i = 0; i < 20_000; i++) {
      long tsn = cumulative + 1 + random.nextInt(random.nextInt(20) == 0 ? ReceivedTsns.WINDOW : 12);
      assertThat(received.isBeyondWindow(tsn)).isFalse();
      assertThat(received.contains(tsn)).isEqualTo(model.contains(tsn));
      if (!received.contains(tsn)) {
        received.add(tsn);
        model.add(tsn);
      }
      if (random.nextInt(200) == 0) {
        long skipped = cumulative + random.nextInt(2 * ReceivedTsns.WINDOW);
        received.skipTo(skipped);
        cumulative = Math.max(cumulative, skipped);
        model.headSet(cumulative, true).clear();
      }
      while (model.remove(cumulative + 1)) {
        cumulative++;
      }
      assertThat(received.cumulativeTsn()).isEqualTo(cumulative);
      assertThat(received.hasGaps()).isEqualTo(!model.isEmpty());
    }
    assertThat(gaps(received)).isEqualTo(List.copyOf(model));
  }

  /** The TSNs that gap blocks name. */
  private List<Long> gaps(ReceivedTsns received) {
    List<Long> tsns = new ArrayList<>();
    int blocks = received.writeGaps(memory, 0, ReceivedTsns.WINDOW);
    for (int block = 0; block < blocks; block++) {
      for (int i = Bytes.u16(memory, 4L * block); i <= Bytes.u16(memory, 4L * block + 2); i++) {
        tsns.add(received.cumulativeTsn() + i);
      }
    }
    return tsns;
  }
}
