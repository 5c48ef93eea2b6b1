package dev.tapedeck.media.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Taping costs the media thread a copy and a checksum, and no garbage. */
class RecordTapAllocationTest {
  private static final int PACKET_BYTES = 1200;
  /** Long enough for the compiler to be done on a machine with much else to do. */
  private static final int WARM_UP_PACKETS = 5_000_000;
  private static final int MEASURED_PACKETS = 1_000_000;
  private static final long PACKET_INTERVAL_NANOS = 2_000_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final RecordTap tap = new RecordTap(
      new TapeIdentity("app", "room", 1L << 33, 1L << 34, "peer", 1L << 35, 1), RecordLimits.DEFAULT,
      new RecyclingSink(), nanos -> nanos, 0);
  private final MemorySegment packet = Arena.ofAuto().allocate(PACKET_BYTES, 64);
  private int sequenceNumber;

  @Test
  void allocatesLessThanAByteAPacket() {
    byte[] bytes = ChunkSamples.packet(96, 0, 0, 1, PACKET_BYTES - 12);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, packet, 0, PACKET_BYTES);
    int track = tap.addTrack(0, ChunkSamples.video());
    tape(track, WARM_UP_PACKETS);

    long thread = Thread.currentThread().threadId();
    long bytesBefore = threads.getThreadAllocatedBytes(thread);
    long nanosBefore = threads.getCurrentThreadCpuTime();
    tape(track, MEASURED_PACKETS);
    long nanos = threads.getCurrentThreadCpuTime() - nanosBefore;
    long allocated = threads.getThreadAllocatedBytes(thread) - bytesBefore;

    System.out.printf("tape: %.1f ns CPU and %.3f bytes allocated per packet of %d bytes%n",
        (double) nanos / MEASURED_PACKETS, (double) allocated / MEASURED_PACKETS, PACKET_BYTES);
    assertThat(tap.tapedPackets()).isEqualTo(WARM_UP_PACKETS + MEASURED_PACKETS);
    assertThat(allocated).isLessThan(MEASURED_PACKETS);
  }

  /** One packet each 2 ms; what a chunk's end allocates, every 8 MiB, counts too. */
  private void tape(int track, int packets) {
    for (int i = 0; i < packets; i++) {
      long now = sequenceNumber * PACKET_INTERVAL_NANOS;
      packet.set(Bytes.BYTE, 2, (byte) (sequenceNumber >> 8));
      packet.set(Bytes.BYTE, 3, (byte) sequenceNumber);
      tap.rtp(track, now, packet, 0, PACKET_BYTES, false, false);
      if (now >= tap.nextTimeoutNanos()) {
        tap.handleTimeout(now);
      }
      sequenceNumber++;
    }
  }

  /** Gives back what it is given, as the spool does. */
  private static final class RecyclingSink implements SlabSink {
    private final Queue<Slab> free = new ArrayDeque<>();

    @Override
    public Slab take() {
      Slab slab = free.poll();
      return slab != null ? slab : new Slab(ByteBuffer.allocateDirect(RecordLimits.DEFAULT.slabBytes()));
    }

    @Override
    public void offer(TapeMessage message) {
      if (message instanceof Slab slab) {
        free.add(slab);
      }
    }
  }
}
