package dev.tapedeck.protocol.codec;

import static dev.tapedeck.protocol.codec.Vp8PayloadTest.size;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.segment;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264PayloadTest {
  /** Sequence parameter sets that x264 (FFmpeg 5.1, testsrc2) wrote for pictures of known size. */
  static final String SPS_640X360 = "6764001eacd940a02ff970110000030001000003003c0f162d96";
  private static final String PPS = "68ebe3cb22c0";

  @ParameterizedTest(name = "{1}x{2}, profile {3}")
  @CsvSource({
    "6764001eacd940a02ff970110000030001000003003c0f162d96, 640, 360, 100",
    "6742c01ed900a02ff970110000030001000003003c0f162e48, 640, 360, 66",
    "67640028acd940780227e5c044000003000400000300f03c60c658, 1920, 1080, 100",
    "6764000dacd941519e226c0440000003004000000f03c50a6580, 322, 182, 100",
    "6764001eacd940a063f3e022000003000200000300783e28532c, 640, 360, 100",
    "67640028acd94078044fde0220000003002000000783e2c5b2c0, 1920, 1080, 100",
    "67f4001e919b281405ff138088000003000800000301e078b16cb0, 640, 360, 244",
    "67f4000d919b282a33c7c5e022000003000200000300783e28532c, 322, 182, 244",
  })
  void readsTheShownSizeFromParameterSets(String sps, int width, int height, int profile) {
    assertThat(H264Sps.parse(segment(sps), 0, sps.length() / 2)).hasValueSatisfying(parsed -> {
      assertThat(parsed.width()).isEqualTo(width);
      assertThat(parsed.height()).isEqualTo(height);
      assertThat(parsed.profileIdc()).isEqualTo(profile);
    });
    assertThat(size(frameSize(sps))).isEqualTo(width + "x" + height);
  }

  @Test
  void refusesACutParameterSet() {
    for (int bytes = 0; bytes < 10; bytes++) {
      assertThat(H264Sps.parse(segment(SPS_640X360).asSlice(0, bytes), 0, bytes)).isEmpty();
    }
  }

  @Test
  void seesKeyFramesInSingleUnits() {
    assertThat(startsKeyFrame(SPS_640X360)).isTrue();
    assertThat(startsKeyFrame("65b80001")).isTrue();
    assertThat(startsKeyFrame(PPS)).isFalse();
    assertThat(startsKeyFrame("419a0001")).isFalse();
    assertThat(startsKeyFrame("")).isFalse();
  }

  @Test
  void looksIntoAggregates() {
    assertThat(startsKeyFrame(stapA(SPS_640X360, PPS))).isTrue();
    assertThat(startsKeyFrame(stapA(PPS, "65b8"))).isTrue();
    assertThat(startsKeyFrame(stapA(PPS, "419a"))).isFalse();
    assertThat(size(frameSize(stapA("0910", SPS_640X360, PPS)))).isEqualTo("640x360");
  }

  @Test
  void findsAUnitWhereItStands() {
    MemorySegment packet = segment("ffff" + stapA("0910", PPS));
    long unit = H264Payload.findNalUnit(packet, 2, (int) packet.byteSize() - 2, H264Payload.PPS);

    assertThat(H264Payload.nalUnitOffset(unit)).isEqualTo(2 + 1 + 2 + 2 + 2);
    assertThat(H264Payload.nalUnitBytes(unit)).isEqualTo(6);
  }

  @Test
  void stopsAtAUnitThatReachesPastTheAggregate() {
    assertThat(startsKeyFrame("18" + "0002419a" + "000565b8")).isFalse();
    assertThat(startsKeyFrame("18" + "0002419a" + "000265")).isFalse();
    assertThat(startsKeyFrame("18" + "0000" + "000265b8")).isFalse();
    assertThat(startsKeyFrame("18")).isFalse();
  }

  @Test
  void seesOnlyTheFirstFragmentOfAnIdrSlice() {
    assertThat(startsKeyFrame("7c85b800")).isTrue();
    assertThat(startsKeyFrame("7c05b800")).isFalse();
    assertThat(startsKeyFrame("7c45b800")).isFalse();
    assertThat(startsKeyFrame("7c819a00")).isFalse();
    assertThat(startsKeyFrame("7c")).isFalse();
  }

  static String stapA(String... units) {
    StringBuilder packet = new StringBuilder("78");
    for (String unit : units) {
      packet.append("%04x".formatted(unit.length() / 2)).append(unit);
    }
    return packet.toString();
  }

  private static boolean startsKeyFrame(String payload) {
    return H264Payload.startsKeyFrame(segment(payload), 0, HexFormat.of().parseHex(payload).length);
  }

  private static int frameSize(String payload) {
    return H264Payload.frameSize(segment(payload), 0, payload.length() / 2);
  }
}
