package dev.tapedeck.media.io.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jitsi.srtp.crypto.Aes;

/** SRTP transforms by jitsi-srtp, which works on arrays: packets go through a scratch array of this instance. */
abstract sealed class JitsiSrtpCipher implements SrtpCipher permits JitsiGcmCipher, JitsiCmCipher {
  private static final int USUAL_PACKET_BYTES = 2048;

  static {
    // Else the library times the providers it finds and takes the winner of that moment.
    Aes.setFactoryClassName("org.jitsi.srtp.crypto.Aes$SunJCECipherFactory");
  }

  private byte[] scratch = new byte[USUAL_PACKET_BYTES];

  static SrtpCipher create(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> new JitsiGcmCipher(rtp, rtcp);
      case AES128_CM_HMAC_SHA1_80 -> new JitsiCmCipher(rtp, rtcp);
    };
  }

  @Override
  public final int protectRtp(
      MemorySegment memory,
      long header,
      int headerBytes,
      long payload,
      int payloadBytes,
      long dst,
      int ssrc,
      long index) {
    int plainBytes = headerBytes + payloadBytes;
    makeRoom(plainBytes);
    MemorySegment.copy(memory, JAVA_BYTE, header, scratch, 0, headerBytes);
    MemorySegment.copy(memory, JAVA_BYTE, payload, scratch, headerBytes, payloadBytes);
    int bytes = encryptRtp(scratch, headerBytes, plainBytes, ssrc, index);
    MemorySegment.copy(scratch, 0, memory, JAVA_BYTE, dst, bytes);
    return bytes;
  }

  @Override
  public final int unprotectRtp(
      MemorySegment memory, long offset, int headerBytes, int length, int ssrc, long index) {
    makeRoom(length);
    MemorySegment.copy(memory, JAVA_BYTE, offset, scratch, 0, length);
    int plainBytes = decryptRtp(scratch, headerBytes, length, ssrc, index);
    return copyBack(plainBytes, memory, offset);
  }

  @Override
  public final int protectRtcp(MemorySegment memory, long offset, int length, int ssrc, int index) {
    makeRoom(length);
    MemorySegment.copy(memory, JAVA_BYTE, offset, scratch, 0, length);
    int bytes = encryptRtcp(scratch, length, ssrc, index);
    MemorySegment.copy(scratch, 0, memory, JAVA_BYTE, offset, bytes);
    return bytes;
  }

  @Override
  public final int unprotectRtcp(MemorySegment memory, long offset, int length, int ssrc, int index) {
    makeRoom(length);
    MemorySegment.copy(memory, JAVA_BYTE, offset, scratch, 0, length);
    int plainBytes = decryptRtcp(scratch, length, ssrc, index);
    return copyBack(plainBytes, memory, offset);
  }

  @Override
  public final void close() {
    Arrays.fill(scratch, (byte) 0);
  }

  /** Completes in place the plain packet of {@code plainBytes}; there is room behind it for tag and trailer. */
  abstract int encryptRtp(byte[] packet, int headerBytes, int plainBytes, int ssrc, long index);

  abstract int decryptRtp(byte[] packet, int headerBytes, int length, int ssrc, long index);

  abstract int encryptRtcp(byte[] packet, int plainBytes, int ssrc, int index);

  abstract int decryptRtcp(byte[] packet, int length, int ssrc, int index);

  private int copyBack(int plainBytes, MemorySegment memory, long offset) {
    if (plainBytes >= 0) {
      MemorySegment.copy(scratch, 0, memory, JAVA_BYTE, offset, plainBytes);
    }
    return plainBytes;
  }

  private void makeRoom(int bytes) {
    int longest = bytes + SrtcpTrailer.BYTES + SrtpProfile.AEAD_AES_128_GCM.rtpTagBytes;
    if (scratch.length < longest) {
      scratch = new byte[longest];
    }
  }
}
