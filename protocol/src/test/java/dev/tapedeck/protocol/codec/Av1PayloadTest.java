package dev.tapedeck.protocol.codec;

import static dev.tapedeck.protocol.codec.Vp8PayloadTest.size;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.segment;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Av1PayloadTest {
  /** Sequence header of libaom (FFmpeg 5.1, testsrc2) for 640x360, with its size field. */
  static final String SEQUENCE_HEADER = "0a0b0000000cc4ff6736be4010";

  @ParameterizedTest(name = "{1}x{2}")
  @CsvSource({
    "0a0b0000000cc4ff6736be4010, 640, 360",
    "0a0b0000000cc4ff673efe4010, 640, 360",
    "0a0b00000042abbfc3732be401, 1920, 1080",
    "0a0b00000042abbfc373efe401, 1920, 1080",
    "0a0b000000043d06d4daf90040, 322, 182",
    "0a0b000000043d06d4fbf90040, 322, 182",
  })
  void readsTheSizeFromSequenceHeaders(String obu, int width, int height) {
    assertThat(Av1SequenceHeader.parse(segment(obu), 0, obu.length() / 2)).hasValueSatisfying(header -> {
      assertThat(header.maxWidth()).isEqualTo(width);
      assertThat(header.maxHeight()).isEqualTo(height);
    });
    String withoutSizeField = "08" + obu.substring(4);
    assertThat(size(frameSize("18" + obu))).isEqualTo(width + "x" + height);
    assertThat(size(frameSize("18" + withoutSizeField))).isEqualTo(width + "x" + height);
    assertThat(size(frameSize("28" + withLength(withoutSizeField) + "32ff"))).isEqualTo(width + "x" + height);
    assertThat(size(frameSize("08" + withLength("1200") + withLength(obu)))).isEqualTo(width + "x" + height);
  }

  @Test
  void refusesACutSequenceHeader() {
    for (int bytes = 0; bytes < 8; bytes++) {
      assertThat(Av1SequenceHeader.parse(segment(SEQUENCE_HEADER).asSlice(0, bytes), 0, bytes)).isEmpty();
    }
  }

  @Test
  void walksElementsThatAllTellTheirLength() {
    assertThat(elements("00" + "02aabb" + "01cc" + "03ddddee")).containsExactly("aabb", "cc", "ddddee");
  }

  @Test
  void givesTheLastOfCountedElementsTheRest() {
    assertThat(elements("10" + "aabbcc")).containsExactly("aabbcc");
    assertThat(elements("20" + "01aa" + "bbcc")).containsExactly("aa", "bbcc");
    assertThat(elements("30" + "01aa" + "02bbcc" + "dd")).containsExactly("aa", "bbcc", "dd");
  }

  @Test
  void readsLengthsOfSeveralBytes() {
    String data = "5a".repeat(300);
    assertThat(elements("00" + "ac02" + data + "8100" + "bb")).containsExactly(data, "bb");
  }

  @Test
  void stopsAtAMalformedElement() {
    assertThat(elements("00" + "01aa" + "05bb")).containsExactly("aa");
    assertThat(elements("00" + "01aa" + "00" + "01bb")).containsExactly("aa");
    assertThat(elements("00" + "01aa" + "80")).containsExactly("aa");
    assertThat(elements("00" + "01aa" + "80808001bb")).containsExactly("aa");
    assertThat(elements("30" + "01aa")).containsExactly("aa");
    assertThat(elements("10")).isEmpty();
    assertThat(elements("")).isEmpty();
  }

  @Test
  void knowsTheStartOfACodedVideoSequence() {
    assertThat(startsKeyFrame("18" + "0a")).isTrue();
    assertThat(startsKeyFrame("10" + "32")).isFalse();
    assertThat(startsKeyFrame("98" + "32")).isFalse();
    assertThat(startsKeyFrame("18")).isFalse();
  }

  @Test
  void takesTheRestOfAnObuForNoSequenceHeader() {
    assertThat(frameSize("90" + SEQUENCE_HEADER)).isEqualTo(FrameSize.UNKNOWN);
    assertThat(size(frameSize("a0" + "01ff" + SEQUENCE_HEADER))).isEqualTo("640x360");
  }

  private static String withLength(String obu) {
    return "%02x".formatted(obu.length() / 2) + obu;
  }

  private static List<String> elements(String hex) {
    MemorySegment payload = segment(hex);
    int length = hex.length() / 2;
    List<String> elements = new ArrayList<>();
    for (long element = Av1Payload.first(payload, 0, length);
        element != Av1Payload.NONE;
        element = Av1Payload.next(payload, 0, length, element)) {
      elements.add(Vp8PayloadTest.hex(
          payload.asSlice(Av1Payload.elementOffset(element), Av1Payload.elementBytes(element))));
    }
    return elements;
  }

  private static boolean startsKeyFrame(String hex) {
    return Av1Payload.startsKeyFrame(segment(hex), 0, hex.length() / 2);
  }

  private static int frameSize(String hex) {
    return Av1Payload.frameSize(segment(hex), 0, hex.length() / 2);
  }
}
