package dev.tapedeck.protocol.rtp;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.oneByte;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.rtp;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.KeyFrames;
import dev.tapedeck.protocol.codec.Opus;
import dev.tapedeck.protocol.codec.Vp8Payload;
import dev.tapedeck.protocol.codec.Vp9Payload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Reading and rewriting a packet leaves nothing for the garbage collector. */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Codec[] CODECS = Codec.values();
  private static final int PACKETS = 20_000;

  /** Fewer than one object, of 16 bytes at least, in a hundred packets: room for the measurement itself. */
  private static final long MAX_BYTES = PACKETS / 100 * 16;

  private int sink;

  @Test
  void packetsAreReadAndRewrittenWithoutAllocation() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4096, 64);
      byte[] packet = rtp().csrcs(1).payload("90f09234abb3" + "f0c6009d012a800268010007").padding(4)
          .extension(0xBEDE, oneByte(1, "30") + oneByte(3, "0001") + oneByte(4, "aabbcc")).build();
      MemorySegment.copy(packet, 0, memory, Bytes.BYTE, 0, packet.length);
      RtpHeaderRewriter rewriter = rewriter();
      SequenceUnwrapper sequences = new SequenceUnwrapper();
      TimestampUnwrapper timestamps = new TimestampUnwrapper();

      long allocated = 0;
      for (int round = 0; round < 5; round++) { // until the compiler has seen it all
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < PACKETS; i++) {
          forward(memory, packet.length, rewriter, sequences, timestamps);
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(sink).isNotZero();
      assertThat(allocated).as("bytes for %d packets", PACKETS).isLessThan(MAX_BYTES);
    }
  }

  private void forward(
      MemorySegment memory,
      int length,
      RtpHeaderRewriter rewriter,
      SequenceUnwrapper sequences,
      TimestampUnwrapper timestamps) {
    int headerBytes = RtpHeader.headerBytes(memory, 0, length);
    int payloadBytes = RtpHeader.payloadBytes(memory, 0, length, headerBytes);
    for (Codec codec : CODECS) {
      sink += KeyFrames.startsKeyFrame(codec, memory, headerBytes, payloadBytes) ? 1 : 0;
    }
    sink += Vp8Payload.descriptorBytes(memory, headerBytes, payloadBytes);
    Vp8Payload.putPictureId(memory, headerBytes, sink);
    sink += Vp8Payload.frameSize(memory, headerBytes, payloadBytes);
    sink += Vp9Payload.frameSize(memory, headerBytes, payloadBytes);
    sink += Opus.samples(memory, headerBytes, payloadBytes);
    sink += (int) sequences.unwrap(RtpHeader.sequenceNumber(memory, 0));
    sink += (int) timestamps.unwrap(RtpHeader.rtpTimestamp(memory, 0));
    sink += RtpExtensions.length(RtpExtensions.find(memory, 0, headerBytes, 4));
    sink += rewriter.write(memory, 0, headerBytes, true, 96, 5, sink, 7, sink, sink, memory, 2048, 256);
    int rtxBytes = Rtx.wrap(memory, 0, headerBytes, payloadBytes, 97, 9, 8, memory, 3000);
    sink += (int) Rtx.unwrap(memory, 3000, headerBytes, rtxBytes - headerBytes, 96, 1);
  }

  private static RtpHeaderRewriter rewriter() {
    byte[] targetIds = new byte[256];
    targetIds[4] = 9;
    RtpHeaderRewriter rewriter = new RtpHeaderRewriter(targetIds);
    rewriter.setMid(1, new byte[] {'0'});
    rewriter.setTransportCc(2);
    rewriter.setAbsSendTime(3);
    return rewriter;
  }
}
