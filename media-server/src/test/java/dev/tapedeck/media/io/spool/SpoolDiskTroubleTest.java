package dev.tapedeck.media.io.spool;

import static dev.tapedeck.media.io.spool.SpoolStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that refuses, hangs or runs full, under a spool with its real threads: the tape goes on in memory, an operator
 * sees it, and the disk's return mends it (L7, L8, L19).
 */
class SpoolDiskTroubleTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path folder;

  private final ToldEvents told = new ToldEvents();
  private final SpoolStage.Store store = new SpoolStage.Store();
  private ShakyDisk disk;

  /** L7: the folder is made, and a disk that refuses costs nothing as long as memory lasts. */
  @Test
  void diskThatRefusesCostsNothingWhileMemoryLasts() throws Exception {
    told.acknowledges = true;
    try (Spool spool = open(SpoolStage.config(4 * MIB, 8 * MIB, 64 * MIB))) {
      assertThat(Files.isDirectory(folder.resolve("made/by/us"))).isTrue();
      disk.refuses = true;
      RecordTap tap = SpoolStage.tap(spool.sink(), "room", 1L << 33);
      int track = tap.addTrack(0, ChunkSamples.video());
      SpoolStage.talk(tap, track, 0, 2000);
      await("operator sees it", () -> spool.problem().isPresent() && spool.counters().diskFailing.get() == 1);
      assertThat(spool.problem()).get().asString().contains("refuses", "Read-only file system");
      assertThat(spool.obstacle()).as("a quarter of the memory is used").isEmpty();

      disk.refuses = false;
      SpoolStage.talk(tap, track, 2000, 100);
      tap.close(3000 * SpoolStage.MILLI, TapeEnd.LEFT);
      spool.sink().recordingClosed("app", "room", (1L << 33) + 1, "empty");
      await("disk is well again", () -> spool.problem().isEmpty());
      store.isAway = false;
      await("all is stored", spool::isEmpty);
      assertThat(tap.missedPackets()).isZero();
    }
    assertThat(closed().getPackets()).isEqualTo(2100);
    assertThat(closed().getGapsList()).isEmpty();
  }

  /** L8, L19: memory fills, what was taped last is dropped with a gap that counts it, and the node takes no new joins. */
  @Test
  void whenMemoryIsFullTooTheLossHasANameAndNoOneIsSentHere() throws Exception {
    told.acknowledges = true;
    RecordTap tap;
    try (Spool spool = open(SpoolStage.config(4 * MIB, MIB, 64 * MIB))) {
      disk.refuses = true;
      tap = SpoolStage.tap(spool.sink(), "room", 1L << 33);
      int track = tap.addTrack(0, ChunkSamples.video());
      SpoolStage.talk(tap, track, 0, 1500);
      await("packets dropped", () -> spool.counters().droppedPackets.get() > 0);
      await("not ready", () -> spool.obstacle().isPresent());
      await("only audio is wanted", () -> spool.sink().pressure() == Pressure.SHED_VIDEO);
      assertThat(spool.counters().memoryBytes.get()).isLessThanOrEqualTo(MIB + SpoolStage.LIMITS.slabBytes());

      disk.refuses = false;
      store.isAway = false;
      tap.close(2000 * SpoolStage.MILLI, TapeEnd.LEFT);
      spool.sink().recordingClosed("app", "room", (1L << 33) + 1, "empty");
      await("all is stored", spool::isEmpty);
      await("ready again", () -> spool.obstacle().isEmpty() && spool.sink().pressure() == Pressure.NONE);
    }
    long missing = closed().getGapsList().stream().mapToLong(Gap::getPackets).sum();
    assertThat(missing).isPositive();
    assertThat(closed().getPackets() + missing).isEqualTo(1500);
    assertThat(closed().getGapsList()).extracting(Gap::getCause).containsOnly("disk");
    assertThat(told.everSealed).flatExtracting(ChunkSealed::getGapsList).as("told with the chunks, before the close")
        .containsExactlyInAnyOrderElementsOf(closed().getGapsList());
    assertThat(tap.missedPackets()).isZero();
  }

  /** A slow disk holds up nobody but the spool's own thread; before slabs run out video is shed, so audio is not. */
  @Test
  void diskThatHangsHoldsUpNoWorker() throws Exception {
    told.acknowledges = true;
    try (Spool spool = open(SpoolStage.config(2 * MIB, 8 * MIB, 64 * MIB))) {
      RecordTap tap = SpoolStage.tap(spool.sink(), "room", 1L << 33);
      int track = tap.addTrack(0, ChunkSamples.video());
      disk.hang();
      int sent = 100;
      SpoolStage.talk(tap, track, 0, sent);
      await("the spool hangs", disk::holdsUp);
      while (spool.sink().pressure() != Pressure.SHED_VIDEO) {
        SpoolStage.talk(tap, track, sent++, 1);
        assertThat(tap.missedPackets()).as("packets missed before audio was all that is wanted").isZero();
      }
      List<Slab> forAudio = takeAll(spool);
      assertThat(forAudio).as("slabs left for audio").hasSizeGreaterThanOrEqualTo(16);
      await("operator sees it", () -> spool.problem().isPresent());
      assertThat(spool.problem()).get().asString().contains("slow");
      assertThat(spool.counters().pressure.get()).isEqualTo(Pressure.SHED_VIDEO.ordinal());

      disk.goOn();
      tap.close(sent * SpoolStage.MILLI, TapeEnd.LEFT);
      spool.sink().recordingClosed("app", "room", (1L << 33) + 1, "empty");
      store.isAway = false;
      await("all is stored", spool::isEmpty);
      assertThat(closed().getPackets()).isEqualTo(sent);
    }
  }

  /** What comes while the disk forces is written at once, so that a kill costs no more then; told it is not. */
  @Test
  void forceThatHangsHoldsUpNoWrite() throws Exception {
    told.acknowledges = true;
    store.isAway = false;
    try (Spool spool = open(withUsualSegments(SpoolStage.config(4 * MIB, 16 * MIB, 512 * MIB)))) {
      RecordTap tap = SpoolStage.tap(spool.sink(), "room", 1L << 33);
      disk.hangForces();
      talkWhileForcesHang(spool, tap);
      disk.goOn();
      await("all is stored", spool::isEmpty);
      assertThat(tap.missedPackets()).isZero();
    }
    assertThat(closed().getPackets()).isEqualTo(8100);
    assertThat(closed().getGapsList()).isEmpty();
  }

  private void talkWhileForcesHang(Spool spool, RecordTap tap) {
    SpoolCounters counters = spool.counters();
    try {
      int track = tap.addTrack(0, ChunkSamples.video());
      SpoolStage.talk(tap, track, 0, 500);
      await("a force hangs", disk::holdsUp);
      for (int sent = 500; sent < 8100; sent += 400) { // in all twice the slabs' memory, never too much at once
        SpoolStage.talk(tap, track, sent, 400);
        long atLeast = (sent + 400 - 150) * 1000L; // but for the slab that is filled
        await("slabs are taken", () -> counters.tapedBytes.get() > atLeast);
      }
      tap.close(8100 * SpoolStage.MILLI, TapeEnd.LEFT);
      spool.sink().recordingClosed("app", "room", (1L << 33) + 1, "empty");
      await("all is written", () -> counters.journalledBytes.get() > 8100 * 1000);
      assertThat(disk.holdsUp()).isTrue();
      assertThat(told.everSealed).isEmpty();
      assertThat(told.tapesClosed).isEmpty();
    } catch (RuntimeException | Error e) {
      disk.goOn(); // else the spool would not close
      throw e;
    }
  }

  /**
   * A store that is away fails nothing until what it does not take has filled the spool; its return empties it, even
   * where segments were configured larger than the budget.
   */
  @Test
  void onlyTheHighWatermarkMakesTheNodeUnready() throws Exception {
    told.acknowledges = true;
    try (Spool spool = open(withUsualSegments(SpoolStage.config(4 * MIB, MIB, 4 * MIB)))) {
      RecordTap tap = SpoolStage.tap(spool.sink(), "room", 1L << 33);
      int track = tap.addTrack(0, ChunkSamples.video());
      SpoolStage.talk(tap, track, 0, 2000);
      await("uploads fail", () -> spool.counters().uploadFailures.get() > 10);
      await("level is judged", () -> spool.counters().fillPpm.get() > 400_000);
      assertThat(spool.obstacle()).isEmpty();
      assertThat(spool.problem()).isEmpty();
      assertThat(spool.counters().oldestUnsentAgeMillis(SpoolStage.EPOCH_NANOS / SpoolStage.MILLI + 60_000))
          .isEqualTo(60_000);

      int sent = 3600;
      SpoolStage.talk(tap, track, 2000, sent - 2000);
      await("not ready", () -> spool.obstacle().isPresent());
      assertThat(spool.sink().pressure()).isEqualTo(Pressure.NONE);
      assertThat(spool.obstacle()).get().asString().contains("% full");
      assertThat(spool.counters().droppedPackets.get()).isZero();

      store.isAway = false;
      await("ready again", () -> spool.obstacle().isEmpty());
      tap.close(sent * SpoolStage.MILLI, TapeEnd.LEFT);
      spool.sink().recordingClosed("app", "room", (1L << 33) + 1, "empty");
      await("all is stored", spool::isEmpty);
      await("nothing is the oldest", () -> spool.counters().oldestUnsentMillis.get() == 0);
    }
    assertThat(closed().getGapsList()).isEmpty();
  }

  private static SpoolConfig withUsualSegments(SpoolConfig config) {
    return new SpoolConfig(config.durability(), config.commitInterval(), config.slabBytes(), config.slabMemoryBytes(),
        config.memoryBudgetBytes(), config.diskBudgetBytes(), SpoolConfig.DEFAULT.segmentBytes(), config.uploads(),
        config.uploadTimeout(), config.retryMin(), config.retryMax());
  }

  private List<Slab> takeAll(Spool spool) {
    List<Slab> taken = new ArrayList<>();
    for (Slab slab = spool.sink().take(); slab != null; slab = spool.sink().take()) {
      taken.add(slab);
    }
    return taken;
  }

  private TapeClosed closed() {
    return List.copyOf(told.tapesClosed).getLast();
  }

  private Spool open(SpoolConfig config) throws IOException {
    disk = new ShakyDisk(new FolderDisk(folder.resolve("made/by/us")));
    return Spool.open(disk, Optional.empty(), config, store, told, new SplittableRandom(7), Duration.ZERO);
  }
}
