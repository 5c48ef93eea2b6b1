package dev.tapedeck.media.io.spool;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** Shows the spool's counters to whoever scrapes. */
public final class SpoolMetrics {
  private SpoolMetrics() {}

  public static void register(SpoolCounters counters, MeterRegistry registry) {
    level(registry, "tapedeck_spool_budget_bytes", "What the journal may take of its disk", counters.budgetBytes);
    level(registry, "tapedeck_spool_pressure", "0 none, 1 upper layers are left out, 2 video is", counters.pressure);
    level(registry, "tapedeck_spool_disk_slow", "1 while one write or force takes too long", counters.diskSlow);
    Gauge.builder("tapedeck_spool_fill_ratio", counters, spool -> spool.fillPpm.get() / 1e6)
        .description("How full the spool is, 0 to 1; /ready fails from 0.8 on").register(registry);
    Gauge.builder("tapedeck_spool_oldest_unsent_seconds", counters,
            spool -> spool.oldestUnsentAgeMillis(System.currentTimeMillis()) / 1e3)
        .description("Age of the oldest entry not known to be stored, 0 if none").register(registry);
    Gauge.builder("tapedeck_spool_disk_longest_seconds", counters, spool -> spool.longestDiskNanos.get() / 1e9)
        .description("Longest that one write or force took").register(registry);
    level(registry, "tapedeck_spool_recordings", "Recordings not wholly stored and told", counters.recordings);
    level(registry, "tapedeck_spool_slabs", "Slabs that exist", counters.slabs);
    level(registry, "tapedeck_spool_memory_bytes", "Chunk bytes held in memory", counters.memoryBytes);
    level(registry, "tapedeck_spool_disk_bytes", "Bytes of all journal segments", counters.diskBytes);
    level(registry, "tapedeck_spool_unsent_bytes", "Bytes not known to be stored", counters.unsentBytes);
    level(registry, "tapedeck_spool_disk_failing", "1 while the disk refuses", counters.diskFailing);
    total(registry, "tapedeck_spool_slabs_refused", "Times a tape got no slab", counters.slabsRefused);
    total(registry, "tapedeck_spool_taped_bytes", "Chunk bytes taken from tapes", counters.tapedBytes);
    total(registry, "tapedeck_spool_journalled_bytes", "Bytes written to the journal", counters.journalledBytes);
    total(registry, "tapedeck_spool_commits", "Completed forces of the journal", counters.commits);
    total(registry, "tapedeck_spool_disk_failures", "Writes and forces the disk refused", counters.diskFailures);
    total(registry, "tapedeck_spool_dropped_packets", "Packets neither memory nor disk took", counters.droppedPackets);
    total(registry, "tapedeck_spool_chunks_sealed", "Chunks sealed", counters.chunksSealed);
    total(registry, "tapedeck_spool_chunks_verified", "Chunks stored and verified", counters.chunksVerified);
    total(registry, "tapedeck_spool_verified_bytes", "Bytes of chunks stored and verified", counters.verifiedBytes);
    total(registry, "tapedeck_spool_torn_bytes", "Bytes at ends of segments that made no frame", counters.tornBytes);
    total(registry, "tapedeck_spool_tapes_recovered", "Tapes closed after a crash", counters.tapesRecovered);
    total(registry, "tapedeck_spool_upload_failures", "Attempts to upload that failed", counters.uploadFailures);
    total(registry, "tapedeck_spool_chunks_unreadable", "Chunks the disk did not give back", counters.chunksUnreadable);
    total(registry, "tapedeck_spool_upload_attempts", "Attempts to upload a chunk", counters.uploadAttempts);
  }

  private static void level(MeterRegistry registry, String name, String description, AtomicLong value) {
    Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
  }

  private static void total(MeterRegistry registry, String name, String description, AtomicLong value) {
    FunctionCounter.builder(name, value, AtomicLong::get).description(description).register(registry);
  }
}
