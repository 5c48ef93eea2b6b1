package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.srtp.RtpSamples;
import dev.tapedeck.media.core.srtp.SrtpPair;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our receiver and sender against jitsi-srtp's own contexts: key derivation, rollover, replay and packet format. */
class JitsiInteropTest {
  private static final long SEED = 3711;
  private static final int STREAMS = 3;

  /** jitsi-srtp refuses what is later than this. */
  private static final int JITSI_WINDOW = 64;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @ParameterizedTest
  @EnumSource
  void weReadWhatJitsiSends(SrtpProfile profile) throws Exception {
    System.out.println("seed " + SEED);
    try (SrtpPair ours = pair(profile)) {
      Jitsi jitsi = new Jitsi(ours, true);
      for (byte[] plain : stream(5000)) {
        byte[] packet = jitsi.protectRtp(plain);
        if (random.nextInt(20) == 0) {
          continue; // lost
        }
        assertThat(ours.unprotectRtp(packet)).isEqualTo(plain);
        if (random.nextInt(20) == 0) {
          ours.unprotectRtp(packet);
          assertThat(ours.reason).isEqualTo(SrtpReceiver.REPLAYED);
        }
      }
      for (int i = 0; i < 500; i++) {
        byte[] plain = RtpSamples.rtcp(random, i % STREAMS, 2 + random.nextInt(60));
        assertThat(ours.unprotectRtcp(jitsi.protectRtcp(plain))).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void jitsiReadsWhatWeSend(SrtpProfile profile) throws Exception {
    try (SrtpPair ours = pair(profile)) {
      Jitsi jitsi = new Jitsi(ours, false);
      for (byte[] plain : stream(5000)) {
        byte[] packet = ours.protectRtp(plain);
        if (random.nextInt(20) > 0) {
          assertThat(jitsi.unprotectRtp(packet)).isEqualTo(plain);
        }
      }
      for (int i = 0; i < 500; i++) {
        byte[] plain = RtpSamples.rtcp(random, i % STREAMS, 2 + random.nextInt(60));
        assertThat(jitsi.unprotectRtcp(ours.protectRtcp(plain))).isEqualTo(plain);
      }
    }
  }

  private SrtpPair pair(SrtpProfile profile) {
    return new SrtpPair(new LibcryptoSrtpCipherFactory(), profile, random, STREAMS);
  }

  /** Packets of all streams with gaps and neighbours swapped; each stream wraps several times. */
  private List<byte[]> stream(int count) {
    List<byte[]> packets = new ArrayList<>();
    int[] next = {65_000, 20_000, 0};
    for (int i = 0; i < count; i++) {
      int ssrc = i % STREAMS;
      next[ssrc] += random.nextInt(20) == 0 ? 3000 : 1 + random.nextInt(10);
      int csrcs = random.nextInt(4);
      int extensionWords = random.nextInt(-1, 6);
      packets.add(
          RtpSamples.rtp(random, ssrc, next[ssrc] & 0xFFFF, csrcs, extensionWords, random.nextInt(1200)));
    }
    assertThat(Arrays.stream(next).min().getAsInt()).isGreaterThan(3 * 65_536);
    for (int i = 10; i + STREAMS < count; i += 7) {
      if ((short) (sequence(packets.get(i + STREAMS)) - sequence(packets.get(i))) < JITSI_WINDOW) {
        packets.set(i, packets.set(i + STREAMS, packets.get(i)));
      }
    }
    return packets;
  }

  private static int sequence(byte[] packet) {
    return (packet[2] & 0xFF) << 8 | packet[3] & 0xFF;
  }

  /** jitsi-srtp under the keys of a pair, one context for each SSRC. */
  private static final class Jitsi {
    private final SrtpContextFactory factory;
    private final Map<Integer, SrtpCryptoContext> rtp = new HashMap<>();
    private final Map<Integer, SrtcpCryptoContext> rtcp = new HashMap<>();

    Jitsi(SrtpPair pair, boolean isSender) {
      factory =
          new SrtpContextFactory(
              isSender,
              pair.masterKey,
              pair.masterSalt,
              policy(pair.profile),
              policy(pair.profile),
              new LoggerImpl(JitsiInteropTest.class.getName()));
    }

    private static SrtpPolicy policy(SrtpProfile profile) {
      SrtpPolicy policy =
          switch (profile) {
            case AEAD_AES_128_GCM ->
                new SrtpPolicy(SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
            case AES128_CM_HMAC_SHA1_80 ->
                new SrtpPolicy(SrtpPolicy.AESCM_ENCRYPTION, 16, SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, 14);
          };
      policy.setSendReplayEnabled(false); // so that it sends our reordered packets
      return policy;
    }

    byte[] protectRtp(byte[] plain) throws GeneralSecurityException {
      Buffer buffer = new Buffer(plain);
      assertThat(rtpContext(plain).transformPacket(buffer)).isEqualTo(SrtpErrorStatus.OK);
      return buffer.content();
    }

    byte[] unprotectRtp(byte[] packet) throws GeneralSecurityException {
      Buffer buffer = new Buffer(packet);
      assertThat(rtpContext(packet).reverseTransformPacket(buffer, false)).isEqualTo(SrtpErrorStatus.OK);
      return buffer.content();
    }

    byte[] protectRtcp(byte[] plain) throws GeneralSecurityException {
      Buffer buffer = new Buffer(plain);
      assertThat(rtcpContext(plain).transformPacket(buffer)).isEqualTo(SrtpErrorStatus.OK);
      return buffer.content();
    }

    byte[] unprotectRtcp(byte[] packet) throws GeneralSecurityException {
      Buffer buffer = new Buffer(packet);
      assertThat(rtcpContext(packet).reverseTransformPacket(buffer)).isEqualTo(SrtpErrorStatus.OK);
      return buffer.content();
    }

    private SrtpCryptoContext rtpContext(byte[] packet) throws GeneralSecurityException {
      int ssrc = packet[11]; // the SSRCs of these tests are small
      if (!rtp.containsKey(ssrc)) {
        rtp.put(ssrc, factory.deriveContext(ssrc, 0));
      }
      return rtp.get(ssrc);
    }

    private SrtcpCryptoContext rtcpContext(byte[] packet) throws GeneralSecurityException {
      int ssrc = packet[7];
      if (!rtcp.containsKey(ssrc)) {
        rtcp.put(ssrc, factory.deriveControlContext(ssrc));
      }
      return rtcp.get(ssrc);
    }
  }

  private static final class Buffer implements ByteArrayBuffer {
    private final byte[] bytes;
    private int offset;
    private int length;

    Buffer(byte[] content) {
      bytes = Arrays.copyOf(content, content.length + 64);
      length = content.length;
    }

    byte[] content() {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    public byte[] getBuffer() {
      return bytes;
    }

    @Override
    public int getOffset() {
      return offset;
    }

    @Override
    public int getLength() {
      return length;
    }

    @Override
    public void setLength(int newLength) {
      length = newLength;
    }

    @Override
    public void setOffset(int newOffset) {
      offset = newOffset;
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int from, int count, byte[] target) {
      System.arraycopy(bytes, offset + from, target, 0, count);
    }

    @Override
    public void grow(int by) {
      assertThat(offset + length + by).isLessThanOrEqualTo(bytes.length);
    }

    @Override
    public void append(byte[] data, int count) {
      System.arraycopy(data, 0, bytes, offset + length, count);
      length += count;
    }

    @Override
    public void shrink(int by) {
      length -= by;
    }
  }
}
