package dev.tapedeck.protocol.rtp;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.rtp;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RtxTest {
  private static final int SLOT_BYTES = 200;

  @Test
  void givesBackTheOriginalWithExtensionAndPadding() {
    byte[] original = original().payload("0102030405").padding(3).build();
    byte[] rtx = original().payloadType(97).sequenceNumber(7).ssrc(5).payload("ff010102030405").padding(3).build();
    MemorySegment slot = slot(rtx);
    int headerBytes = RtpHeader.headerBytes(slot, 10, rtx.length);
    int payloadBytes = RtpHeader.payloadBytes(slot, 10, rtx.length, headerBytes);

    assertThat(Rtx.originalSequenceNumber(slot, 10 + headerBytes, payloadBytes)).isEqualTo(0xff01);
    assertThat(Rtx.unwrap(slot, 10, headerBytes, payloadBytes, 96, 0x11223344)).isEqualTo(12);
    assertThat(slot.asSlice(12, rtx.length - 2).toArray(Bytes.BYTE)).isEqualTo(original);
  }

  @Test
  void leavesPaddingThatProbesThePath() {
    for (String payload : new String[] {"", "01"}) {
      byte[] probe = rtp().payload(payload).padding(200 - 12 - 10 - 1).build();
      MemorySegment slot = slot(probe);
      int payloadBytes = RtpHeader.payloadBytes(slot, 10, probe.length, 12);

      assertThat(Rtx.unwrap(slot, 10, 12, payloadBytes, 96, 1)).isEqualTo(Rtx.NO_ORIGINAL);
      assertThat(slot.asSlice(10, probe.length).toArray(Bytes.BYTE)).isEqualTo(probe);
    }
  }

  @Test
  void wrapsWhatItCanUnwrap() {
    byte[] original = original().marker().payload("0102030405").build();
    MemorySegment source = slot(original);
    MemorySegment target = MemorySegment.ofArray(new byte[SLOT_BYTES]);
    int headerBytes = RtpHeader.headerBytes(source, 10, original.length);

    int bytes = Rtx.wrap(source, 10, headerBytes, 5, 97, 7, 5, target, 20);

    assertThat(target.asSlice(20, bytes).toArray(Bytes.BYTE)).isEqualTo(
        original().marker().payloadType(97).sequenceNumber(7).ssrc(5).payload("ff010102030405").build());
    assertThat(Rtx.unwrap(target, 20, headerBytes, 7, 96, 0x11223344)).isEqualTo(22);
    assertThat(target.asSlice(22, original.length).toArray(Bytes.BYTE)).isEqualTo(original);
  }

  private static RtpPacketBuilder original() {
    return rtp().sequenceNumber(0xff01).csrcs(3).extension(0xBEDE, "10aa21bbbb");
  }

  private static MemorySegment slot(byte[] packet) {
    byte[] slot = new byte[SLOT_BYTES];
    System.arraycopy(packet, 0, slot, 10, packet.length);
    return MemorySegment.ofArray(slot);
  }
}
