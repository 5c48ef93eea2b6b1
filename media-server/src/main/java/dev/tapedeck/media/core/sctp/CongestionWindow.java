package dev.tapedeck.media.core.sctp;

/** How many bytes of user data may be in flight as far as the network goes (RFC 9260 §7.2). One path only. */
final class CongestionWindow {
  /** RFC 9260 §7.2.1. */
  private static final int INITIAL_BYTES = 4404;

  /** Largest user data of a chunk: PMDCS of the RFC. */
  private final int chunkBytes;

  private long windowBytes;
  private long slowStartThresholdBytes;
  private long partialBytesAcked;
  private long recoveryExitTsn;
  private boolean isInFastRecovery;
  private long lastSentNanos = Long.MIN_VALUE;

  CongestionWindow(int chunkBytes, long peerWindowBytes) {
    this.chunkBytes = chunkBytes;
    windowBytes = Math.min(4L * chunkBytes, Math.max(2L * chunkBytes, INITIAL_BYTES));
    slowStartThresholdBytes = peerWindowBytes;
  }

  long bytes() {
    return windowBytes;
  }

  boolean isInFastRecovery() {
    return isInFastRecovery;
  }

  /** Bytes may be sent after a pause: what was learnt about the path ages (§7.2.1, last item). */
  void beforeSending(long nowNanos, long rtoNanos) {
    if (lastSentNanos != Long.MIN_VALUE) {
      long pauses = Math.min((nowNanos - lastSentNanos) / rtoNanos, Long.SIZE);
      for (; pauses > 0 && windowBytes > 4L * chunkBytes; pauses--) {
        windowBytes = Math.max(windowBytes / 2, 4L * chunkBytes);
      }
    }
    lastSentNanos = nowNanos;
  }

  /**
   * A SACK acknowledged something.
   *
   * @param ackedBytes   newly acknowledged, by gap blocks too
   * @param flightBytes  in flight before the SACK
   * @param isAdvanced   whether the cumulative TSN moved
   * @param isAllAcked   whether nothing is outstanding any more
   */
  void onAcked(long ackedBytes, long flightBytes, boolean isAdvanced, boolean isAllAcked) {
    if (windowBytes <= slowStartThresholdBytes) {
      // Only a window in full use grows (§7.2.1); the last chunk of a full window may be a short one.
      if (isAdvanced && !isInFastRecovery && flightBytes + chunkBytes > windowBytes) {
        windowBytes += Math.min(ackedBytes, chunkBytes);
      }
      return;
    }
    avoidCongestion(ackedBytes, flightBytes, isAdvanced);
    if (isAllAcked) {
      partialBytesAcked = 0;
    }
  }

  /** §7.2.2: a packet more for each window acknowledged. */
  private void avoidCongestion(long ackedBytes, long flightBytes, boolean isAdvanced) {
    if (isAdvanced) {
      partialBytesAcked += ackedBytes;
    }
    boolean isFull = flightBytes + chunkBytes > windowBytes;
    if (partialBytesAcked >= windowBytes && isFull) {
      partialBytesAcked -= windowBytes;
      windowBytes += chunkBytes;
    } else if (partialBytesAcked > windowBytes) {
      partialBytesAcked = windowBytes;
    }
  }

  /** Chunks were found lost by SACKs (§7.2.4); does nothing while in fast recovery. */
  void onLoss(long highestSentTsn) {
    if (!isInFastRecovery) {
      isInFastRecovery = true;
      recoveryExitTsn = highestSentTsn;
      windowBytes = halved();
      slowStartThresholdBytes = windowBytes;
      partialBytesAcked = 0;
    }
  }

  void onCumulativeAck(long tsn) {
    if (isInFastRecovery && tsn >= recoveryExitTsn) {
      isInFastRecovery = false;
    }
  }

  /** T3-rtx ran out (§7.2.3). */
  void onTimeout() {
    slowStartThresholdBytes = halved();
    windowBytes = chunkBytes;
    partialBytesAcked = 0;
    isInFastRecovery = false;
  }

  private long halved() {
    return Math.max(windowBytes / 2, 4L * chunkBytes);
  }
}
