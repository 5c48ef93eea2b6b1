package dev.tapedeck.media.core.rtcp;

/** Told by {@link RtcpReader} what a compound packet holds, in its order. SSRCs are 32 bits as they stand. */
public interface RtcpVisitor {
  /**
   * A sender report (RFC 3550 §6.4.1); its report blocks follow.
   *
   * @param ntp          64-bit NTP time of the sender's clock
   * @param rtpTimestamp the same instant in ticks of the stream
   * @param packets      sent since the start, modulo 2^32
   * @param octets       of payload sent since the start, modulo 2^32
   * @param offset       where this report begins, header included
   * @param length       its bytes, header and report blocks included
   */
  default void senderReport(
      int ssrc, long ntp, int rtpTimestamp, long packets, long octets, long offset, int length) {}

  /**
   * A report block of a sender or receiver report (RFC 3550 §6.4.1).
   *
   * @param ssrc            the stream reported on
   * @param fractionLost    256ths of the packets expected since the last report
   * @param lostPackets     since the start, -2^23..2^23-1
   * @param highestSequence extended highest sequence number, 32 bits
   * @param jitter          in ticks of the stream
   * @param lastSenderReport middle 32 bits of the NTP time of the last report seen, 0 if none
   * @param delay           since that report, in units of 1/65536 s
   */
  default void reportBlock(
      int reporterSsrc,
      int ssrc,
      int fractionLost,
      int lostPackets,
      long highestSequence,
      long jitter,
      int lastSenderReport,
      int delay) {}

  /** A stream ends (RFC 3550 §6.6); once for each of its SSRCs. */
  default void bye(int ssrc) {}

  /** A packet is missed (RFC 4585 §6.2.1); once for each sequence number. */
  default void nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {}

  /** A key frame is wanted (PLI, RFC 4585 §6.3.1). */
  default void pictureLoss(int senderSsrc, int mediaSsrc) {}

  /**
   * A key frame is wanted (FIR, RFC 5104 §4.3.1); once for each stream.
   *
   * @param commandSequence 0..255; the same number again is the same request
   */
  default void fullIntraRequest(int senderSsrc, int mediaSsrc, int commandSequence) {}

  /** The receiver's estimate (draft-alvestrand-rmcat-remb-03); the streams it is meant for follow. */
  default void maximumBitrate(int senderSsrc, long bitsPerSecond, int streams) {}

  /** One of the streams of the {@link #maximumBitrate} before. */
  default void maximumBitrateStream(int ssrc) {}

  /**
   * Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01); its packets follow.
   *
   * @param baseSequence  of the first packet
   * @param statuses      how many packets follow, 1..8192
   * @param feedbackCount 0..255, one more with each feedback
   */
  default void transportFeedback(
      int senderSsrc, int mediaSsrc, int baseSequence, int statuses, int feedbackCount) {}

  /**
   * A packet that arrived.
   *
   * @param arrivalNanos on the receiver's clock modulo 2^24 * 64 ms, in steps of 250 us
   */
  default void transportArrival(int transportSequence, long arrivalNanos) {}

  /** A packet that had not arrived when the feedback was written. */
  default void transportLoss(int transportSequence) {}
}
