package dev.tapedeck.bench.jmh;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.protocol.chunk.TrackEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What taping one packet of 1,200 bytes takes of the worker thread, slabs and chunks included, and what its checksums
 * take elsewhere. Packets and slabs do not fit the first-level cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChunkWriteBenchmark {
  private static final int PACKETS = 256;
  private static final int SLOT_BYTES = 1536;
  private static final int PACKET_BYTES = 1200;
  private static final int SLABS = 64;
  /** 2 Mbit/s. */
  private static final long PACKET_INTERVAL_NANOS = 4_800_000;
  private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final CRC32C crc = new CRC32C();
  private Arena arena;
  private MemorySegment packets;
  private ByteBuffer view;
  private byte[] heapSlab;
  private MessageDigest sha256;
  private RecordTap tap;
  private int track;
  private int next;
  private long nowNanos;

  @Setup
  public void open() throws NoSuchAlgorithmException {
    arena = Arena.ofConfined();
    packets = arena.allocate((long) PACKETS * SLOT_BYTES, 64);
    view = packets.asByteBuffer();
    heapSlab = new byte[RecordLimits.DEFAULT.slabBytes()];
    sha256 = MessageDigest.getInstance("SHA-256");
    TapeIdentity identity = new TapeIdentity("bench", "room", 1L << 33, 1L << 33, "peer", 1L << 33, 1);
    tap = new RecordTap(identity, RecordLimits.DEFAULT, new Pool(), nanos -> nanos, 0);
    track = tap.addTrack(0, new TrackEntry("video", "0", "", 1001, 1002, "video", "VP8", 96, 97, 90_000, 0, "",
        Map.of(), ""));
  }

  @TearDown
  public void close() {
    arena.close();
  }

  @Benchmark
  public long tapPacket() {
    long at = (long) (next & PACKETS - 1) * SLOT_BYTES;
    packets.set(U16, at + 2, (short) next++);
    nowNanos += PACKET_INTERVAL_NANOS;
    tap.rtp(track, nowNanos, packets, at, PACKET_BYTES, false, false);
    tap.handleTimeout(nowNanos);
    return tap.tapedPackets();
  }

  @Benchmark
  public long crc32cOfPacket() {
    int at = (next++ & PACKETS - 1) * SLOT_BYTES;
    view.limit(at + PACKET_BYTES).position(at);
    crc.reset();
    crc.update(view);
    return crc.getValue();
  }

  /** Of a full slab of 128 KiB, which holds about 107 packets. */
  @Benchmark
  public MessageDigest sha256OfSlab() {
    sha256.update(heapSlab);
    return sha256;
  }

  /** Slabs go round; the time of the spool thread is not in it. */
  private static final class Pool implements SlabSink {
    private final Queue<Slab> free = new ArrayDeque<>();

    Pool() {
      for (int i = 0; i < SLABS; i++) {
        free.add(new Slab(ByteBuffer.allocateDirect(RecordLimits.DEFAULT.slabBytes())));
      }
    }

    @Override
    public Slab take() {
      return free.poll();
    }

    @Override
    public void offer(TapeMessage message) {
      if (message instanceof Slab slab) {
        free.add(slab);
      }
    }
  }
}
