package dev.tapedeck.media.io.spool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How much the spool may use and how it tries.
 *
 * @param durability        when bytes reach the disk. Default interval
 * @param commitInterval    time between two forces: the recovery point of mode interval. Default 1 s, 10 ms..60 s
 * @param slabBytes         memory of one slab, the same as the tapes' limit. Default 128 KiB
 * @param slabMemoryBytes   memory of all slabs; every session that is being taped holds one. Default 128 MiB, at least
 *                          8 slabs
 * @param memoryBudgetBytes memory for taped bytes that are not stored yet; above it they live in the journal only.
 *                          Default 256 MiB, at least 256 KiB
 * @param diskBudgetBytes   what the journal may take of the disk; 0 means 80 % of what was free at the start. Default 0
 * @param segmentBytes      a segment file is closed at this size. Default 32 MiB, 64 KiB..1 GiB
 * @param uploads           chunks uploaded at the same time; each is held in memory. Default 4, 1..64
 * @param uploadTimeout     for one attempt. Default 60 s, 1 s or more
 * @param retryMin          back-off after the first failure. Default 250 ms
 * @param retryMax          longest back-off. Default 15 s, not below {@code retryMin}
 */
public record SpoolConfig(
    Durability durability,
    Duration commitInterval,
    int slabBytes,
    long slabMemoryBytes,
    long memoryBudgetBytes,
    long diskBudgetBytes,
    long segmentBytes,
    int uploads,
    Duration uploadTimeout,
    Duration retryMin,
    Duration retryMax) {
  public static final SpoolConfig DEFAULT = new SpoolConfig(Durability.INTERVAL, Duration.ofSeconds(1), 128 << 10,
      128L << 20, 256L << 20, 0, 32L << 20, 4, Duration.ofSeconds(60), Duration.ofMillis(250), Duration.ofSeconds(15));

  public SpoolConfig {
    List<String> problems = new ArrayList<>();
    require(problems, isWithin(commitInterval, Duration.ofMillis(10), Duration.ofSeconds(60)),
        "commit interval " + commitInterval + " is not in 10 ms..60 s");
    require(problems, slabBytes >= 16 << 10 && slabBytes <= 1 << 20,
        "slab of " + slabBytes + " bytes is not in 16 KiB..1 MiB");
    require(problems, slabMemoryBytes >= 8L * slabBytes,
        "slab memory of " + slabMemoryBytes + " bytes holds fewer than 8 slabs");
    require(problems, memoryBudgetBytes >= 256 << 10,
        "memory budget of " + memoryBudgetBytes + " bytes is below 256 KiB");
    require(problems, diskBudgetBytes >= 0, "disk budget cannot be negative");
    require(problems, segmentBytes >= 64 << 10 && segmentBytes <= 1 << 30,
        "segment of " + segmentBytes + " bytes is not in 64 KiB..1 GiB");
    require(problems, uploads >= 1 && uploads <= 64, uploads + " uploads at the same time are not in 1..64");
    require(problems, uploadTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
        "upload time-out " + uploadTimeout + " is below 1 s");
    require(problems, retryMin.isPositive() && retryMax.compareTo(retryMin) >= 0,
        "retry from " + retryMin + " to " + retryMax + " is no range");
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("spool: " + String.join("; ", problems));
    }
  }

  private static boolean isWithin(Duration value, Duration least, Duration most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  private static void require(List<String> problems, boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }
}
