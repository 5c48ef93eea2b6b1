package dev.tapedeck.bench.jmh;

import dev.tapedeck.media.core.rtcp.RtcpReader;
import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
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

/** What reading the compound packets of a receiver costs, decrypted as they are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RtcpReadBenchmark {
  /** A receiver report with one block, then a NACK of three packets (RFC 3550 §6.4.2, RFC 4585 §6.2.1). */
  private static final byte[] REPORT_AND_NACK = HexFormat.of().parseHex(""
      + "81c90007" + "00000001" + "00000002" + "05000003" + "00010100" + "00000010" + "11223344" + "00010000"
      + "81cd0003" + "00000001" + "00000002" + "01000003");

  /** Transport-wide feedback on seven packets, each 250 us behind the one before. */
  private static final byte[] TRANSPORT_FEEDBACK = HexFormat.of().parseHex(""
      + "8fcd0007" + "00000001" + "00000002" + "00640007" + "00010000" + "20070101" + "01010101" + "01000000");

  private Arena arena;
  private MemorySegment packets;
  private Last last;

  @Setup
  public void fill() {
    arena = Arena.ofConfined();
    packets = arena.allocate(256, 64);
    MemorySegment.copy(REPORT_AND_NACK, 0, packets, ValueLayout.JAVA_BYTE, 0, REPORT_AND_NACK.length);
    MemorySegment.copy(TRANSPORT_FEEDBACK, 0, packets, ValueLayout.JAVA_BYTE, 128, TRANSPORT_FEEDBACK.length);
    last = new Last();
    if (!RtcpReader.read(packets, 0, REPORT_AND_NACK.length, last)
        || !RtcpReader.read(packets, 128, TRANSPORT_FEEDBACK.length, last)) {
      throw new IllegalStateException("a packet of this benchmark is not as it should be");
    }
  }

  @TearDown
  public void release() {
    arena.close();
  }

  @Benchmark
  public int reportAndNack() {
    RtcpReader.read(packets, 0, REPORT_AND_NACK.length, last);
    return last.ssrc;
  }

  @Benchmark
  public int transportFeedback() {
    RtcpReader.read(packets, 128, TRANSPORT_FEEDBACK.length, last);
    return last.ssrc;
  }

  /** Keeps something, so that nothing is left out. */
  private static final class Last implements RtcpVisitor {
    private int ssrc;

    @Override
    public void reportBlock(int reporterSsrc, int reportedSsrc, int fractionLost, int lostPackets,
        long highestSequence, long jitter, int lastSenderReport, int delay) {
      ssrc += reportedSsrc + fractionLost;
    }
  }
}
