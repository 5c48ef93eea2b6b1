package dev.tapedeck.bench.jmh;

import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.rtp.RtpHeaderRewriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one receiver's header costs, over packets that do not fit the first-level cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeaderRewriteBenchmark {
  private static final int PACKETS = 256;
  private static final int SLOT_BYTES = 1536;
  private static final int TARGET_BYTES = 128;
  private static final int AUDIO_LEVEL_ID = 1;
  /** 12 of RTP, then mid (id 4), transport-cc (3), abs-send-time (2) and audio level (1) in one-byte form. */
  private static final byte[] HEADER = {
      (byte) 0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, (byte) 0xBE, (byte) 0xDE, 0, 3,
      0x40, '1', 0x31, 0, 9, 0x22, 1, 2, 3, 0x10, (byte) 0x94, 0};

  /** Elements of the publisher that are passed on: none, as for a picture, or the audio level. */
  @Param({"0", "1"})
  private int copied;

  private Arena arena;
  private MemorySegment packets;
  private MemorySegment target;
  private RtpHeaderRewriter rewriter;
  private int next;

  @Setup
  public void fill() {
    arena = Arena.ofConfined();
    packets = arena.allocate((long) PACKETS * SLOT_BYTES, 64);
    target = arena.allocate(TARGET_BYTES, 64);
    for (int i = 0; i < PACKETS; i++) {
      MemorySegment.copy(HEADER, 0, packets, ValueLayout.JAVA_BYTE, (long) i * SLOT_BYTES, HEADER.length);
    }
    byte[] targetIds = new byte[256];
    targetIds[AUDIO_LEVEL_ID] = (byte) copied;
    rewriter = new RtpHeaderRewriter(targetIds);
    rewriter.setMid(4, "0".getBytes(StandardCharsets.US_ASCII));
    rewriter.setTransportCc(3);
    rewriter.setAbsSendTime(2);
  }

  @TearDown
  public void release() {
    arena.close();
  }

  @Benchmark
  public int rewrite() {
    next = next + 1 & PACKETS - 1;
    long offset = (long) next * SLOT_BYTES;
    int headerBytes = RtpHeader.headerBytes(packets, offset, HEADER.length);
    return rewriter.write(
        packets, offset, headerBytes, false, 98, next, next * 3000, 77, next, next, target, 0, TARGET_BYTES);
  }
}
