package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.BackEnd;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.Metrics;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * A recording while the store refuses every connection: what it takes in memory and on disk until the store is back and
 * has it all.
 */
final class StoreAway {
  /** Small, so that a short load is several times as much. */
  static final long MEMORY_BUDGET_BYTES = 16 << 20;

  private static final Duration POLL = Duration.ofMillis(200);
  /** What begins and ends a chunk weighs more beside a voice, so it must not be counted more often than it comes. */
  private static final int AUDIO_CHUNKS = 3;

  private static final String VIDEO_ROOMS = "away-video";
  private static final String AUDIO_ROOMS = "away-audio";

  private final BackEnd backEnd;
  private final ServerProcess server;
  private final RecordOptions options;
  private long memoryPeakBytes;

  /**
   * What was seen.
   *
   * @param memoryPeakBytes chunk bytes in memory, by the server's own count
   * @param heapGrowthBytes live objects at the end of the load, more than before it, by the JVM's count
   * @param tapedBytes      that the memory had to be too small for
   */
  record Result(long memoryPeakBytes, long heapGrowthBytes, long tapedBytes, TapeSize video, TapeSize audio) {}

  StoreAway(BackEnd backEnd, ServerProcess server, RecordOptions options) {
    this.backEnd = backEnd;
    this.server = server;
    this.options = options;
  }

  Result run() throws IOException {
    try (RecordLoad load = new RecordLoad(server.target(), options)) {
      // The first tape loads classes that stay.
      load.publishVideo("away-first", true);
      Pause.of(options.window());
      load.unpublish();
      Drained.await(server);
      backEnd.stopStore();
      long heapBefore = JvmFacts.liveHeapBytes(server.target().pid());
      Metrics start = server.metrics();

      load.publishVideo(VIDEO_ROOMS, true);
      watchMemory(options.warmUp().plus(options.window()));
      long heapGrowthBytes = JvmFacts.liveHeapBytes(server.target().pid()) - heapBefore;
      endTapes(load);
      Metrics afterVideo = server.metrics();
      load.publishAudio(AUDIO_ROOMS, true);
      watchMemory(options.window().multipliedBy(AUDIO_CHUNKS));
      endTapes(load);
      Metrics afterAudio = server.metrics();

      backEnd.startStore();
      Drained.await(server);
      Metrics end = server.metrics();
      // Tombstones are written when the store is back; they are shared out by what they bury.
      long tombstones = journalled(end) - journalled(afterAudio);
      long half = tombstones / 2;
      return new Result(memoryPeakBytes, heapGrowthBytes,
          afterAudio.get("tapedeck_spool_taped_bytes") - start.get("tapedeck_spool_taped_bytes"),
          size(VIDEO_ROOMS, journalled(afterVideo) - journalled(start) + half),
          size(AUDIO_ROOMS, journalled(afterAudio) - journalled(afterVideo) + tombstones - half));
    }
  }

  private void watchMemory(Duration length) throws IOException {
    long endNanos = System.nanoTime() + length.toNanos();
    while (System.nanoTime() - endNanos < 0) {
      memoryPeakBytes = Math.max(memoryPeakBytes, server.metrics().get("tapedeck_spool_memory_bytes"));
      Pause.of(POLL);
    }
  }

  /** Publishers leave; returns when the journal has written all of their tapes. */
  private void endTapes(RecordLoad load) throws IOException {
    load.unpublish();
    long before;
    long after = journalled(server.metrics());
    do {
      before = after;
      Pause.of(Duration.ofSeconds(2)); // longer than the grace time of recordings and the commit interval
      after = journalled(server.metrics());
    } while (after != before);
  }

  private TapeSize size(String rooms, long journalBytes) throws IOException {
    return TapeSize.read(backEnd.objects().resolve(ServerProcess.APP), rooms, journalBytes);
  }

  private static long journalled(Metrics metrics) {
    return metrics.get("tapedeck_spool_journalled_bytes");
  }
}
