package dev.tapedeck.media.core.room;

/**
 * What was written into the last packets of a stream at the moment they left: transport-wide sequence number and send
 * time. A receiver without RTX gets a packet again byte for byte, these included (docs/architecture.md). Owned by the
 * worker thread.
 */
final class SentHeaders {
  /** Of a video; no more than SRTP lets through at the receiver. */
  static final int OF_VIDEO = 1024;

  /** Of a voice, five seconds of packets of 20 ms. */
  static final int OF_AUDIO = 256;

  private static final int ABS_SEND_TIME_BITS = 24;
  private static final int TRANSPORT_BITS = 16;
  private static final long KNOWN = 1L << 63;

  /** Known 1 (7 unused), sequence number 16, transport-wide number 16, send time 24. */
  private final long[] sent;

  /** @param remembered packets, a power of two */
  SentHeaders(int remembered) {
    sent = new long[remembered];
  }

  void note(int sequenceNumber, int transportSequence, int absSendTime) {
    sent[sequenceNumber & sent.length - 1] = KNOWN
        | (long) sequenceNumber << TRANSPORT_BITS + ABS_SEND_TIME_BITS
        | (long) transportSequence << ABS_SEND_TIME_BITS
        | absSendTime;
  }

  boolean has(int sequenceNumber) {
    long packet = sent[sequenceNumber & sent.length - 1];
    return packet < 0 && (packet >>> TRANSPORT_BITS + ABS_SEND_TIME_BITS & 0xFFFF) == sequenceNumber;
  }

  /** Only if {@link #has}. */
  int transportSequence(int sequenceNumber) {
    return (int) (sent[sequenceNumber & sent.length - 1] >>> ABS_SEND_TIME_BITS) & 0xFFFF;
  }

  /** In the 24 bits of the extension; only if {@link #has}. */
  int absSendTime(int sequenceNumber) {
    return (int) sent[sequenceNumber & sent.length - 1] & 0xFF_FFFF;
  }
}
