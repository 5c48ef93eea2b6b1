package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.sctp.SctpEvent;

/** What a session tells the room it belongs to. Called by the worker thread. */
public interface SessionHandler {
  /** DTLS is complete; media may flow both ways. */
  void connected(long nowNanos);

  /**
   * One RTP packet, decrypted and not seen before.
   *
   * @param arrivalNanos when it reached this machine; everything that measures the network goes by it
   * @param slot         whoever keeps the packet beyond this call retains it
   */
  void rtp(long nowNanos, long arrivalNanos, int slot, long offset, int length);

  /** A packet with this SSRC failed its authentication: damaged on the way, or forged. */
  default void unauthentic(int ssrc) {}

  /** One compound RTCP packet, decrypted. */
  void rtcp(long nowNanos, long arrivalNanos, long offset, int length);

  /** Something about the data channels, if they were agreed on; {@link PeerSession#data} answers it. */
  default void data(long nowNanos, SctpEvent event) {}

  /** The session is about to end; what is sent now is the last it sends. */
  default void closing(long nowNanos, CloseReason reason) {}

  /** The session has ended; nothing can be sent any more. Called once. */
  void closed(long nowNanos, CloseReason reason);
}
