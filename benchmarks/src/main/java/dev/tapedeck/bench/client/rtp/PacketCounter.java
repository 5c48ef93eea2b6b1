package dev.tapedeck.bench.client.rtp;

/** Counts the packets of one SSRC by their sequence numbers, which SRTP leaves in clear. */
final class PacketCounter {
  private long firstSequence = -1;
  private long highestSequence;
  private long received;
  private long bytes;

  void onPacket(int sequenceNumber, int packetBytes) {
    if (firstSequence < 0) {
      firstSequence = sequenceNumber;
      highestSequence = sequenceNumber;
    } else {
      highestSequence = Math.max(highestSequence,
          highestSequence + Ints.distance((int) highestSequence & 0xffff, sequenceNumber));
    }
    received++;
    bytes += packetBytes;
  }

  long received() {
    return received;
  }

  long bytes() {
    return bytes;
  }

  /** Expected minus received; duplicates would hide loss, and the server sends none here because nothing asks. */
  long lost() {
    return firstSequence < 0 ? 0 : Math.max(0, highestSequence - firstSequence + 1 - received);
  }
}
