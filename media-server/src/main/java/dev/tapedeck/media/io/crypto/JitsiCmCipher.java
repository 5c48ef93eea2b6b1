package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.SessionKeys;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.SrtpCipherCtr;

/** AES128_CM_HMAC_SHA1_80 by jitsi-srtp (RFC 3711 §4); {@link LibcryptoCmCipher} draws the packets. */
final class JitsiCmCipher extends JitsiSrtpCipher {
  private static final int TAG_BYTES = 10;
  private static final int SEQUENCE_BITS = 16;

  private final SrtpCipherCtr rtp;
  private final SrtpCipherCtr rtcp;
  private final Mac rtpMac;
  private final Mac rtcpMac;
  private final CmIv rtpIv;
  private final CmIv rtcpIv;
  private final byte[] iv = new byte[CmIv.BYTES];
  private final MemorySegment ivSegment = MemorySegment.ofArray(iv);

  JitsiCmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
    rtp = cipher(rtpKeys);
    rtcp = cipher(rtcpKeys);
    rtpMac = mac(rtpKeys);
    rtcpMac = mac(rtcpKeys);
    rtpIv = new CmIv(rtpKeys.salt());
    rtcpIv = new CmIv(rtcpKeys.salt());
  }

  private static SrtpCipherCtr cipher(SessionKeys keys) {
    SrtpCipherCtr cipher = new SrtpCipherCtr(Aes.createCipher("AES/CTR/NoPadding"));
    cipher.init(keys.encryptionKey(), keys.salt());
    return cipher;
  }

  private static Mac mac(SessionKeys keys) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(keys.authenticationKey(), "HmacSHA1"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA1", e);
    }
  }

  @Override
  int encryptRtp(byte[] packet, int headerBytes, int plainBytes, int ssrc, long index) {
    rtpIv.write(ivSegment, 0, ssrc, index);
    addKeyStream(rtp, packet, headerBytes, plainBytes);
    System.arraycopy(rtpCode(packet, plainBytes, index), 0, packet, plainBytes, TAG_BYTES);
    return plainBytes + TAG_BYTES;
  }

  @Override
  int decryptRtp(byte[] packet, int headerBytes, int length, int ssrc, long index) {
    int plainBytes = length - TAG_BYTES;
    if (!isSameTag(rtpCode(packet, plainBytes, index), packet, plainBytes)) {
      return AUTHENTICATION_FAILED;
    }
    rtpIv.write(ivSegment, 0, ssrc, index);
    addKeyStream(rtp, packet, headerBytes, plainBytes);
    return plainBytes;
  }

  @Override
  int encryptRtcp(byte[] packet, int plainBytes, int ssrc, int index) {
    rtcpIv.write(ivSegment, 0, ssrc, index);
    addKeyStream(rtcp, packet, SrtcpTrailer.CLEAR_BYTES, plainBytes);
    SrtcpTrailer.write(MemorySegment.ofArray(packet), plainBytes, index);
    int coveredBytes = plainBytes + SrtcpTrailer.BYTES;
    System.arraycopy(rtcpCode(packet, coveredBytes), 0, packet, coveredBytes, TAG_BYTES);
    return coveredBytes + TAG_BYTES;
  }

  @Override
  int decryptRtcp(byte[] packet, int length, int ssrc, int index) {
    int coveredBytes = length - TAG_BYTES;
    if (!isSameTag(rtcpCode(packet, coveredBytes), packet, coveredBytes)) {
      return AUTHENTICATION_FAILED;
    }
    int plainBytes = coveredBytes - SrtcpTrailer.BYTES;
    rtcpIv.write(ivSegment, 0, ssrc, index);
    addKeyStream(rtcp, packet, SrtcpTrailer.CLEAR_BYTES, plainBytes);
    return plainBytes;
  }

  private void addKeyStream(SrtpCipherCtr cipher, byte[] packet, int from, int to) {
    try {
      cipher.setIV(iv, Cipher.ENCRYPT_MODE);
      cipher.process(packet, from, to - from);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("counter mode failed", e);
    }
  }

  private byte[] rtpCode(byte[] packet, int coveredBytes, long index) {
    rtpMac.update(packet, 0, coveredBytes);
    int rolloverCounter = (int) (index >>> SEQUENCE_BITS);
    for (int shift = 24; shift >= 0; shift -= 8) {
      rtpMac.update((byte) (rolloverCounter >>> shift));
    }
    return rtpMac.doFinal();
  }

  private byte[] rtcpCode(byte[] packet, int coveredBytes) {
    rtcpMac.update(packet, 0, coveredBytes);
    return rtcpMac.doFinal();
  }

  /** Takes the same time wherever the first difference is. */
  private static boolean isSameTag(byte[] code, byte[] packet, int tag) {
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |= code[i] ^ packet[tag + i];
    }
    return difference == 0;
  }
}
