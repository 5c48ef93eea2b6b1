package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.wire.ChunkSealed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests of a whole spool share: small limits, a tape to fill it, and stores that take all or nothing. */
final class SpoolStage {
  static final long MILLI = 1_000_000;
  static final long EPOCH_NANOS = 1_795_000_000_000L * MILLI;
  static final RecordLimits LIMITS = new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 10_000 * MILLI);

  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private SpoolStage() {}

  /** Small, so that a test can fill it. */
  static SpoolConfig config(long slabMemoryBytes, long memoryBudgetBytes, long diskBudgetBytes) {
    return new SpoolConfig(Durability.INTERVAL, Duration.ofMillis(20), LIMITS.slabBytes(), slabMemoryBytes,
        memoryBudgetBytes, diskBudgetBytes, 64 << 10, 4, Duration.ofSeconds(5), Duration.ofMillis(5),
        Duration.ofMillis(20));
  }

  static RecordTap tap(SlabSink sink, String room, long session) {
    return new RecordTap(new TapeIdentity("app", room, 1L << 35, session + 1, "peer", session, 1), LIMITS, sink,
        nanos -> EPOCH_NANOS + nanos, 0);
  }

  /** Hands over on the caller's thread, which is then the keeper's. */
  static SlabSink into(SpoolKeeper keeper) {
    return new SlabSink() {
      @Override
      public Slab take() {
        return new Slab(ByteBuffer.allocate(LIMITS.slabBytes()));
      }

      @Override
      public void offer(TapeMessage message) {
        keeper.handle(message);
      }
    };
  }

  /** Tapes packets of 1,000 bytes, a millisecond apart, numbered from {@code from} on. */
  static void talk(RecordTap tap, int track, int from, int count) {
    for (int number = from; number < from + count; number++) {
      byte[] packet = ChunkSamples.packet(96, number & 0xFFFF, number * 90L, 1, 988);
      tap.rtp(track, number * MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    }
  }

  /** Waits for a condition, at most 90 s. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline for: " + what).isLessThan(deadline);
      LockSupport.parkNanos(MILLI);
    }
  }

  /** Connector and store in one, that take a chunk by being told of it, or are away. */
  static final class Store implements UploadLink {
    volatile boolean isAway = true;

    @Override
    public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException {
      if (isAway) {
        throw new IOException("the store is away");
      }
      return Optional.empty();
    }

    @Override
    public void confirmStored(ChunkSealed chunk) {}
  }
}
