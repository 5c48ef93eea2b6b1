package dev.tapedeck.protocol.codec;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.segment;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpusTest {
  /** RFC 6716 §3.1, table 2: frame sizes of the 32 configurations, in 48 kHz samples. */
  private static final int[] FRAME_SAMPLES = {
    480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960,
    120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960
  };

  @Test
  void knowsTheFrameSizeOfEveryConfiguration() {
    for (int config = 0; config < 32; config++) {
      assertThat(Opus.frameSamples(config << 3)).as("config %d", config).isEqualTo(FRAME_SAMPLES[config]);
    }
  }

  @Test
  void countsTheFramesOfAPacket() {
    assertThat(samples("78ff")).isEqualTo(960);
    assertThat(samples("79ff")).isEqualTo(1920);
    assertThat(samples("7aff")).isEqualTo(1920);
    assertThat(samples("7b03ff")).isEqualTo(2880);
    assertThat(samples("8330ff")).isEqualTo(5760);
    assertThat(samples("8370ff")).isEqualTo(5760);
  }

  @Test
  void refusesPacketsLongerThan120MillisecondsOrWithoutFrames() {
    assertThat(samples("8331ff")).isEqualTo(Opus.MALFORMED);
    assertThat(samples("1b03ff")).isEqualTo(Opus.MALFORMED);
    assertThat(samples("7b00ff")).isEqualTo(Opus.MALFORMED);
    assertThat(samples("7b")).isEqualTo(Opus.MALFORMED);
    assertThat(samples("")).isEqualTo(Opus.MALFORMED);
  }

  @Test
  void tellsStereoAndSilence() {
    assertThat(Opus.isStereo(0xfc)).isTrue();
    assertThat(Opus.isStereo(0x78)).isFalse();
    assertThat(Opus.isDtx(1)).isTrue();
    assertThat(Opus.isDtx(3)).isFalse();
  }

  private static int samples(String hex) {
    return Opus.samples(segment(hex), 0, hex.length() / 2);
  }
}
