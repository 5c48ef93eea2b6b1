package dev.tapedeck.protocol.rtp;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.rtp;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RtpHeaderTest {
  @Test
  void readsEveryFieldOfAPlainHeader() {
    MemorySegment packet = RtpPacketBuilder.segment("80e0fffe89abcdeffedcba9801");

    assertThat(RtpHeader.headerBytes(packet, 0, 13)).isEqualTo(12);
    assertThat(RtpHeader.payloadBytes(packet, 0, 13, 12)).isEqualTo(1);
    assertThat(RtpHeader.hasMarker(packet, 0)).isTrue();
    assertThat(RtpHeader.payloadType(packet, 0)).isEqualTo(96);
    assertThat(RtpHeader.sequenceNumber(packet, 0)).isEqualTo(65534);
    assertThat(RtpHeader.rtpTimestamp(packet, 0)).isEqualTo(0x89abcdef);
    assertThat(RtpHeader.ssrc(packet, 0)).isEqualTo(0xfedcba98);
  }

  @Test
  void readsAPacketInTheMiddleOfASlot() {
    byte[] bytes = rtp().csrcs(1, 2).extension(0xBEDE, "10aa").payload("0102").padding(3).build();
    MemorySegment memory = MemorySegment.ofArray(RtpPacketBuilder.concat(new byte[7], bytes, new byte[9]));

    int headerBytes = RtpHeader.headerBytes(memory, 7, bytes.length);

    assertThat(headerBytes).isEqualTo(12 + 8 + 8);
    assertThat(RtpHeader.paddingBytes(memory, 7, bytes.length, headerBytes)).isEqualTo(3);
    assertThat(RtpHeader.payloadBytes(memory, 7, bytes.length, headerBytes)).isEqualTo(2);
  }

  @Test
  void acceptsPaddingAlone() {
    MemorySegment packet = rtp().padding(255).segment();

    assertThat(RtpHeader.isValid(packet, 0, 12 + 255)).isTrue();
    assertThat(RtpHeader.payloadBytes(packet, 0, 12 + 255, 12)).isZero();
  }

  @Test
  void refusesEveryPrefixOfAHeader() {
    MemorySegment packet = rtp().csrcs(1, 2, 3).extension(0xBEDE, "10aa10bb10cc").segment();
    int headerBytes = (int) packet.byteSize();

    assertThat(RtpHeader.isValid(packet, 0, headerBytes)).isTrue();
    for (int length = 0; length < headerBytes; length++) {
      assertThat(RtpHeader.headerBytes(packet.asSlice(0, length), 0, length)).isEqualTo(RtpHeader.MALFORMED);
    }
  }

  @Test
  void refusesOtherVersions() {
    for (String first : new String[] {"00", "40", "c0"}) {
      assertThat(RtpHeader.isValid(RtpPacketBuilder.segment(first + "60000100000001000000ff"), 0, 11)).isFalse();
      assertThat(RtpHeader.isValid(RtpPacketBuilder.segment(first + "60000100000001000000ff00"), 0, 12)).isFalse();
    }
  }

  @Test
  void refusesPaddingThatIsEmptyOrReachesIntoTheHeader() {
    byte[] packet = rtp().payload("0102").padding(2).build();
    MemorySegment memory = MemorySegment.ofArray(packet);

    packet[15] = 0;
    assertThat(RtpHeader.paddingBytes(memory, 0, 16, 12)).isEqualTo(RtpHeader.MALFORMED);
    packet[15] = 4;
    assertThat(RtpHeader.paddingBytes(memory, 0, 16, 12)).isEqualTo(4);
    packet[15] = 5;
    assertThat(RtpHeader.isValid(memory, 0, 16)).isFalse();
    assertThat(RtpHeader.payloadBytes(memory, 0, 16, 12)).isEqualTo(RtpHeader.MALFORMED);
    assertThat(RtpHeader.isValid(memory, 0, 12)).isFalse();
  }

  @Test
  void writesEachFieldAndLeavesTheOthers() {
    MemorySegment packet = rtp().marker().padding(1).segment();

    RtpHeader.putPayloadType(packet, 0, 45);
    RtpHeader.putSequenceNumber(packet, 0, 0x1_0203);
    RtpHeader.putRtpTimestamp(packet, 0, 0x04050607);
    RtpHeader.putSsrc(packet, 0, 0x08090a0b);
    assertThat(packet.toArray(Bytes.BYTE)).startsWith(0xa0, 0x80 | 45, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    RtpHeader.clearPadding(packet, 0);
    assertThat(packet.toArray(Bytes.BYTE)).startsWith(0x80, 0x80 | 45, 2, 3);

    RtpHeader.putFixed(packet, 0, 0x91, false, 46, 0x3_0405, -1, 0x0a0b0c0d);
    assertThat(packet.toArray(Bytes.BYTE)).startsWith(0x91, 46, 4, 5, 255, 255, 255, 255, 10, 11, 12, 13);
  }
}
