package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What is done for each received packet, and the feedback made of it, leaves nothing for the garbage collector. */
class RtcpAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int PACKETS = 50_000;

  /** Fewer than one object, of 16 bytes at least, in a hundred packets: room for the measurement itself. */
  private static final long MAX_BYTES = PACKETS / 100 * 16;

  private final NackGenerator nack = new NackGenerator(new RoundTripEstimator());
  private final ReceiverReport receiverReport = new ReceiverReport(1, 90_000);
  private final SenderReport senderReport = new SenderReport(2, 90_000);
  private final TwccRecorder twcc = new TwccRecorder();
  private final CountingVisitor visitor = new CountingVisitor();
  private long nowNanos;
  private int sequence;

  @Test
  void packetsAndFeedbackAllocateNothing() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(2048, 64);
      senderReport.map(0, 0);
      long allocated = 0;
      for (int round = 0; round < 6; round++) { // until the compiler has seen it all
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < PACKETS; i++) {
          packet();
          if (i % 20 == 0) {
            feedback(memory);
          }
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(visitor.arrivals).isGreaterThan(PACKETS);
      assertThat(visitor.nacks).isGreaterThan(PACKETS / 10);
      assertThat(allocated).as("bytes for %d packets", PACKETS).isLessThan(MAX_BYTES);
    }
  }

  private void packet() {
    nowNanos += 1_000_000;
    sequence++;
    if (sequence % 13 != 0) {
      nack.onPacket(nowNanos, sequence & 0xFFFF);
      receiverReport.onPacket(nowNanos, sequence & 0xFFFF, sequence * 90, false);
      twcc.onPacket(nowNanos, sequence & 0xFFFF);
    }
    senderReport.onPacket(1200);
  }

  private void feedback(MemorySegment memory) {
    int bytes = senderReport.write(nowNanos, memory, 0, 28);
    bytes += RtcpWriter.receiverReport(memory, bytes, 32, 2, 1);
    receiverReport.writeBlock(nowNanos, memory, RtcpWriter.receiverReportBlockAt(bytes - 32, 0));
    int requests = nack.handleTimeout(nowNanos);
    if (requests > 0) {
      bytes += RtcpWriter.nack(memory, bytes, 1100, 2, 1, nack.requests(), requests);
    }
    if (nack.takeKeyFrameNeeded()) {
      bytes += RtcpWriter.pictureLoss(memory, bytes, 12, 2, 1);
    }
    bytes += twcc.write(memory, bytes, 600, 2, 1);
    assertReadable(RtcpReader.read(memory, 0, bytes, visitor));
  }

  private static void assertReadable(boolean isWellFormed) {
    if (!isWellFormed) {
      throw new AssertionError("what we wrote was malformed");
    }
  }

  private static final class CountingVisitor implements RtcpVisitor {
    private long arrivals;
    private long nacks;

    @Override
    public void transportArrival(int transportSequence, long arrivalNanos) {
      arrivals++;
    }

    @Override
    public void nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {
      nacks++;
    }
  }
}
