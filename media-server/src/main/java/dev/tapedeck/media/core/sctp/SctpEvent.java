package dev.tapedeck.media.core.sctp;

/** What an association tells its owner. */
public sealed interface SctpEvent {
  /** The association is established: what was queued is on its way, and negotiated channels are open. Told once. */
  record Up() implements SctpEvent {}

  /**
   * The peer lost its state and set the association up anew (RFC 9260 §5.2.4, action A). Messages in flight are lost,
   * channels opened by DCEP were told as closed before, negotiated ones go on.
   */
  record Restarted() implements SctpEvent {}

  /**
   * Messages may flow both ways: the peer has acknowledged our OPEN, has sent its own, or the channel was negotiated
   * outside of SCTP and the association is up.
   */
  record ChannelOpened(int channelId, ChannelParameters parameters, boolean isByPeer) implements SctpEvent {}

  /** Both directions are reset, by whomever; the id may be used again. */
  record ChannelClosed(int channelId) implements SctpEvent {}

  /**
   * One whole message.
   *
   * @param isBinary false for a string, which is UTF-8 if the peer keeps to RFC 8831 §8; this was not checked
   * @param data     0 to {@link SctpLimits#maxMessageBytes}; belongs to the receiver of this event
   */
  record Message(int channelId, boolean isBinary, byte[] data) implements SctpEvent {}

  /** What this channel has queued and in flight fell to {@link SctpLimits#bufferedLowBytes} or below. */
  record BufferedLow(int channelId) implements SctpEvent {}

  /**
   * The association is over; nothing follows. Channels are not told one by one.
   *
   * @param cause in words for a log, perhaps the peer's own; may be empty
   */
  record Closed(SctpCloseReason reason, String cause) implements SctpEvent {}
}
