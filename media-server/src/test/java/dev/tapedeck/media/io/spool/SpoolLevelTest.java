package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.record.Pressure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpoolLevelTest {
  private static final long BUDGET = 1000;
  private static final long MEMORY = 100;

  private final SpoolCounters counters = new SpoolCounters();
  private final SimDisk disk = new SimDisk(new SplittableRandom(1));
  private final SpoolLevel level = new SpoolLevel(BUDGET, MEMORY, counters);

  @Test
  void upperLayersGoBeforeVideoAndAudioNever() {
    assertThat(at(500)).isEqualTo(Pressure.NONE);
    assertThat(at(899)).isEqualTo(Pressure.NONE);
    assertThat(at(900)).isEqualTo(Pressure.SHED_UPPER_LAYERS);
    assertThat(at(950)).isEqualTo(Pressure.SHED_VIDEO);
    assertThat(at(1000)).isEqualTo(Pressure.SHED_VIDEO);
  }

  @Test
  void whatWasShedComesBackBelowALowerMark() {
    at(1000);
    assertThat(at(900)).isEqualTo(Pressure.SHED_VIDEO);
    assertThat(at(899)).isEqualTo(Pressure.SHED_UPPER_LAYERS);
    assertThat(at(800)).isEqualTo(Pressure.SHED_UPPER_LAYERS);
    assertThat(at(799)).isEqualTo(Pressure.NONE);
  }

  @Test
  void newSessionsAreSentElsewhereFromTheHighMarkToTheLowOne() {
    at(799);
    assertThat(level.obstacle()).isEmpty();
    at(800);
    assertThat(level.obstacle()).get().asString().contains("80 % full");
    at(700);
    assertThat(level.obstacle()).isPresent();
    at(699);
    assertThat(level.obstacle()).isEmpty();
  }

  @Test
  void memoryCountsOnlyWhileTheDiskRefuses() {
    level.update(disk, false, MEMORY);
    assertThat(level.pressure()).isEqualTo(Pressure.NONE);
    level.update(disk, true, 94);
    assertThat(level.pressure()).isEqualTo(Pressure.SHED_UPPER_LAYERS);
    level.update(disk, true, 95);
    assertThat(level.pressure()).isEqualTo(Pressure.SHED_VIDEO);
  }

  @Test
  void whatOthersFillOfTheDiskIsNotOurs() {
    counters.diskBytes.set(300);
    disk.capacityBytes = 20; // and nothing of it used
    level.update(disk, false, 0);
    assertThat(counters.budgetBytes.get()).isEqualTo(320);
    assertThat(level.pressure()).isEqualTo(Pressure.SHED_UPPER_LAYERS);
  }

  @Test
  void takesFourFifthsOfWhatIsFreeAndRefusesToStartBelowTwoGibibytes() throws IOException {
    long gib = 1L << 30;
    disk.capacityBytes = 10 * gib;
    assertThat(DiskBudget.bytes(disk, 0)).isEqualTo(8 * gib);
    disk.capacityBytes = 2 * gib - 1;
    assertThatThrownBy(() -> DiskBudget.bytes(disk, 0)).isInstanceOf(IOException.class)
        .hasMessageContaining("2047 MiB").hasMessageContaining("2048 MiB").hasMessageContaining("record.disk-budget");
    assertThat(DiskBudget.bytes(disk, 77)).as("an operator who says so").isEqualTo(77);
  }

  @Test
  void whatAnEarlierProcessLeftCountsAsFree() throws IOException {
    SpoolDisk.SegmentFile file = disk.create(Segment.name(3));
    file.append(ByteBuffer.allocate(1 << 20));
    disk.capacityBytes = 2L << 30;
    assertThat(disk.usableBytes()).isLessThan(DiskBudget.LEAST_BYTES);
    assertThat(DiskBudget.bytes(disk, 0)).isEqualTo((long) ((2L << 30) * DiskBudget.DEFAULT_SHARE));
  }

  private Pressure at(long heldBytes) {
    counters.diskBytes.set(heldBytes);
    level.update(disk, false, 0);
    return level.pressure();
  }
}
