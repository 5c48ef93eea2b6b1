package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.util.Locale;

/** What the journal may take of its disk. */
final class DiskBudget {
  /** With less, an hour of one video would fill it; an operator who knows better says so. */
  static final long LEAST_BYTES = 2L << 30;

  static final double DEFAULT_SHARE = 0.8;

  private static final int SEGMENTS_IN_BUDGET = 16;
  private static final long LEAST_SEGMENT_BYTES = 64 << 10;

  private DiskBudget() {}

  /**
   * The configured budget, else {@link #DEFAULT_SHARE} of what is free. What an earlier process left in the spool counts
   * as free, or a node with a full spool could not start to empty it.
   *
   * @param configuredBytes 0 if the operator named none
   * @throws IOException if none is configured and less than {@link #LEAST_BYTES} is free
   */
  static long bytes(SpoolDisk disk, long configuredBytes) throws IOException {
    if (configuredBytes > 0) {
      return configuredBytes;
    }
    long freeBytes = disk.usableBytes() + heldBytes(disk);
    if (freeBytes < LEAST_BYTES) {
      throw new IOException(String.format(Locale.ROOT,
          "the spool's disk has %d MiB for it, %d MiB are the least; free some, choose another folder with data, or say"
              + " with record.disk-budget what it may take",
          freeBytes >> 20, LEAST_BYTES >> 20));
    }
    return (long) (freeBytes * DEFAULT_SHARE);
  }

  /**
   * Size of segments that a budget can be kept with: one is deleted as a whole, and not while it is written, so few large
   * ones would leave a small spool full for ever.
   */
  static long segmentBytes(long budgetBytes, long configuredBytes) {
    return Math.min(configuredBytes, Math.max(LEAST_SEGMENT_BYTES, budgetBytes / SEGMENTS_IN_BUDGET));
  }

  private static long heldBytes(SpoolDisk disk) throws IOException {
    long bytes = 0;
    for (String name : disk.list()) {
      if (Segment.numberOf(name).isPresent()) {
        try (SpoolDisk.SegmentFile file = disk.open(name)) {
          bytes += file.bytes();
        }
      }
    }
    return bytes;
  }
}
