package dev.tapedeck.protocol.rtp;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.oneByte;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.rtp;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.twoByte;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.fuzz.Mutator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Segments are as long as the input, so a read past the packet throws and fails the test. */
class RtpFuzzTest {
  private static final int MUTATIONS = 100_000;

  @Test
  void header() {
    Mutator.run("rtp-header", 1, corpus(), MUTATIONS, input -> {
      MemorySegment packet = MemorySegment.ofArray(input);
      int headerBytes = RtpHeader.headerBytes(packet, 0, input.length);
      if (headerBytes == RtpHeader.MALFORMED) {
        check(!RtpHeader.isValid(packet, 0, input.length));
        return;
      }
      check(headerBytes >= 12 && headerBytes <= input.length);
      int padding = RtpHeader.paddingBytes(packet, 0, input.length, headerBytes);
      int payload = RtpHeader.payloadBytes(packet, 0, input.length, headerBytes);
      check(padding == RtpHeader.MALFORMED
          ? payload == RtpHeader.MALFORMED
          : payload >= 0 && headerBytes + payload + padding == input.length);
    });
  }

  @Test
  void extensions() {
    Mutator.run("rtp-extensions", 2, corpus(), MUTATIONS, input -> {
      MemorySegment packet = MemorySegment.ofArray(input);
      int headerBytes = RtpHeader.headerBytes(packet, 0, input.length);
      if (headerBytes == RtpHeader.MALFORMED) {
        return;
      }
      long end = 0;
      for (long element = RtpExtensions.first(packet, 0, headerBytes);
          element != RtpExtensions.NONE;
          element = RtpExtensions.next(packet, 0, headerBytes, element)) {
        check(RtpExtensions.offset(element) > end);
        end = RtpExtensions.offset(element) + RtpExtensions.length(element);
        check(end <= headerBytes);
        long found = RtpExtensions.find(packet, 0, headerBytes, RtpExtensions.id(element));
        check(found != RtpExtensions.NONE && RtpExtensions.offset(found) <= RtpExtensions.offset(element));
      }
    });
  }

  /** Mapping every id to itself keeps the elements, their order and their bytes. */
  @Test
  void rewriter() {
    byte[] sameIds = new byte[256];
    for (int id = 0; id < 256; id++) {
      sameIds[id] = (byte) id;
    }
    RtpHeaderRewriter identity = new RtpHeaderRewriter(sameIds);
    RtpHeaderRewriter full = new RtpHeaderRewriter(sameIds);
    full.setMid(1, new byte[] {'0'});
    full.setTransportCc(3);
    full.setAbsSendTime(200);
    MemorySegment target = MemorySegment.ofArray(new byte[1 << 19]);
    Mutator.run("rtp-rewriter", 3, corpus(), MUTATIONS, input -> {
      MemorySegment packet = MemorySegment.ofArray(input);
      int headerBytes = RtpHeader.headerBytes(packet, 0, input.length);
      if (headerBytes == RtpHeader.MALFORMED) {
        return;
      }
      int written = write(identity, packet, headerBytes, target);
      check(RtpHeader.headerBytes(target, 0, written) == written);
      check(RtpExtensionsTest.list(target, written).equals(RtpExtensionsTest.list(packet, headerBytes)));

      written = write(full, packet, headerBytes, target);
      check(RtpHeader.headerBytes(target, 0, written) == written);
      check(RtpExtensionsTest.list(target, written).subList(0, 3).equals(List.of("1=30", "3=fffe", "200=00fffd")));
    });
  }

  @Test
  void rtx() {
    Mutator.run("rtx", 4, corpus(), MUTATIONS, input -> {
      MemorySegment packet = MemorySegment.ofArray(input);
      int headerBytes = RtpHeader.headerBytes(packet, 0, input.length);
      if (!RtpHeader.isValid(packet, 0, input.length)) {
        return;
      }
      int payloadBytes = RtpHeader.payloadBytes(packet, 0, input.length, headerBytes);
      long original = Rtx.unwrap(packet, 0, headerBytes, payloadBytes, 96, 1);
      check(original == (payloadBytes < 2 ? Rtx.NO_ORIGINAL : 2));
      check(original < 0 || RtpHeader.isValid(packet, original, input.length - 2));
    });
  }

  private static int write(RtpHeaderRewriter rewriter, MemorySegment packet, int headerBytes, MemorySegment target) {
    int written = rewriter.write(
        packet, 0, headerBytes, true, 96, 1, 2, 3, 0xFFFE, 0xFFFD, target, 0, (int) target.byteSize());
    assertThat(written).isBetween(12, (int) target.byteSize());
    return written;
  }

  private static void check(boolean holds) {
    assertThat(holds).isTrue();
  }

  /** Packets with every kind of header a browser sends, and the rarer ones. */
  static List<byte[]> corpus() {
    SplittableRandom random = new SplittableRandom(42);
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      RtpPacketBuilder packet = rtp().payloadType(random.nextInt(128)).sequenceNumber(random.nextInt(65536))
          .rtpTimestamp(random.nextInt()).ssrc(random.nextInt()).csrcs(new int[i % 16]);
      byte[] payload = new byte[random.nextInt(40)];
      random.nextBytes(payload);
      packet.payload(payload).padding(i % 5 == 0 ? 1 + random.nextInt(255) : 0);
      if (i % 4 != 0) {
        packet.extension(i % 3 == 0 ? 0x1000 : 0xBEDE, elements(random, i % 3 == 0));
      }
      corpus.add(packet.build());
    }
    return corpus;
  }

  private static String elements(SplittableRandom random, boolean twoByte) {
    StringBuilder elements = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String data = "5a".repeat(1 + random.nextInt(16));
      elements.append(twoByte ? twoByte(1 + random.nextInt(255), data) : oneByte(1 + random.nextInt(14), data));
      elements.append("00".repeat(random.nextInt(3)));
    }
    return elements.toString();
  }
}
