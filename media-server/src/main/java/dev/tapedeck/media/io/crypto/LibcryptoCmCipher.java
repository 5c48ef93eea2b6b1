package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.Libcrypto.ENCRYPT;
import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * AES128_CM_HMAC_SHA1_80 by libcrypto (RFC 3711 §4).
 *
 * <pre>
 * SRTP   | header | payload (encrypted) | tag 10 |             the tag covers all before it and the rollover counter
 * SRTCP  | 8 bytes | rest (encrypted) | E, index | tag 10 |    the tag covers all before it
 * </pre>
 */
final class LibcryptoCmCipher extends NativeSrtpCipher {
  static final int TAG_BYTES = 10;
  private static final int SEQUENCE_BITS = 16;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final EvpCipher rtp;
  private final EvpCipher rtcp;
  private final HmacSha1 rtpHmac;
  private final HmacSha1 rtcpHmac;
  private final CmIv rtpIv;
  private final CmIv rtcpIv;

  LibcryptoCmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
    super(SrtpProfile.AES128_CM_HMAC_SHA1_80);
    rtp = new EvpCipher(Libcrypto.AES_128_CTR, rtpKeys.encryptionKey());
    rtcp = new EvpCipher(Libcrypto.AES_128_CTR, rtcpKeys.encryptionKey());
    rtpHmac = new HmacSha1(rtpKeys.authenticationKey());
    rtcpHmac = new HmacSha1(rtcpKeys.authenticationKey());
    rtpIv = new CmIv(rtpKeys.salt());
    rtcpIv = new CmIv(rtcpKeys.salt());
  }

  @Override
  int encryptRtp(long packet, int headerBytes, long payload, int payloadBytes, int ssrc, long index) {
    int plainBytes = headerBytes + payloadBytes;
    rtpIv.write(NATIVE, rtp.iv(), ssrc, index);
    addKeyStream(rtp, packet + headerBytes, payload, payloadBytes);
    NATIVE.set(INT, packet + plainBytes, (int) (index >>> SEQUENCE_BITS));
    writeTag(packet, plainBytes);
    return plainBytes + TAG_BYTES;
  }

  /** Writes the tag of an encrypted RTP packet; the rollover counter stands where the tag will. */
  void writeTag(long packet, int plainBytes) {
    rtpHmac.start();
    rtpHmac.update(packet, plainBytes + Integer.BYTES);
    MemorySegment.copy(NATIVE, rtpHmac.finish(), NATIVE, packet + plainBytes, TAG_BYTES);
  }

  @Override
  int decryptRtp(long packet, int headerBytes, int length, int ssrc, long index) {
    int plainBytes = length - TAG_BYTES;
    if (!Tags.isSame(rtpCode(packet, plainBytes, index), packet + plainBytes, TAG_BYTES)) {
      return AUTHENTICATION_FAILED;
    }
    long body = packet + headerBytes;
    rtpIv.write(NATIVE, rtp.iv(), ssrc, index);
    addKeyStream(rtp, body, body, plainBytes - headerBytes);
    return plainBytes;
  }

  @Override
  int encryptRtcp(long packet, int length, int ssrc, int index) {
    addRtcpKeyStream(packet, length, ssrc, index);
    SrtcpTrailer.write(NATIVE, packet + length, index);
    int coveredBytes = length + SrtcpTrailer.BYTES;
    MemorySegment.copy(NATIVE, rtcpCode(packet, coveredBytes), NATIVE, packet + coveredBytes, TAG_BYTES);
    return coveredBytes + TAG_BYTES;
  }

  @Override
  int decryptRtcp(long packet, int length, int ssrc, int index) {
    int coveredBytes = length - TAG_BYTES;
    if (!Tags.isSame(rtcpCode(packet, coveredBytes), packet + coveredBytes, TAG_BYTES)) {
      return AUTHENTICATION_FAILED;
    }
    int plainBytes = coveredBytes - SrtcpTrailer.BYTES;
    addRtcpKeyStream(packet, plainBytes, ssrc, index);
    return plainBytes;
  }

  private void addRtcpKeyStream(long packet, int plainBytes, int ssrc, int index) {
    long body = packet + SrtcpTrailer.CLEAR_BYTES;
    rtcpIv.write(NATIVE, rtcp.iv(), ssrc, index);
    addKeyStream(rtcp, body, body, plainBytes - SrtcpTrailer.CLEAR_BYTES);
  }

  /** Encrypts and decrypts: in counter mode both are the same. */
  private static void addKeyStream(EvpCipher cipher, long output, long input, int bytes) {
    cipher.start(ENCRYPT);
    cipher.transform(output, input, bytes);
  }

  private long rtpCode(long packet, int coveredBytes, long index) {
    rtpHmac.start();
    rtpHmac.update(packet, coveredBytes);
    rtpHmac.update((int) (index >>> SEQUENCE_BITS));
    return rtpHmac.finish();
  }

  private long rtcpCode(long packet, int coveredBytes) {
    rtcpHmac.start();
    rtcpHmac.update(packet, coveredBytes);
    return rtcpHmac.finish();
  }

  @Override
  void free() {
    rtp.close();
    rtcp.close();
    rtpHmac.close();
    rtcpHmac.close();
  }
}
