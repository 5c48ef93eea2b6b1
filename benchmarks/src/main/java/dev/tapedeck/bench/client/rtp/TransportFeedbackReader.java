package dev.tapedeck.bench.client.rtp;

/** Counts what the server's transport-wide feedback says of our packets (draft-holmer-rmcat-transport-wide-cc-01). */
final class TransportFeedbackReader {
  private static final int HEADER_BYTES = 20;

  private long feedbackPackets;
  private long malformedPackets;
  private long acknowledged;
  private long notReceived;

  /** @param end exclusive end of the feedback packet that starts at {@code offset} */
  void read(byte[] data, int offset, int end) {
    if (end - offset < HEADER_BYTES) {
      malformedPackets++;
      return;
    }
    int statusCount = Ints.u16(data, offset + 14);
    int position = offset + HEADER_BYTES;
    int seen = 0;
    int received = 0;
    int deltaBytes = 0;
    while (seen < statusCount) {
      if (position + 2 > end) {
        malformedPackets++;
        return;
      }
      int chunk = Ints.u16(data, position);
      position += 2;
      int symbols = symbolsIn(chunk);
      for (int i = 0; i < symbols && seen < statusCount; i++, seen++) {
        int symbol = symbolAt(chunk, i);
        if (symbol == 1 || symbol == 2) {
          received++;
          deltaBytes += symbol;
        }
      }
    }
    if (position + deltaBytes > end) {
      malformedPackets++;
      return;
    }
    feedbackPackets++;
    acknowledged += received;
    notReceived += statusCount - received;
  }

  private static int symbolsIn(int chunk) {
    if ((chunk & 0x8000) == 0) {
      return chunk & 0x1fff;
    }
    return (chunk & 0x4000) == 0 ? 14 : 7;
  }

  private static int symbolAt(int chunk, int index) {
    if ((chunk & 0x8000) == 0) {
      return chunk >> 13 & 3;
    }
    return (chunk & 0x4000) == 0 ? chunk >> 13 - index & 1 : chunk >> 2 * (6 - index) & 3;
  }

  long feedbackPackets() {
    return feedbackPackets;
  }

  long malformedPackets() {
    return malformedPackets;
  }

  long acknowledged() {
    return acknowledged;
  }

  long notReceived() {
    return notReceived;
  }
}
