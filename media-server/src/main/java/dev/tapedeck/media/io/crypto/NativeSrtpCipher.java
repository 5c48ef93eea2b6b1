package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * SRTP transforms by a native library. Native code does not check addresses, so this class does: a position outside the memory
 * or a use after {@link #close} throws instead of ending the process. Only a mistake of ours can cause either.
 */
abstract sealed class NativeSrtpCipher implements SrtpCipher
    permits LibcryptoGcmCipher, LibcryptoCmCipher, IpsecMbGcmCipher, IpsecMbCmCipher {
  private final SrtpProfile profile;
  private boolean closed;

  NativeSrtpCipher(SrtpProfile profile) {
    this.profile = profile;
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
    checkUse(memory);
    checkRange(memory, header, headerBytes);
    checkRange(memory, payload, payloadBytes);
    checkRange(memory, dst, headerBytes + payloadBytes + profile.rtpTagBytes);
    if (header != dst) {
      MemorySegment.copy(memory, header, memory, dst, headerBytes);
    }
    long base = memory.address();
    return encryptRtp(base + dst, headerBytes, base + payload, payloadBytes, ssrc, index);
  }

  @Override
  public final int unprotectRtp(
      MemorySegment memory, long offset, int headerBytes, int length, int ssrc, long index) {
    checkUse(memory);
    checkRange(memory, offset, length);
    Objects.checkFromIndexSize(headerBytes, profile.rtpTagBytes, length);
    return decryptRtp(memory.address() + offset, headerBytes, length, ssrc, index);
  }

  @Override
  public final int protectRtcp(MemorySegment memory, long offset, int length, int ssrc, int index) {
    checkUse(memory);
    checkRange(memory, offset, length + profile.rtcpTagBytes + SrtcpTrailer.BYTES);
    Objects.checkIndex(SrtcpTrailer.CLEAR_BYTES, length + 1);
    return encryptRtcp(memory.address() + offset, length, ssrc, index);
  }

  @Override
  public final int unprotectRtcp(MemorySegment memory, long offset, int length, int ssrc, int index) {
    checkUse(memory);
    checkRange(memory, offset, length);
    Objects.checkFromIndexSize(SrtcpTrailer.CLEAR_BYTES, profile.rtcpTagBytes + SrtcpTrailer.BYTES, length);
    return decryptRtcp(memory.address() + offset, length, ssrc, index);
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      free();
    }
  }

  /** @param packet address where the header already stands and the packet is to be completed */
  abstract int encryptRtp(long packet, int headerBytes, long payload, int payloadBytes, int ssrc, long index);

  abstract int decryptRtp(long packet, int headerBytes, int length, int ssrc, long index);

  abstract int encryptRtcp(long packet, int length, int ssrc, int index);

  abstract int decryptRtcp(long packet, int length, int ssrc, int index);

  abstract void free();

  private void checkUse(MemorySegment memory) {
    if (closed) {
      throw new IllegalStateException("cipher is closed");
    }
    if (!memory.isNative()) {
      throw new IllegalArgumentException("the packet is not in native memory");
    }
  }

  private static void checkRange(MemorySegment memory, long offset, long bytes) {
    Objects.checkFromIndexSize(offset, bytes, memory.byteSize());
  }
}
