package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.fuzz.Mutator;
import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Segments are as long as the input, so a read past the packet throws and fails the test. */
class RtcpFuzzTest {
  /** A feedback of 20 bytes or more names at most 8192 packets. */
  private static final int MAX_CALLS_PER_BYTE = RtcpPackets.MAX_STATUSES / 20;

  @Test
  void reader() {
    Mutator.run("rtcp", 1, corpus(), 100_000, input -> {
      Counter counter = new Counter(input.length);
      RtcpReader.read(MemorySegment.ofArray(input), 0, input.length, counter);
      assertThat(counter.calls).isLessThanOrEqualTo(input.length * (long) MAX_CALLS_PER_BYTE);
    });
  }

  @Test
  void corpusIsWellFormed() {
    for (byte[] packet : corpus()) {
      assertThat(RtcpEvents.read(MemorySegment.ofArray(packet))).endsWith("well-formed").hasSizeGreaterThan(1);
    }
  }

  /** Compound packets of all kinds, as our own writers make them. */
  private static List<byte[]> corpus() {
    SplittableRandom random = new SplittableRandom(7);
    MemorySegment memory = MemorySegment.ofArray(new byte[3000]);
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      int end = 0;
      for (int kind = i % 9, more = random.nextInt(3); more >= 0; more--, kind = random.nextInt(9)) {
        end += write(kind, memory, end, random);
      }
      corpus.add(memory.asSlice(0, end).toArray(Bytes.BYTE));
    }
    return corpus;
  }

  private static int write(int kind, MemorySegment memory, long at, SplittableRandom random) {
    int blocks = 1 + random.nextInt(3);
    int ssrc = random.nextInt();
    return switch (kind) {
      case 0 -> RtcpWriter.senderReport(memory, at, 500, ssrc, random.nextLong(), 1, 2, 3, blocks);
      case 1 -> RtcpWriter.receiverReport(memory, at, 500, ssrc, blocks);
      case 2 -> {
        int bytes = RtcpWriter.sourceDescription(memory, at, 500, ssrc, new byte[random.nextInt(30)]);
        yield bytes + RtcpWriter.bye(memory, at + bytes, 500, ssrc); // the reader tells nothing of the first
      }
      case 3 -> RtcpWriter.bye(memory, at, 500, ssrc);
      case 4 -> RtcpWriter.nack(memory, at, 500, ssrc, 1, new int[] {1, 2, 9, 40, 41}, 5);
      case 5 -> RtcpWriter.pictureLoss(memory, at, 500, ssrc, 1);
      case 6 -> RtcpWriter.fullIntraRequest(memory, at, 500, ssrc, 1, 9);
      case 7 -> maximumBitrate(memory, at, random);
      default -> transportFeedback(memory, at, random);
    };
  }

  private static int maximumBitrate(MemorySegment memory, long at, SplittableRandom random) {
    int streams = 1 + random.nextInt(3);
    int bytes = 20 + 4 * streams;
    RtcpWriter.putFeedbackHeader(memory, at, RtcpPackets.APPLICATION, RtcpPackets.PAYLOAD_FEEDBACK, bytes, 1, 0);
    Bytes.put32(memory, at + 12, RtcpPackets.REMB_IDENTIFIER);
    Bytes.put8(memory, at + 16, streams);
    Bytes.put24(memory, at + 17, random.nextInt());
    return bytes;
  }

  private static int transportFeedback(MemorySegment memory, long at, SplittableRandom random) {
    TwccRecorder recorder = new TwccRecorder();
    long now = 0;
    for (int i = 0; i < 60; i++) {
      now += random.nextLong(100_000_000);
      if (random.nextInt(3) != 0) {
        recorder.onPacket(now, i);
      }
    }
    return recorder.write(memory, at, 500, 1, 2);
  }

  /** Checks that every number told is in its documented range. */
  private static final class Counter implements RtcpVisitor {
    private final int packetBytes;
    private long calls;

    Counter(int packetBytes) {
      this.packetBytes = packetBytes;
    }

    @Override
    public void senderReport(
        int ssrc, long ntp, int rtpTimestamp, long packets, long octets, long offset, int length) {
      count(offset >= 0 && length >= 28 && offset + length <= packetBytes && packets >= 0 && octets >= 0);
    }

    @Override
    public void reportBlock(int reporterSsrc, int ssrc, int fractionLost, int lostPackets, long highestSequence,
        long jitter, int lastSenderReport, int delay) {
      count(fractionLost >= 0 && fractionLost < 256 && Math.abs(lostPackets) <= 1 << 23 && highestSequence >= 0);
    }

    @Override
    public void bye(int ssrc) {
      count(true);
    }

    @Override
    public void nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {
      count(sequenceNumber >= 0 && sequenceNumber < 1 << 16);
    }

    @Override
    public void fullIntraRequest(int senderSsrc, int mediaSsrc, int commandSequence) {
      count(commandSequence >= 0 && commandSequence < 256);
    }

    @Override
    public void maximumBitrate(int senderSsrc, long bitsPerSecond, int streams) {
      count(bitsPerSecond >= 0 && streams >= 0 && streams < 256);
    }

    @Override
    public void transportFeedback(
        int senderSsrc, int mediaSsrc, int baseSequence, int statuses, int feedbackCount) {
      count(statuses >= 1 && statuses <= RtcpPackets.MAX_STATUSES);
    }

    @Override
    public void transportArrival(int transportSequence, long arrivalNanos) {
      count(transportSequence >= 0 && transportSequence < 1 << 16);
    }

    @Override
    public void transportLoss(int transportSequence) {
      count(transportSequence >= 0 && transportSequence < 1 << 16);
    }

    private void count(boolean isInRange) {
      calls++;
      if (!isInRange) {
        throw new AssertionError("a number out of its range");
      }
    }
  }
}
