package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the journal gives up while a force runs, and what the next process finds of it. */
class JournalTest {
  private static final int SEGMENT_BYTES = 4096;
  private static final long RECORDING = 1L << 33;
  private static final long SESSION = 1L << 34;
  private static final int CRASHES = 40;

  /** The chunk that is stored and let go while a force runs, and one that stays. */
  private static final int STORED = 0;
  private static final int STAYING = 1;

  private enum Death { PROCESS, MACHINE }

  private final Queue<Runnable> forces = new ArrayDeque<>();
  private JournalFrame head;
  private JournalFrame tail;
  private SimDisk disk;
  private Journal journal;

  /**
   * The chunk's tail fills a segment of its own, its head lies in the one before. That segment may go only when the
   * tombstone is durable: else the next process finds half a chunk, and tells of a gap where nothing is missing.
   */
  @ParameterizedTest
  @EnumSource
  void aChunkLetGoDuringAForceIsNeverFoundInPart(Death death) throws IOException {
    for (int seed = 0; seed < CRASHES; seed++) {
      openWithAChunkInTwoSegments(seed);
      write(slab(STAYING, 2, 100));
      journal.beginCommit(() -> {});
      letGo();
      forces.remove().run();
      assertThat(journal.finishCommit()).isTrue();
      List<String> found = found(death);
      boolean isWhole = found.containsAll(List.of("0/0", "0/1"));
      assertThat(isWhole || found.contains("DONE")).as("seed %d finds %s", seed, found).isTrue();
    }
  }

  /** Once it is durable, nothing keeps the segment; a dead machine's may come back, and is disowned. */
  @Test
  void theNextCommitGivesTheSegmentBack() throws IOException {
    openWithAChunkInTwoSegments(0);
    write(slab(STAYING, 2, 100));
    journal.beginCommit(() -> {});
    letGo();
    forces.remove().run();
    journal.finishCommit();
    assertThat(disk.list()).contains(tail.segment.name());
    assertThat(journal.hasUncommitted()).isTrue();
    assertThat(journal.commit()).isTrue();
    assertThat(disk.list()).doesNotContain(tail.segment.name());
    assertThat(found(Death.PROCESS)).contains("DONE").doesNotContain("0/1");
  }

  private void openWithAChunkInTwoSegments(int seed) throws IOException {
    disk = new SimDisk(new SplittableRandom(seed));
    journal = new Journal(disk, SEGMENT_BYTES, 1 << 30, forces::add, new SpoolCounters());
    head = slab(STORED, 0, 100);
    tail = slab(STORED, 1, SEGMENT_BYTES);
    write(head);
    write(slab(STAYING, 0, SEGMENT_BYTES - 500)); // keeps the head's segment
    write(tail);
    write(slab(STAYING, 1, 100));
    assertThat(tail.segment).isNotSameAs(head.segment);
  }

  private void write(JournalFrame frame) {
    journal.add(frame);
    journal.commit();
  }

  private void letGo() {
    journal.release(head);
    journal.release(tail);
    journal.add(new JournalFrame(JournalFrame.Type.CHUNK_DONE, 0, RECORDING, SESSION, STORED, 0, new byte[0]));
  }

  /** Slabs as chunk/sequence and tombstones as DONE, in the order they come. */
  private List<String> found(Death death) throws IOException {
    switch (death) {
      case PROCESS -> disk.crashProcess();
      case MACHINE -> disk.crashMachine();
    }
    List<String> found = new ArrayList<>();
    new Journal(disk, SEGMENT_BYTES, 1 << 30, Runnable::run, new SpoolCounters()).open(frame ->
        found.add(frame.type == JournalFrame.Type.SLAB ? frame.chunk + "/" + frame.sequence : "DONE"));
    return found;
  }

  private static JournalFrame slab(int chunk, int sequence, int bytes) {
    return new JournalFrame(JournalFrame.Type.SLAB, 0, RECORDING, SESSION, chunk, sequence, new byte[bytes]);
  }
}
