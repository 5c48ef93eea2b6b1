package dev.tapedeck.media.core.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.protocol.fuzz.Mutator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpReceiverTest {
  private static final int MAX_STREAMS = 4;
  private static final int SSRC = 0xCAFE_F00D;

  private final SplittableRandom random = new SplittableRandom(3550);
  private final SrtpCipherFactory ciphers = CipherChoice.choose(Optional.empty());

  private SrtpPair pair(SrtpProfile profile) {
    return new SrtpPair(ciphers, profile, random, MAX_STREAMS);
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatWasSentThroughLossReorderingAndWraps(SrtpProfile profile) {
    try (SrtpPair pair = pair(profile)) {
      int sequence = 65_000;
      for (int batch = 0; batch < 40; batch++) {
        List<byte[]> plain = new ArrayList<>();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          int csrcs = random.nextInt(16);
          int extensionWords = random.nextInt(-1, 20);
          byte[] packet =
              RtpSamples.rtp(random, SSRC, sequence & 0xFFFF, csrcs, extensionWords, random.nextInt(1200));
          plain.add(packet);
          sent.add(pair.protectRtp(packet));
          sequence += random.nextInt(1, 40);
        }
        sequence += 3000;
        while (!sent.isEmpty()) {
          int pick = random.nextInt(Math.min(sent.size(), 3));
          byte[] protectedPacket = sent.remove(pick);
          byte[] expected = plain.remove(pick);
          if (random.nextInt(10) > 0 || batch == 0) {
            assertThat(pair.unprotectRtp(protectedPacket)).isEqualTo(expected);
            assertThat(pair.unprotectRtp(protectedPacket)).isEmpty();
            assertThat(pair.reason).isEqualTo(SrtpReceiver.REPLAYED);
          }
        }
      }
      assertThat(sequence).as("the rollover counter moved on").isGreaterThan(3 * 65_536);
      assertThat(pair.receiver.rtpStreamCount()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesBackRtcp(SrtpProfile profile) {
    try (SrtpPair pair = pair(profile)) {
      for (int i = 0; i < 200; i++) {
        byte[] plain = RtpSamples.rtcp(random, i & 3, 2 + random.nextInt(100));
        byte[] sent = pair.protectRtcp(plain);
        assertThat(sent).hasSize(plain.length + 4 + profile.rtcpTagBytes);
        assertThat(pair.unprotectRtcp(sent)).isEqualTo(plain);
        assertThat(pair.unprotectRtcp(sent)).isEmpty();
        assertThat(pair.reason).isEqualTo(SrtpReceiver.REPLAYED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesEveryFlippedBit(SrtpProfile profile) {
    try (SrtpPair pair = pair(profile)) {
      byte[] rtp = pair.protectRtp(RtpSamples.rtp(random, SSRC, 7, 1, 1, 30));
      byte[] rtcp = pair.protectRtcp(RtpSamples.rtcp(random, SSRC, 8));
      for (int bit = 0; bit < 8 * rtp.length; bit++) {
        assertThat(pair.unprotectRtp(flip(rtp, bit))).as("RTP bit %d", bit).isEmpty();
      }
      for (int bit = 0; bit < 8 * rtcp.length; bit++) {
        assertThat(pair.unprotectRtcp(flip(rtcp, bit))).as("RTCP bit %d", bit).isEmpty();
      }
      assertThat(pair.unprotectRtp(rtp)).as("forgeries did not move the window").isNotEmpty();
      assertThat(pair.unprotectRtcp(rtcp)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnotherKey(SrtpProfile profile) {
    try (SrtpPair pair = pair(profile);
        SrtpPair stranger = pair(profile)) {
      pair.unprotectRtp(stranger.protectRtp(RtpSamples.rtp(random, SSRC, 1, 100)));
      assertThat(pair.reason).isEqualTo(SrtpReceiver.AUTHENTICATION_FAILED);
      pair.unprotectRtcp(stranger.protectRtcp(RtpSamples.rtcp(random, SSRC, 7)));
      assertThat(pair.reason).isEqualTo(SrtpReceiver.AUTHENTICATION_FAILED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsForgedSourcesOutOfItsTable(SrtpProfile profile) {
    try (SrtpPair pair = pair(profile)) {
      byte[] forged = pair.protectRtp(RtpSamples.rtp(random, SSRC, 1, 50));
      for (int i = 0; i < 1000; i++) {
        ByteBuffer.wrap(forged).putInt(8, i);
        pair.unprotectRtp(forged);
        assertThat(pair.reason).isEqualTo(SrtpReceiver.AUTHENTICATION_FAILED);
      }
      assertThat(pair.receiver.rtpStreamCount()).isZero();
    }
  }

  @Test
  void refusesMoreStreamsThanAgreed() {
    SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
    try (SrtpPair pair = pair(profile);
        SrtpPair generous = new SrtpPair(ciphers, profile, random, 10)) {
      for (int ssrc = 0; ssrc < MAX_STREAMS; ssrc++) {
        assertThat(pair.unprotectRtp(pair.protectRtp(RtpSamples.rtp(random, ssrc, 1, 10)))).isNotEmpty();
        assertThat(pair.unprotectRtcp(pair.protectRtcp(RtpSamples.rtcp(random, ssrc, 3)))).isNotEmpty();
      }
      pair.unprotectRtp(generous.protectRtp(RtpSamples.rtp(random, 99, 1, 10)));
      assertThat(pair.reason).isEqualTo(SrtpReceiver.TOO_MANY_STREAMS);
      pair.unprotectRtcp(generous.protectRtcp(RtpSamples.rtcp(random, 99, 3)));
      assertThat(pair.reason).isEqualTo(SrtpReceiver.TOO_MANY_STREAMS);
      assertThat(pair.unprotectRtp(pair.protectRtp(RtpSamples.rtp(random, 0, 2, 10)))).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesUnencryptedRtcp(SrtpProfile profile) {
    try (SrtpPair pair = pair(profile)) {
      byte[] packet = pair.protectRtcp(RtpSamples.rtcp(random, SSRC, 4));
      packet[packet.length - profile.rtcpIndexFromEnd()] &= 0x7F;
      pair.unprotectRtcp(packet);
      assertThat(pair.reason).isEqualTo(SrtpReceiver.MALFORMED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverThrowsForAnyBytes(SrtpProfile profile) {
    try (SrtpPair pair = new SrtpPair(ciphers, profile, random, 256)) {
      List<byte[]> corpus = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        corpus.add(
            pair.protectRtp(RtpSamples.rtp(random, i, i, i % 16, i % 9 - 1, random.nextInt(400))));
        corpus.add(pair.protectRtcp(RtpSamples.rtcp(random, i, 2 + random.nextInt(50))));
      }
      Mutator.run("srtp " + profile, 7714, corpus, 100_000, bytes -> {
        byte[] input = bytes.length <= 16_000 ? bytes : Arrays.copyOf(bytes, 16_000);
        check(pair.unprotectRtp(input), pair.reason, input, profile.rtpTagBytes);
        check(pair.unprotectRtcp(input), pair.reason, input, profile.rtcpTagBytes + 4);
      });
    }
  }

  private static void check(byte[] plain, int reason, byte[] input, int overheadBytes) {
    if (reason == 0) {
      assertThat(plain).hasSize(input.length - overheadBytes);
    } else {
      assertThat(reason).isBetween(SrtpReceiver.TOO_MANY_STREAMS, SrtpReceiver.AUTHENTICATION_FAILED);
    }
  }

  private static byte[] flip(byte[] packet, int bit) {
    byte[] flipped = packet.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }
}
