package dev.tapedeck.media.io.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EntryKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A jump of the wall clock is on the tape: a {@code clock} entry pairs both clocks anew within a slab of one second. */
class SteppedTapeTest {
  private static final long MILLI = 1_000_000;
  private static final long EPOCH = 1_795_000_000_000L * MILLI;
  private static final long STEP_AT = 3_000 * MILLI;
  private static final long STEP = 60_000 * MILLI;

  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();

  @Test
  void clockEntryFollowsAStep() throws IOException {
    RecordLimits limits = RecordLimits.DEFAULT;
    RecordTap tap = new RecordTap(new TapeIdentity("a", "r", 1L << 35, 1L << 34, "p", 1L << 33, 1), limits,
        new Collector(), now -> EPOCH + now + (now < STEP_AT ? 0 : STEP), 0);
    int track = tap.addTrack(0, ChunkSamples.video());
    for (int i = 0; i < 400; i++) {
      long now = i * 20 * MILLI;
      tap.handleTimeout(now);
      byte[] packet = ChunkSamples.packet(96, i, i * 1800L, 1, 100);
      tap.rtp(track, now, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    }
    tap.handleTimeout(9_000 * MILLI);

    List<ClockEntry> clocks = clocks();
    assertThat(clocks).hasSize(2);
    ClockEntry first = clocks.stream().filter(clock -> clock.monotonicNanos() >= STEP_AT).findFirst().orElseThrow();
    assertThat(first.wallNanos()).isEqualTo(EPOCH + first.monotonicNanos() + STEP);
    assertThat(first.monotonicNanos() - STEP_AT).isLessThanOrEqualTo(limits.slabAgeNanos());
    assertThat(clocks.getFirst().wallNanos()).isEqualTo(EPOCH + clocks.getFirst().monotonicNanos());
  }

  private List<ClockEntry> clocks() throws IOException {
    List<ClockEntry> clocks = new ArrayList<>();
    ChunkReader reader = ChunkReader.of(chunk.toByteArray());
    while (reader.next()) {
      if (reader.entry().kind() == EntryKind.CLOCK) {
        clocks.add(reader.entry().asClock().orElseThrow());
      }
    }
    return clocks;
  }

  private final class Collector implements SlabSink {
    @Override
    public Slab take() {
      return new Slab(ByteBuffer.allocate(RecordLimits.DEFAULT.slabBytes()));
    }

    @Override
    public void offer(TapeMessage message) {
      if (message instanceof Slab slab) {
        byte[] bytes = new byte[slab.bytes()];
        slab.view().limit(slab.bytes()).position(0).get(bytes);
        chunk.writeBytes(bytes);
      }
    }
  }
}
