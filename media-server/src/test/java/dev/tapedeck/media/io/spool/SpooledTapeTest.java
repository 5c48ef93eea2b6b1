package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpooledTapeTest {
  private static final int SLAB_MILLIS = 250;
  private static final int SLAB_PACKETS = 12;

  /** L8: a disk that is full for a day must not make a close too large to tell, nor each note in the journal. */
  @Test
  void moreDiskGapsThanAreToldOneByOneWidenTheLast() {
    SpooledTape tape = new SpooledTape(TapeId.getDefaultInstance());
    int slabs = 24 * 3600 * 1000 / SLAB_MILLIS;
    for (int slab = 0; slab < slabs; slab++) {
      tape.dropped(Gap.newBuilder().setFromMs(1L + slab * SLAB_MILLIS).setToMs((slab + 1L) * SLAB_MILLIS).setCause("disk")
          .setPackets(SLAB_PACKETS).build());
    }

    TapeClosed told = tape.corrected(TapeClosed.newBuilder().setPackets((long) slabs * SLAB_PACKETS + 7).build());

    List<Gap> gaps = told.getGapsList();
    assertThat(told.getPackets()).isEqualTo(7);
    assertThat(gaps).hasSize(SpooledTape.MAX_DISK_GAPS);
    assertThat(gaps.stream().mapToLong(Gap::getPackets).sum()).isEqualTo((long) slabs * SLAB_PACKETS);
    assertThat(gaps.getFirst().getFromMs()).isEqualTo(1);
    assertThat(gaps.getLast().getToMs()).isEqualTo((long) slabs * SLAB_MILLIS);
    assertThat(gaps.getLast().getFromMs()).isEqualTo(gaps.get(gaps.size() - 2).getToMs() + 1);
  }
}
