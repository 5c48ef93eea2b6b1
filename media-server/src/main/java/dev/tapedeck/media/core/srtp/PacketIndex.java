package dev.tapedeck.media.core.srtp;

/** The 48-bit index of an SRTP packet: rollover counter and sequence number (RFC 3711 §3.3.1). */
final class PacketIndex {
  private static final int SEQUENCE_BITS = 16;
  private static final int HALF_RANGE = 1 << 15;
  private static final long END = 1L << 48;

  private PacketIndex() {}

  /**
   * The index nearest to the highest one known that has this sequence number (RFC 3711 appendix A). A stream starts
   * with rollover counter 0, and stays there for a number that would lie before its start.
   *
   * @param highest  highest index known of the stream, -1 for none
   * @param sequence 16-bit sequence number
   * @return the index, or -1 if it would not fit 48 bits: the key is used up
   */
  static long estimate(long highest, int sequence) {
    if (highest < 0) {
      return sequence;
    }
    long rollover = highest >>> SEQUENCE_BITS;
    int difference = sequence - (int) (highest & 0xFFFF);
    if (difference > HALF_RANGE && rollover > 0) {
      rollover--;
    } else if (difference < -HALF_RANGE) {
      rollover++;
    }
    long index = rollover << SEQUENCE_BITS | sequence;
    return index < END ? index : -1;
  }
}
