package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slabs that come faster than one thread hashes and writes them. */
class SpoolFloodTest {
  private static final long MIB = 1 << 20;
  private static final int PACKETS = 3000;
  private static final int TAPES = 100;

  @TempDir private Path folder;

  private final ToldEvents told = new ToldEvents();
  private final SpoolStage.Store store = new SpoolStage.Store();
  private SlabSink flood;
  private long nextSession = 1;

  /** L19: what is here is made durable before what comes meanwhile, however much that is. */
  @Test
  void isMadeDurableWhileMoreComes() throws Exception {
    Spool spool = Spool.recover(config(Durability.ALWAYS), new SimDisk(new SplittableRandom(1)), Optional.empty(),
        new Spool.Surroundings(store, new NoPut(), new TapeUponTape(), Optional.of(Runnable::run),
            new SplittableRandom(1), () -> 1, () -> 1), Duration.ZERO);
    flood = spool.sink();
    talkBriefly();
    for (int step = 1; step <= 10; step++) {
      spool.step(step * SpoolStage.MILLI);
      assertThat(spool.counters().commits.get()).isEqualTo(step);
    }
  }

  /** Behind a disk that hangs there is more to hash than one thread's share; every promise has the right hash. */
  @Test
  void isHashedRightByTwoThreads() throws Exception {
    ShakyDisk disk = new ShakyDisk(new FolderDisk(folder));
    try (Spool spool =
        Spool.open(disk, Optional.empty(), config(Durability.INTERVAL), store, told, new SplittableRandom(7),
            Duration.ZERO)) {
      RecordTap tap = SpoolStage.tap(spool.sink(), "room", 1L << 33);
      int track = tap.addTrack(0, ChunkSamples.video());
      for (int from = 0; from < 4 * PACKETS; from += PACKETS) {
        long taped = (from + PACKETS) * 1000L - SpoolStage.LIMITS.slabBytes();
        disk.hang();
        SpoolStage.talk(tap, track, from, PACKETS);
        SpoolStage.await("the spool hangs", disk::holdsUp);
        disk.goOn();
        SpoolStage.await("all of it is taken", () -> spool.counters().tapedBytes.get() >= taped);
      }
      tap.close(4 * PACKETS * SpoolStage.MILLI, TapeEnd.LEFT);
      assertThat(tap.missedPackets()).isZero();
    }
    Map<Integer, byte[]> exported = new HashMap<>();
    SpoolFolder.in(folder).export((key, bytes) -> {
      if (key.endsWith(".tdc")) {
        exported.put(exported.size(), bytes);
      }
    });
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    assertThat(exported.values()).extracting(sha256::digest).containsExactlyInAnyOrderElementsOf(
        told.everSealed.stream().map(ChunkSealed::getSha256).map(hash -> hash.toByteArray()).toList());
    assertThat(exported).hasSizeGreaterThan(100);
  }

  /** A tape of one slab. */
  private void talkBriefly() {
    RecordTap tap = SpoolStage.tap(flood, "room", nextSession++ << 33);
    SpoolStage.talk(tap, tap.addTrack(0, ChunkSamples.video()), 0, 10);
    tap.close(SpoolStage.MILLI, TapeEnd.LEFT);
  }

  private static SpoolConfig config(Durability durability) {
    SpoolConfig usual = SpoolStage.config(32 * MIB, 64 * MIB, 256 * MIB);
    return new SpoolConfig(durability, Duration.ofMillis(20), usual.slabBytes(), usual.slabMemoryBytes(),
        usual.memoryBudgetBytes(), usual.diskBudgetBytes(), usual.segmentBytes(), usual.uploads(),
        usual.uploadTimeout(), usual.retryMin(), usual.retryMax());
  }

  /** The next tape begins while the spool takes the first slab of this one. */
  private final class TapeUponTape extends UnheardEvents {
    @Override
    public void tapeOpened(TapeOpened event) {
      if (nextSession < TAPES) {
        talkBriefly();
      }
    }
  }

  private static final class NoPut implements ObjectPut {
    @Override
    public void put(PresignedPut target, byte[] body) {
      throw new AssertionError("the store is away");
    }

    @Override
    public void close() {}
  }
}
