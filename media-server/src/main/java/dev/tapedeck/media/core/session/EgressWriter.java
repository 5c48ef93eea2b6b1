package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.srtp.SrtpSender;
import java.lang.foreign.MemorySegment;

/** Turns a packet as its publisher sent it into the packet one receiver gets. */
public interface EgressWriter {
  /**
   * Writes and protects one packet.
   *
   * @param absSendTime    when it leaves, as that extension has it
   * @param offset         the publisher's packet, in plain text; what is changed in it is put back before return
   * @param sequenceNumber number in the receiver's stream
   * @param epoch          which mapping of timestamps was in force when the packet was queued
   * @param transportSequence number for the transport-wide extension
   * @param dst            where the SRTP packet goes, room for 1,500 bytes
   * @return bytes written, or 0 if the packet cannot be sent
   */
  int write(
      int absSendTime,
      MemorySegment memory,
      long offset,
      int headerBytes,
      int payloadBytes,
      int sequenceNumber,
      int epoch,
      int transportSequence,
      long dst,
      SrtpSender srtp);

  /** Whether the packet of this epoch goes out under a transport-wide number it had before, not under a new one. */
  default boolean isRepeat(int epoch) {
    return false;
  }
}
