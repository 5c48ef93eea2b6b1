package dev.tapedeck.media.core.session;

/**
 * In which order the packets of several streams leave for one receiver, so that few messages hold them: a message takes
 * packets of one size and a shorter one at its end (UDP GSO). Voices of ten speakers come in any order and sizes, and
 * the order between streams means nothing; within a stream it stays.
 *
 * <p>Sizes are those of payloads: what is written before and behind them differs little between streams to one receiver.
 * A wrong guess costs a message, nothing else.
 */
final class SendOrder {
  private static final int NONE = -1;

  private EgressQueue queue;

  /** Packets that have not had their turn, a bit for each. */
  private long waiting;

  /** Payload of the packets of the message now being filled, {@link #NONE} where it takes no more. */
  private int messageBytes;

  void begin(EgressQueue queue) {
    this.queue = queue;
    waiting = queue.size() == Long.SIZE ? -1 : (1L << queue.size()) - 1;
    messageBytes = NONE;
  }

  /** Index of the next packet; as often as there are packets. */
  int next() {
    int longest = NONE;
    int longestShorter = NONE;
    for (long left = waiting; left != 0; left &= left - 1) {
      int index = Long.numberOfTrailingZeros(left);
      if (!isFirstOfItsStream(index)) {
        continue;
      }
      int bytes = queue.payloadBytes(index);
      if (bytes == messageBytes) {
        return take(index, bytes);
      }
      if (bytes < messageBytes) {
        longestShorter = longer(longestShorter, index);
      }
      longest = longer(longest, index);
    }
    return longestShorter != NONE
        ? take(longestShorter, NONE) // ends the message
        : take(longest, queue.payloadBytes(longest));
  }

  private boolean isFirstOfItsStream(int index) {
    int previous = queue.previousOfStream(index);
    return previous == EgressQueue.NONE || (waiting & 1L << previous) == 0;
  }

  private int longer(int one, int other) {
    return one == NONE || queue.payloadBytes(other) > queue.payloadBytes(one) ? other : one;
  }

  private int take(int index, int messageBytesAfterwards) {
    waiting &= ~(1L << index);
    messageBytes = messageBytesAfterwards;
    return index;
  }
}
