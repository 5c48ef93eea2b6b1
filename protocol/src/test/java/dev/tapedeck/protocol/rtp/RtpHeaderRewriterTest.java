package dev.tapedeck.protocol.rtp;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.oneByte;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.rtp;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.twoByte;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtpHeaderRewriterTest {
  private final byte[] targetIds = new byte[256];

  @Test
  void writesNumbersTypeAndMarkerAndKeepsCsrcs() {
    MemorySegment header = rewrite(rtp().marker().padding(4).csrcs(7, 8));

    assertThat(header.toArray(Bytes.BYTE)).isEqualTo(RtpPacketBuilder.rtp()
        .payloadType(111).sequenceNumber(0xABCD).rtpTimestamp(-2).ssrc(0xCAFEBABE).csrcs(7, 8).build());
  }

  @Test
  void mapsIdsAndDropsWhatTheReceiverDidNotNegotiate() {
    targetIds[1] = 9;
    targetIds[3] = 14;

    assertThat(elements(rtp().extension(0xBEDE, oneByte(1, "aa") + oneByte(2, "bb") + oneByte(3, "cccc"))))
        .containsExactly("9=aa", "14=cccc");
  }

  @Test
  void writesNoExtensionWhenNothingIsLeft() {
    MemorySegment header = rewrite(rtp().extension(0xBEDE, oneByte(1, "aa")));

    assertThat(header.byteSize()).isEqualTo(12);
    assertThat(RtpHeader.hasExtension(header, 0)).isFalse();
  }

  @Test
  void putsOurElementsInPlaceOfThePublishers() {
    targetIds[1] = 4;
    targetIds[2] = 5;
    targetIds[3] = 6;
    targetIds[5] = 7;
    RtpHeaderRewriter rewriter = new RtpHeaderRewriter(targetIds);
    rewriter.setMid(4, "v0".getBytes(StandardCharsets.US_ASCII));
    rewriter.setTransportCc(5);
    rewriter.setAbsSendTime(6);

    MemorySegment header = rewrite(rewriter, rtp().extension(
        0xBEDE, oneByte(1, "30") + oneByte(2, "0001") + oneByte(3, "000002") + oneByte(5, "dd")));

    assertThat(RtpExtensionsTest.list(header, (int) header.byteSize()))
        .containsExactly("4=7630", "5=fedc", "6=123456", "7=dd");
  }

  @Test
  void keepsTheOneByteFormForEverythingThatFitsIt() {
    targetIds[200] = 14;

    MemorySegment header = rewrite(rtp().extension(0x1000, twoByte(200, "11".repeat(16))));

    assertThat(Bytes.u16(header, 12)).isEqualTo(0xBEDE);
    assertThat(RtpExtensionsTest.list(header, (int) header.byteSize())).containsExactly("14=" + "11".repeat(16));
  }

  @Test
  void takesTheTwoByteFormForHighIdsLongAndEmptyElements() {
    targetIds[1] = 15;
    assertThat(profile(rtp().extension(0xBEDE, oneByte(1, "aa")))).isEqualTo(0x1000);
    targetIds[1] = 1;
    assertThat(profile(rtp().extension(0x1000, twoByte(1, "11".repeat(17))))).isEqualTo(0x1000);
    assertThat(profile(rtp().extension(0x1000, twoByte(1, "")))).isEqualTo(0x1000);
    assertThat(profile(rtp().extension(0x1000, twoByte(1, "aa")))).isEqualTo(0xBEDE);

    RtpHeaderRewriter rewriter = new RtpHeaderRewriter(targetIds);
    rewriter.setTransportCc(20);
    MemorySegment header = rewrite(rewriter, rtp().extension(0xBEDE, oneByte(1, "aa")));
    assertThat(RtpExtensionsTest.list(header, (int) header.byteSize())).containsExactly("20=fedc", "1=aa");
  }

  @Test
  void padsWithZerosTo32Bits() {
    targetIds[1] = 1;
    for (int length = 1; length <= 16; length++) {
      MemorySegment target = MemorySegment.ofArray(new byte[64]);
      target.fill((byte) 0xFF);
      MemorySegment source = rtp().extension(0xBEDE, oneByte(1, "aa".repeat(length))).segment();
      int bytes = write(new RtpHeaderRewriter(targetIds), source, target);

      assertThat(bytes % 4).isZero();
      assertThat(RtpHeader.headerBytes(target, 0, bytes)).isEqualTo(bytes);
      for (int i = 12 + 4 + 1 + length; i < bytes; i++) {
        assertThat(Bytes.u8(target, i)).isZero();
      }
      assertThat(Bytes.u8(target, bytes)).isEqualTo(0xFF);
    }
  }

  @Test
  void writesNothingWithoutRoom() {
    targetIds[1] = 1;
    MemorySegment source = rtp().extension(0xBEDE, oneByte(1, "aa")).segment();
    MemorySegment target = MemorySegment.ofArray(new byte[19]);

    assertThat(write(new RtpHeaderRewriter(targetIds), source, target)).isEqualTo(RtpHeaderRewriter.NO_ROOM);
    assertThat(target.toArray(Bytes.BYTE)).containsOnly(0);
    assertThat(write(new RtpHeaderRewriter(targetIds), source, MemorySegment.ofArray(new byte[20]))).isEqualTo(20);
  }

  private List<String> elements(RtpPacketBuilder packet) {
    MemorySegment header = rewrite(packet);
    return RtpExtensionsTest.list(header, (int) header.byteSize());
  }

  private int profile(RtpPacketBuilder packet) {
    return Bytes.u16(rewrite(packet), 12);
  }

  private MemorySegment rewrite(RtpPacketBuilder packet) {
    return rewrite(new RtpHeaderRewriter(targetIds), packet);
  }

  private static MemorySegment rewrite(RtpHeaderRewriter rewriter, RtpPacketBuilder packet) {
    MemorySegment target = MemorySegment.ofArray(new byte[400]);
    return target.asSlice(0, write(rewriter, packet.segment(), target));
  }

  private static int write(RtpHeaderRewriter rewriter, MemorySegment source, MemorySegment target) {
    int headerBytes = RtpHeader.headerBytes(source, 0, (int) source.byteSize());
    return rewriter.write(source, 0, headerBytes, false, 111, 0xABCD, -2, 0xCAFEBABE, 0xFEDC, 0x123456, target, 0,
        (int) target.byteSize());
  }
}
