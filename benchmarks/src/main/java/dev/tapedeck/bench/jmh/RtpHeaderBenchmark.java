package dev.tapedeck.bench.jmh;

import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
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

/** What reading an RTP header in native memory costs, over packets that do not fit the first-level cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RtpHeaderBenchmark {
  private static final int PACKETS = 256;
  private static final int SLOT_BYTES = 1536;
  private static final int PACKET_BYTES = 1200;
  /** 12 of RTP, then mid (id 4), transport-cc (3) and abs-send-time (2) in one-byte form. */
  private static final byte[] HEADER = {
      (byte) 0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3,
      (byte) 0xBE, (byte) 0xDE, 0, 3, 0x40, '1', 0x31, 0, 9, 0x22, 1, 2, 3, 0, 0, 0};

  private Arena arena;
  private MemorySegment packets;
  private int next;

  @Setup
  public void fill() {
    arena = Arena.ofConfined();
    packets = arena.allocate((long) PACKETS * SLOT_BYTES, 64);
    for (int i = 0; i < PACKETS; i++) {
      MemorySegment.copy(HEADER, 0, packets, ValueLayout.JAVA_BYTE, (long) i * SLOT_BYTES, HEADER.length);
    }
  }

  @TearDown
  public void release() {
    arena.close();
  }

  private long nextOffset() {
    next = next + 1 & PACKETS - 1;
    return (long) next * SLOT_BYTES;
  }

  /** The header alone: length, validity. */
  @Benchmark
  public int headerBytes() {
    return RtpHeader.headerBytes(packets, nextOffset(), PACKET_BYTES);
  }

  /** Header, and a search for the extension that stands last. */
  @Benchmark
  public long findExtension() {
    long offset = nextOffset();
    int headerBytes = RtpHeader.headerBytes(packets, offset, PACKET_BYTES);
    return RtpExtensions.find(packets, offset, headerBytes, 2);
  }
}
