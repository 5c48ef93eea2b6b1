package dev.tapedeck.media.core.room;

/**
 * Keeps one receiver's requests for retransmission from flooding its own link: the same packet not twice within a
 * moment, and all together within a budget of bytes. Owned by the worker thread.
 */
final class RetransmissionLimit {
  /** The same packet may be asked for again after this time; a round trip is rarely shorter across a network. */
  private static final long REPEAT_NANOS = 20_000_000L;

  static final long MAX_BYTES_PER_SECOND = 250_000;

  /** What may be saved up: a second's worth. */
  private static final long FULL_AFTER_NANOS = 1_000_000_000L;
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
    budgetBytes = Math.min(budgetBytes, this.bytesPerSecond);
  }

  private void refill(long nowNanos) {
    if (refilledNanos == Long.MIN_VALUE) {
      refilledNanos = nowNanos;
    }
    long passedNanos = Math.min(nowNanos - refilledNanos, FULL_AFTER_NANOS); // no product below overflows
    long earned = passedNanos * bytesPerSecond / 1_000_000_000L;
    if (earned > 0) {
      budgetBytes = Math.min(bytesPerSecond, budgetBytes + earned);
      refilledNanos = nowNanos;
    }
  }
}
