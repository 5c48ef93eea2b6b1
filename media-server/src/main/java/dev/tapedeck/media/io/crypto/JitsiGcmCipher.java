package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.SessionKeys;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.SrtpCipherGcm;

/** AEAD_AES_128_GCM by jitsi-srtp (RFC 7714); {@link LibcryptoGcmCipher} draws the packets. */
final class JitsiGcmCipher extends JitsiSrtpCipher {
  private static final int TAG_BYTES = 16;

  private final SrtpCipherGcm rtp;
  private final SrtpCipherGcm rtcp;
  private final GcmIv rtpIv;
  private final GcmIv rtcpIv;
  private final byte[] iv = new byte[GcmIv.BYTES];
  private final MemorySegment ivSegment = MemorySegment.ofArray(iv);

  JitsiGcmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
    rtp = cipher(rtpKeys);
    rtcp = cipher(rtcpKeys);
    rtpIv = new GcmIv(rtpKeys.salt());
    rtcpIv = new GcmIv(rtcpKeys.salt());
  }

  private static SrtpCipherGcm cipher(SessionKeys keys) {
    SrtpCipherGcm cipher = new SrtpCipherGcm(Aes.createCipher("AES/GCM/NoPadding"));
    cipher.init(keys.encryptionKey(), keys.salt());
    return cipher;
  }

  @Override
  int encryptRtp(byte[] packet, int headerBytes, int plainBytes, int ssrc, long index) {
    rtpIv.write(ivSegment, 0, ssrc, index);
    try {
      rtp.setIV(iv, Cipher.ENCRYPT_MODE);
      rtp.processAAD(packet, 0, headerBytes);
      return headerBytes + rtp.process(packet, headerBytes, plainBytes - headerBytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RTP packet not encrypted", e);
    }
  }

  @Override
  int decryptRtp(byte[] packet, int headerBytes, int length, int ssrc, long index) {
    rtpIv.write(ivSegment, 0, ssrc, index);
    try {
      rtp.setIV(iv, Cipher.DECRYPT_MODE);
      rtp.processAAD(packet, 0, headerBytes);
      return headerBytes + rtp.process(packet, headerBytes, length - headerBytes);
    } catch (AEADBadTagException e) {
      return AUTHENTICATION_FAILED;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RTP packet not decrypted", e);
    }
  }

  @Override
  int encryptRtcp(byte[] packet, int plainBytes, int ssrc, int index) {
    int trailer = plainBytes + TAG_BYTES;
    SrtcpTrailer.write(MemorySegment.ofArray(packet), trailer, index);
    rtcpIv.write(ivSegment, 0, ssrc, index);
    try {
      rtcp.setIV(iv, Cipher.ENCRYPT_MODE);
      rtcp.processAAD(packet, 0, SrtcpTrailer.CLEAR_BYTES);
      rtcp.processAAD(packet, trailer, SrtcpTrailer.BYTES);
      rtcp.process(packet, SrtcpTrailer.CLEAR_BYTES, plainBytes - SrtcpTrailer.CLEAR_BYTES);
      return trailer + SrtcpTrailer.BYTES;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RTCP packet not encrypted", e);
    }
  }

  @Override
  int decryptRtcp(byte[] packet, int length, int ssrc, int index) {
    int trailer = length - SrtcpTrailer.BYTES;
    rtcpIv.write(ivSegment, 0, ssrc, index);
    try {
      rtcp.setIV(iv, Cipher.DECRYPT_MODE);
      rtcp.processAAD(packet, 0, SrtcpTrailer.CLEAR_BYTES);
      rtcp.processAAD(packet, trailer, SrtcpTrailer.BYTES);
      int restBytes = rtcp.process(packet, SrtcpTrailer.CLEAR_BYTES, trailer - SrtcpTrailer.CLEAR_BYTES);
      return SrtcpTrailer.CLEAR_BYTES + restBytes;
    } catch (AEADBadTagException e) {
      return AUTHENTICATION_FAILED;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RTCP packet not decrypted", e);
    }
  }
}
