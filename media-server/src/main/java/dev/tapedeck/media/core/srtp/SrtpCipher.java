package dev.tapedeck.media.core.srtp;

import java.lang.foreign.MemorySegment;

/**
 * The transforms of one direction of one session, keyed with its derived session keys: it encrypts, decrypts and checks
 * tags, and knows nothing of replay windows or rollover counters. One instance per direction, used by one thread,
 * allocates nothing per packet (the portable back end excepted), never throws for any packet content.
 *
 * <p>Source and destination are offsets into the same memory; they may be equal, otherwise they must not overlap.
 */
public interface SrtpCipher extends AutoCloseable {
  /** Returned by the unprotect methods when the tag does not match; the destination then holds garbage. */
  int AUTHENTICATION_FAILED = -1;

  /**
   * Writes header and encrypted payload with its tag to {@code dst}. The header is taken from {@code header}, the
   * payload from {@code payload}, so that one shared plaintext serves every receiver. The payload may change once this
   * has returned; the tag may still be missing then, see {@link SrtpCipherFactory#takeOver}.
   *
   * @param index 48-bit packet index, rollover counter and sequence number (RFC 3711 §3.3.1)
   * @return bytes written: {@code headerBytes + payloadBytes + rtpTagBytes}
   */
  int protectRtp(
      MemorySegment memory,
      long header,
      int headerBytes,
      long payload,
      int payloadBytes,
      long dst,
      int ssrc,
      long index);

  /**
   * Decrypts in place an SRTP packet whose header takes {@code headerBytes}.
   *
   * @param length bytes of the packet with its tag; the caller has checked that header and tag fit
   * @return bytes of the plain packet, or {@link #AUTHENTICATION_FAILED}
   */
  int unprotectRtp(MemorySegment memory, long offset, int headerBytes, int length, int ssrc, long index);

  /**
   * Encrypts in place a compound RTCP packet and appends index and tag (RFC 3711 §3.4, RFC 7714 §9).
   *
   * @param index 31-bit SRTCP index
   * @return bytes of the SRTCP packet
   */
  int protectRtcp(MemorySegment memory, long offset, int length, int ssrc, int index);

  /**
   * Decrypts in place an SRTCP packet; the index is read from its trailer by the caller.
   *
   * @return bytes of the plain compound packet, or {@link #AUTHENTICATION_FAILED}
   */
  int unprotectRtcp(MemorySegment memory, long offset, int length, int ssrc, int index);

  /** Frees native state; no method may be called afterwards. */
  @Override
  void close();
}
