package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a journal holds, read without telling anybody and without ending anything. Owned by the thread that read it. */
final class SpoolContents implements AutoCloseable {
  private final SpoolCounters counters = new SpoolCounters();
  private final Journal journal;
  private final SpoolKeeper keeper;
  private final SpoolRecovery reading;

  private SpoolContents(SpoolDisk disk) {
    journal = new Journal(disk, SpoolConfig.DEFAULT.segmentBytes(), Long.MAX_VALUE, Runnable::run, counters);
    keeper = new SpoolKeeper(
        SpoolConfig.DEFAULT, journal, new UnheardEvents(), chunk -> {}, slab -> {}, ChunkHash::catchUp, Runnable::run,
        counters);
    reading = new SpoolRecovery(journal, keeper, counters);
  }

  static SpoolContents read(SpoolDisk disk) throws IOException {
    SpoolContents contents = new SpoolContents(disk);
    contents.reading.read();
    return contents;
  }

  List<SpooledRecording> recordings() {
    List<SpooledRecording> recordings = new ArrayList<>();
    keeper.recordings().forEach(recordings::add);
    return recordings;
  }

  /** First frames of chunks that have lost their beginning. */
  List<JournalFrame> orphans() {
    return List.copyOf(reading.orphans());
  }

  long diskBytes() {
    return counters.diskBytes.get();
  }

  long unsentBytes() {
    return counters.unsentBytes.get();
  }

  /** Unix milliseconds of the oldest entry that is not known to be stored. */
  Optional<Long> oldestUnsentMillis() {
    long oldest = keeper.oldestUnsentMillis();
    return oldest == 0 ? Optional.empty() : Optional.of(oldest);
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
