package dev.tapedeck.protocol.rtp;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.oneByte;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.rtp;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.twoByte;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtpExtensionsTest {
  @Test
  void findsElementsOfTheOneByteForm() {
    String elements = oneByte(1, "aa") + "0000" + oneByte(4, "0102030405060708090a0b0c0d0e0f10") + oneByte(14, "bbcc");

    assertThat(elements(0xBEDE, elements)).containsExactly("1=aa", "4=0102030405060708090a0b0c0d0e0f10", "14=bbcc");
    assertThat(find(0xBEDE, elements, 14)).isEqualTo("bbcc");
    assertThat(find(0xBEDE, elements, 2)).isNull();
  }

  @Test
  void findsElementsOfTheTwoByteForm() {
    String elements = twoByte(1, "") + "00" + twoByte(255, "11".repeat(255)) + twoByte(15, "22");

    for (int profile = 0x1000; profile <= 0x100F; profile++) {
      assertThat(elements(profile, elements)).containsExactly("1=", "255=" + "11".repeat(255), "15=22");
    }
    assertThat(find(0x1000, elements, 255)).hasSize(510);
    assertThat(find(0x1000, elements, 1)).isEmpty();
  }

  /** The example of RFC 8285 §4.2: three elements with one byte of padding between them. */
  @Test
  void readsTheExampleOfTheOneByteForm() {
    assertThat(elements(0xBEDE, "10aa" + "21bbbb" + "0000" + "33cccccccc")).containsExactly(
        "1=aa", "2=bbbb", "3=cccccccc");
  }

  /** The example of RFC 8285 §4.3: an empty element, one of one byte, one of four. */
  @Test
  void readsTheExampleOfTheTwoByteForm() {
    assertThat(elements(0x1000, "0100" + "0201aa" + "00" + "0304bbbbbbbb")).containsExactly(
        "1=", "2=aa", "3=bbbbbbbb");
  }

  @Test
  void takesTheFirstOfTwoElementsWithOneId() {
    assertThat(find(0xBEDE, oneByte(3, "01") + oneByte(3, "02"), 3)).isEqualTo("01");
  }

  @Test
  void endsTheOneByteListAtTheStopIdAndAtPaddingWithALength() {
    assertThat(elements(0xBEDE, oneByte(1, "aa") + "f0bb" + oneByte(2, "cc"))).containsExactly("1=aa");
    assertThat(elements(0xBEDE, oneByte(1, "aa") + "01bbbb" + oneByte(2, "cc"))).containsExactly("1=aa");
  }

  @Test
  void dropsAnElementThatReachesPastTheExtension() {
    assertThat(elements(0xBEDE, oneByte(1, "aa") + "23bb")).containsExactly("1=aa");
    assertThat(elements(0x1000, twoByte(1, "aa") + "02")).containsExactly("1=aa");
    assertThat(elements(0x1000, twoByte(1, "aabb") + "0205bb" + "00")).containsExactly("1=aabb");
  }

  @Test
  void seesNoElementsInOtherProfilesOrWithoutExtension() {
    assertThat(elements(0x1010, twoByte(1, "aa"))).isEmpty();
    assertThat(elements(0x0000, oneByte(1, "aa"))).isEmpty();
    assertThat(elements(0xBEDE, "")).isEmpty();
    MemorySegment plain = rtp().payload("10aa").segment();
    assertThat(RtpExtensions.first(plain, 0, 12)).isEqualTo(RtpExtensions.NONE);
  }

  private static List<String> elements(int profile, String elements) {
    MemorySegment packet = packet(profile, elements);
    return list(packet, RtpHeader.headerBytes(packet, 0, (int) packet.byteSize()));
  }

  static List<String> list(MemorySegment packet, int headerBytes) {
    List<String> found = new ArrayList<>();
    for (long element = RtpExtensions.first(packet, 0, headerBytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(packet, 0, headerBytes, element)) {
      found.add(RtpExtensions.id(element) + "=" + data(packet, element));
    }
    return found;
  }

  private static String find(int profile, String elements, int id) {
    MemorySegment packet = packet(profile, elements);
    int headerBytes = RtpHeader.headerBytes(packet, 0, (int) packet.byteSize());
    long element = RtpExtensions.find(packet, 0, headerBytes, id);
    return element == RtpExtensions.NONE ? null : data(packet, element);
  }

  private static MemorySegment packet(int profile, String elements) {
    return rtp().csrcs(9, 9).extension(profile, elements).payload("ffffffffffffffff").segment();
  }

  private static String data(MemorySegment packet, long element) {
    byte[] data = packet.asSlice(RtpExtensions.offset(element), RtpExtensions.length(element)).toArray(Bytes.BYTE);
    return HexFormat.of().formatHex(data);
  }
}
