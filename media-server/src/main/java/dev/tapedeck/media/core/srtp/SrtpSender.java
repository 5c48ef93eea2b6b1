package dev.tapedeck.media.core.srtp;

import java.lang.foreign.MemorySegment;

/**
 * Protects the RTP and RTCP packets one session sends (RFC 3711 §3.3 and §3.4, RFC 7714). Used by the session's worker
 * thread. Allocates only for a new SSRC.
 *
 * <p>No index of a stream is ever encrypted twice. With GCM a second packet under the same nonce gives away the
 * authentication key (RFC 7714 §8.4), with AES-CM the XOR of both plaintexts (RFC 3711 §9.1); so a retransmission goes
 * by RTX on its own SSRC (RFC 4588), or is the very same packet.
 */
public final class SrtpSender implements AutoCloseable {
  /** This SSRC has sent this sequence number already, or it is too old to know. Nothing was written. */
  public static final int INDEX_USED = -3;

  /** An unknown SSRC while {@code maxStreams} are known. Nothing was written. */
  public static final int TOO_MANY_STREAMS = -4;

  /** Every index of this SSRC has been used; the session needs a new key. Nothing was written. */
  public static final int KEY_USED_UP = -5;

  private static final long LAST_RTCP_INDEX = 0x7FFF_FFFFL;

  private final SrtpCipher cipher;
  private final SrtpStreams rtpStreams;
  private final SrtpStreams rtcpStreams;

  /**
   * @param cipher     keyed with our keys; closed with this sender
   * @param maxStreams SSRCs accepted for RTP, and again for RTCP; at least 1
   */
  public SrtpSender(SrtpCipher cipher, int maxStreams) {
    this.cipher = cipher;
    rtpStreams = new SrtpStreams(maxStreams);
    rtcpStreams = new SrtpStreams(maxStreams);
  }

  /**
   * Puts this sender on a worker, whose thread uses it from now on: RTP packets are complete after {@link
   * SrtpCipherFactory#completePackets}.
   */
  public void moveIn(SrtpCipherFactory workersCiphers) {
    workersCiphers.takeOver(cipher);
  }

  /** Takes it off the worker it was put on. */
  public void moveOut(SrtpCipherFactory workersCiphers) {
    workersCiphers.letGo(cipher);
  }

  /**
   * Writes one SRTP packet. SSRC and sequence number are read from the header; the rollover counter follows the
   * sequence numbers, which may arrive out of order by up to {@value ReplayWindow#WIDTH}.
   *
   * @param header       offset of the header, with its contributing sources and extension
   * @param headerBytes  12 or more
   * @param payload      offset of the plain payload
   * @param dst          where the packet goes; room for header, payload and {@link SrtpProfile#rtpTagBytes}
   * @return bytes written, or one of the negative reasons above
   */
  public int protectRtp(
      MemorySegment memory, long header, int headerBytes, long payload, int payloadBytes, long dst) {
    int ssrc = SrtpPacket.rtpSsrc(memory, header);
    int slot = rtpStreams.slot(ssrc);
    ReplayWindow sent = rtpStreams.window(slot);
    if (sent == null) {
      if (rtpStreams.isFull()) {
        return TOO_MANY_STREAMS;
      }
      sent = rtpStreams.add(slot, ssrc);
    }
    long index = PacketIndex.estimate(sent.highest(), SrtpPacket.sequenceNumber(memory, header));
    if (index < 0) {
      return KEY_USED_UP;
    }
    if (!sent.isFresh(index)) {
      return INDEX_USED;
    }
    sent.add(index);
    return cipher.protectRtp(memory, header, headerBytes, payload, payloadBytes, dst, ssrc, index);
  }

  /**
   * Writes an SRTP packet once more, for a receiver that takes no RTX. The caller vouches that header and payload are
   * those it was written from before, byte for byte: the same nonce over the same bytes gives the same packet and
   * reveals nothing, over any others it breaks the key.
   *
   * @return bytes written, or {@link #INDEX_USED} if this packet was never written, or too long ago to know
   */
  public int repeatRtp(
      MemorySegment memory, long header, int headerBytes, long payload, int payloadBytes, long dst) {
    int ssrc = SrtpPacket.rtpSsrc(memory, header);
    ReplayWindow sent = rtpStreams.window(rtpStreams.slot(ssrc));
    long index = sent == null ? -1 : PacketIndex.estimate(sent.highest(), SrtpPacket.sequenceNumber(memory, header));
    if (index < 0 || !sent.hasSeen(index)) {
      return INDEX_USED;
    }
    return cipher.protectRtp(memory, header, headerBytes, payload, payloadBytes, dst, ssrc, index);
  }

  /**
   * Encrypts a compound RTCP packet in place and appends E flag, index and tag.
   *
   * @param length bytes of the plain packet, 8 or more; behind it must be room for 4 bytes and
   *     {@link SrtpProfile#rtcpTagBytes}
   * @return bytes of the SRTCP packet, or one of the negative reasons above
   */
  public int protectRtcp(MemorySegment memory, long offset, int length) {
    int ssrc = SrtpPacket.rtcpSsrc(memory, offset);
    int slot = rtcpStreams.slot(ssrc);
    ReplayWindow sent = rtcpStreams.window(slot);
    if (sent == null) {
      if (rtcpStreams.isFull()) {
        return TOO_MANY_STREAMS;
      }
      sent = rtcpStreams.add(slot, ssrc);
    }
    long index = sent.highest() + 1;
    if (index > LAST_RTCP_INDEX) {
      return KEY_USED_UP;
    }
    sent.add(index);
    return cipher.protectRtcp(memory, offset, length, ssrc, (int) index);
  }

  @Override
  public void close() {
    cipher.close();
  }
}
