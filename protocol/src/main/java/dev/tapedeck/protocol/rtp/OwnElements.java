package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The extension elements that a server writes itself (mid, transport-wide sequence number, abs-send-time) as they stand
 * in every header to one receiver, so that a packet costs a few words and two numbers. Immutable.
 */
final class OwnElements {
  static final OwnElements NOTHING = of(false, 0, new byte[0], 0, 0);

  /** One behind the other, padded with zeros to words. */
  private final int[] words;

  private final int bytes;

  /** Where the numbers stand from the first element on, -1 where there is none. */
  private final int transportSequenceAt;
  private final int absSendTimeAt;

  private OwnElements(int[] words, int bytes, int transportSequenceAt, int absSendTimeAt) {
    this.words = words;
    this.bytes = bytes;
    this.transportSequenceAt = transportSequenceAt;
    this.absSendTimeAt = absSendTimeAt;
  }

  /** @param isOneByteForm of RFC 8285 §4.2, which must hold the elements; ids of 0 leave theirs out */
  static OwnElements of(boolean isOneByteForm, int midId, byte[] mid, int transportCcId, int absSendTimeId) {
    ByteBuffer elements = ByteBuffer.allocate(3 * 2 + mid.length + 2 + 3 + 3);
    int transportSequenceAt = -1;
    int absSendTimeAt = -1;
    if (midId != 0) {
      putHeader(elements, isOneByteForm, midId, mid.length);
      elements.put(mid);
    }
    if (transportCcId != 0) {
      putHeader(elements, isOneByteForm, transportCcId, 2);
      transportSequenceAt = elements.position();
      elements.position(transportSequenceAt + 2);
    }
    if (absSendTimeId != 0) {
      putHeader(elements, isOneByteForm, absSendTimeId, 3);
      absSendTimeAt = elements.position();
      elements.position(absSendTimeAt + 3);
    }
    int bytes = elements.position();
    int[] words = new int[bytes + 3 >> 2];
    elements.rewind().asIntBuffer().get(words);
    return new OwnElements(words, bytes, transportSequenceAt, absSendTimeAt);
  }

  private static void putHeader(ByteBuffer elements, boolean isOneByteForm, int id, int length) {
    if (isOneByteForm) {
      elements.put((byte) (id << 4 | length - 1));
    } else {
      elements.put((byte) id).put((byte) length);
    }
  }

  /** Bytes of the elements without padding. */
  int bytes() {
    return bytes;
  }

  /** Writes the elements, and zeros behind them up to a whole word. */
  void write(MemorySegment target, long offset, int transportSequence, int absSendTime) {
    for (int i = 0; i < words.length; i++) {
      Bytes.put32(target, offset + 4L * i, words[i]);
    }
    if (transportSequenceAt >= 0) {
      Bytes.put16(target, offset + transportSequenceAt, transportSequence);
    }
    if (absSendTimeAt >= 0) {
      Bytes.put24(target, offset + absSendTimeAt, absSendTime);
    }
  }
}
