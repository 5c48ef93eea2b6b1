package dev.tapedeck.media.core.room;

/**
 * Keeps one receiver's requests for retransmission from flooding its own link: the same packet not twice within a
 * moment, and all together within a budget of bytes. Owned by the worker thread.
 */
final class RetransmissionLimit {
  /** The same packet may be asked for again after this time; a round trip is rarely shorter across a network. */
  private static final long REPEAT_NANOS = 20_000_000L;

  static final long MAX_BYTES_PER_SECOND = 250_000;

  /** So much may be saved up however little there is for a second, or no whole packet would ever fit: four of them. */
  static final long LEAST_SAVED_BYTES = 6_000;

  /** Time in which the least rate saves up all it may. */
  private static final long FULL_AFTER_NANOS = 600_000_000_000L;
  private static final int REMEMBERED = 64;

  private final int[] sequenceNumbers = new int[REMEMBERED];
  private final long[] sentNanos = new long[REMEMBERED];
  private long bytesPerSecond = MAX_BYTES_PER_SECOND;
  private long budgetBytes = MAX_BYTES_PER_SECOND;
  private long refilledNanos = Long.MIN_VALUE;

  /** Whether this packet may be sent again now; if so it counts against the budget. */
  boolean allows(long nowNanos, int sequenceNumber, int bytes) {
    int place = sequenceNumber & REMEMBERED - 1;
    boolean sentBefore = sequenceNumbers[place] == sequenceNumber && sentNanos[place] != 0;
    if (sentBefore && nowNanos - sentNanos[place] < REPEAT_NANOS) {
      return false;
    }
    refill(nowNanos);
    if (budgetBytes < bytes) {
      return false;
    }
    budgetBytes -= bytes;
    sequenceNumbers[place] = sequenceNumber;
    sentNanos[place] = nowNanos;
    return true;
  }

  /** From now on no more than this: on a path that is full each repetition pushes out something new. */
  void limit(long bytesPerSecond) {
    this.bytesPerSecond = Math.min(bytesPerSecond, MAX_BYTES_PER_SECOND);
    budgetBytes = Math.min(budgetBytes, savedBytes());
  }

  /** What may be saved up: a second's worth, and a few packets at least. */
  private long savedBytes() {
    return Math.max(bytesPerSecond, LEAST_SAVED_BYTES);
  }

  private void refill(long nowNanos) {
    if (refilledNanos == Long.MIN_VALUE) {
      refilledNanos = nowNanos;
    }
    long passedNanos = Math.min(nowNanos - refilledNanos, FULL_AFTER_NANOS); // no product below overflows
    long earned = passedNanos * bytesPerSecond / 1_000_000_000L;
    if (earned > 0) {
      budgetBytes = Math.min(savedBytes(), budgetBytes + earned);
      refilledNanos = nowNanos;
    }
  }
}
