package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.Libcrypto.DECRYPT;
import static dev.tapedeck.media.io.crypto.Libcrypto.ENCRYPT;
import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;

/**
 * AEAD_AES_128_GCM by libcrypto (RFC 7714).
 *
 * <pre>
 * SRTP   | header (authenticated) | payload (encrypted) | tag 16 |
 * SRTCP  | 8 bytes (authenticated) | rest (encrypted) | tag 16 | E, index (authenticated) |
 * </pre>
 */
final class LibcryptoGcmCipher extends NativeSrtpCipher {
  private static final int TAG_BYTES = 16;

  private final EvpCipher rtp;
  private final EvpCipher rtcp;
  private final GcmIv rtpIv;
  private final GcmIv rtcpIv;

  LibcryptoGcmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
    super(SrtpProfile.AEAD_AES_128_GCM);
    rtp = new EvpCipher(Libcrypto.AES_128_GCM, rtpKeys.encryptionKey());
    rtcp = new EvpCipher(Libcrypto.AES_128_GCM, rtcpKeys.encryptionKey());
    rtpIv = new GcmIv(rtpKeys.salt());
    rtcpIv = new GcmIv(rtcpKeys.salt());
  }

  @Override
  int encryptRtp(long packet, int headerBytes, long payload, int payloadBytes, int ssrc, long index) {
    long body = packet + headerBytes;
    rtpIv.write(NATIVE, rtp.iv(), ssrc, index);
    rtp.start(ENCRYPT);
    rtp.authenticate(packet, headerBytes);
    rtp.transform(body, payload, payloadBytes);
    rtp.finish(body + payloadBytes, TAG_BYTES);
    return headerBytes + payloadBytes + TAG_BYTES;
  }

  @Override
  int decryptRtp(long packet, int headerBytes, int length, int ssrc, long index) {
    int plainBytes = length - TAG_BYTES;
    long body = packet + headerBytes;
    rtpIv.write(NATIVE, rtp.iv(), ssrc, index);
    rtp.start(DECRYPT);
    rtp.authenticate(packet, headerBytes);
    rtp.transform(body, body, plainBytes - headerBytes);
    return rtp.verify(packet + plainBytes, TAG_BYTES) ? plainBytes : AUTHENTICATION_FAILED;
  }

  @Override
  int encryptRtcp(long packet, int length, int ssrc, int index) {
    long body = packet + SrtcpTrailer.CLEAR_BYTES;
    long trailer = packet + length + TAG_BYTES;
    SrtcpTrailer.write(NATIVE, trailer, index);
    rtcpIv.write(NATIVE, rtcp.iv(), ssrc, index);
    rtcp.start(ENCRYPT);
    rtcp.authenticate(packet, SrtcpTrailer.CLEAR_BYTES);
    rtcp.authenticate(trailer, SrtcpTrailer.BYTES);
    rtcp.transform(body, body, length - SrtcpTrailer.CLEAR_BYTES);
    rtcp.finish(packet + length, TAG_BYTES);
    return length + TAG_BYTES + SrtcpTrailer.BYTES;
  }

  @Override
  int decryptRtcp(long packet, int length, int ssrc, int index) {
    int plainBytes = length - TAG_BYTES - SrtcpTrailer.BYTES;
    long body = packet + SrtcpTrailer.CLEAR_BYTES;
    rtcpIv.write(NATIVE, rtcp.iv(), ssrc, index);
    rtcp.start(DECRYPT);
    rtcp.authenticate(packet, SrtcpTrailer.CLEAR_BYTES);
    rtcp.authenticate(packet + length - SrtcpTrailer.BYTES, SrtcpTrailer.BYTES);
    rtcp.transform(body, body, plainBytes - SrtcpTrailer.CLEAR_BYTES);
    return rtcp.verify(packet + plainBytes, TAG_BYTES) ? plainBytes : AUTHENTICATION_FAILED;
  }

  @Override
  void free() {
    rtp.close();
    rtcp.close();
  }
}
