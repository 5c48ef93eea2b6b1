package dev.tapedeck.media.core.srtp;

import java.lang.foreign.MemorySegment;

/**
 * Turns the SRTP and SRTCP packets of one session back into RTP and RTCP, in place: estimates the index of each packet,
 * keeps replays out, and checks tags (RFC 3711 §3.3, RFC 7714). Used by the session's worker thread. Allocates only
 * when a new stream proves itself; throws for no content.
 *
 * <p>A stream is remembered once its first packet authenticates, so forged SSRCs take no memory.
 */
public final class SrtpReceiver implements AutoCloseable {
  /** The tag does not match: another key, or bytes changed on the way. The packet's memory then holds garbage. */
  public static final int AUTHENTICATION_FAILED = SrtpCipher.AUTHENTICATION_FAILED;

  /** No SRTP or SRTCP packet of our profile, which always encrypts. */
  public static final int MALFORMED = -2;

  /** Seen before, or too old to know. */
  public static final int REPLAYED = -3;

  /** An unknown SSRC while {@code maxStreams} are known. */
  public static final int TOO_MANY_STREAMS = -4;

  private static final int ENCRYPTED_FLAG = 0x8000_0000;

  private final SrtpCipher cipher;
  private final SrtpProfile profile;
  private final SrtpStreams rtpStreams;
  private final SrtpStreams rtcpStreams;

  /**
   * @param cipher     keyed with the peer's keys; closed with this receiver
   * @param maxStreams SSRCs accepted for RTP, and again for RTCP; at least 1
   */
  public SrtpReceiver(SrtpProfile profile, SrtpCipher cipher, int maxStreams) {
    this.profile = profile;
    this.cipher = cipher;
    rtpStreams = new SrtpStreams(maxStreams);
    rtcpStreams = new SrtpStreams(maxStreams);
  }

  /**
   * @param offset first byte of the SRTP packet
   * @param length its bytes, 0 or more
   * @return bytes of the plain RTP packet at {@code offset}, or one of the negative reasons above
   */
  public int unprotectRtp(MemorySegment memory, long offset, int length) {
    int headerBytes = SrtpPacket.rtpHeaderBytes(memory, offset, length - profile.rtpTagBytes);
    if (headerBytes == SrtpPacket.NOT_RTP) {
      return MALFORMED;
    }
    int ssrc = SrtpPacket.rtpSsrc(memory, offset);
    int slot = rtpStreams.slot(ssrc);
    ReplayWindow window = rtpStreams.window(slot);
    if (window == null && rtpStreams.isFull()) {
      return TOO_MANY_STREAMS;
    }
    long highest = window == null ? -1 : window.highest();
    long index = PacketIndex.estimate(highest, SrtpPacket.sequenceNumber(memory, offset));
    // Replay is checked before decryption, so a flood of duplicates costs no AES; the window moves only
    // after the tag verifies (RFC 3711 §3.3.2), else a forged packet could push real ones out.
    if (index < 0 || (window != null && !window.isFresh(index))) {
      return REPLAYED;
    }
    int plainBytes = cipher.unprotectRtp(memory, offset, headerBytes, length, ssrc, index);
    if (plainBytes >= 0) {
      remember(rtpStreams, slot, ssrc, index);
    }
    return plainBytes;
  }

  /**
   * @param offset first byte of the SRTCP packet
   * @param length its bytes, 0 or more
   * @return bytes of the plain compound packet at {@code offset}, or one of the negative reasons above
   */
  public int unprotectRtcp(MemorySegment memory, long offset, int length) {
    int smallest = SrtpPacket.RTCP_CLEAR_BYTES + profile.rtcpTagBytes + SrtpPacket.RTCP_INDEX_BYTES;
    if (length < smallest || !SrtpPacket.isVersion2(memory, offset)) {
      return MALFORMED;
    }
    int word = SrtpPacket.rtcpIndexWord(memory, offset + length - profile.rtcpIndexFromEnd());
    if ((word & ENCRYPTED_FLAG) == 0) {
      return MALFORMED;
    }
    int ssrc = SrtpPacket.rtcpSsrc(memory, offset);
    int slot = rtcpStreams.slot(ssrc);
    ReplayWindow window = rtcpStreams.window(slot);
    if (window == null && rtcpStreams.isFull()) {
      return TOO_MANY_STREAMS;
    }
    int index = word & ~ENCRYPTED_FLAG;
    if (window != null && !window.isFresh(index)) {
      return REPLAYED;
    }
    int plainBytes = cipher.unprotectRtcp(memory, offset, length, ssrc, index);
    if (plainBytes >= 0) {
      remember(rtcpStreams, slot, ssrc, index);
    }
    return plainBytes;
  }

  private static void remember(SrtpStreams streams, int slot, int ssrc, long index) {
    ReplayWindow window = streams.window(slot);
    if (window == null) {
      window = streams.add(slot, ssrc);
    }
    window.add(index);
  }

  /** SSRCs that have sent an authentic RTP packet. */
  public int rtpStreamCount() {
    return rtpStreams.count();
  }

  @Override
  public void close() {
    cipher.close();
  }
}
