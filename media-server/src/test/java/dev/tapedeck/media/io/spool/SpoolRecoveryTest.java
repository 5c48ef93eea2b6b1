package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingOrders;
import dev.tapedeck.protocol.wire.SenderReports;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** L9, L15: what a dead process would have said of its tapes, worked out from what it left. */
class SpoolRecoveryTest {
  private static final long RECORDING = 1L << 34;
  private static final long SESSION = 1L << 33;
  private static final long SECOND = 1_000 * SpoolStage.MILLI;
  private static final int REPORT_BYTES = 28;

  @TempDir private Path folder;

  private final ToldEvents told = new ToldEvents();
  private final SpoolCounters counters = new SpoolCounters();

  /** A chunk is ten seconds, so that the first reports are in what was noted and the last in what was open. */
  @Test
  void senderReportsAreSummedUpOverTheWholeTape() throws IOException {
    int reports = 25;
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      SpoolKeeper keeper = keeper(journal);
      RecordTap tap = SpoolStage.tap(SpoolStage.into(keeper), "room", SESSION);
      int track = tap.addTrack(0, ChunkSamples.video());
      for (int second = 0; second < reports; second++) {
        talk(tap, track, second);
        tap.handleTimeout(second * SECOND + SECOND);
      }
      keeper.commit();
      journal.close();
    }

    SenderReports recovered = recover().getTracks(0).getSenderReports();

    assertThat(recovered).isEqualTo(SenderReports.newBuilder().setReports(reports)
        .setFirstNtp(ntp(0)).setFirstRtp(0)
        .setLastNtp(ntp(reports - 1)).setLastRtp((reports - 1) * 90_000)
        .setLastPackets(reports).setLastOctets(reports * 100).build());
  }

  /** L9: should this process and its disk never come back, the connector knows the tracks by what each chunk told. */
  @Test
  void eachChunkTellsTheTracksSoFar() throws IOException {
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      SpoolKeeper keeper = keeper(journal);
      RecordTap tap = SpoolStage.tap(SpoolStage.into(keeper), "room", SESSION);
      int track = tap.addTrack(0, ChunkSamples.video());
      long taped = 0;
      for (int second = 0; second < 25; second++) {
        talk(tap, track, second);
        tap.handleTimeout(second * SECOND + SECOND);
        keeper.commit();
        for (ChunkSealed chunk; (chunk = told.chunksSealed.poll()) != null;) {
          taped += chunk.getPackets();
          assertThat(chunk.getTracksList()).singleElement().satisfies(known -> {
            assertThat(known.getCodec()).isEqualTo(ChunkSamples.video().codec());
            assertThat(known.getSenderReports().getReports()).isPositive();
          });
          assertThat(chunk.getTracks(0).getReception().getReceived()).isEqualTo(taped);
        }
      }
      assertThat(taped).isPositive();
      journal.close();
    }
  }

  /** each process that dies is an interruption, told before anything else and once more with the close. */
  @Test
  void leavesOpenWhatWasTapedShortlyBefore() throws IOException {
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      SpoolKeeper keeper = keeper(journal);
      RecordTap tap = SpoolStage.tap(SpoolStage.into(keeper), "room", SESSION);
      talk(tap, tap.addTrack(0, ChunkSamples.video()), 0);
      tap.handleTimeout(SECOND);
      keeper.commit();
      journal.close();
    }
    long lastMillis = SpoolStage.EPOCH_NANOS / SpoolStage.MILLI + 500; // of the sender report

    UnfinishedRecording left = recoverAt(lastMillis + 29_999).getFirst();

    assertThat(told.recordingsClosed).isEmpty();
    assertThat(told.interruptions).containsExactly("crash " + lastMillis + ".." + (lastMillis + 29_999));

    assertThat(recoverAt(lastMillis + 29_999)).as("the next process dies as well").containsExactly(left);
    assertThat(told.interruptions).hasSize(2);

    assertThat(recoverAt(lastMillis + 30_000)).isEmpty();
    assertThat(told.recordingsClosed).singleElement().satisfies(closed -> {
      assertThat(closed.getReason()).isEqualTo("crash");
      assertThat(closed.getRecording()).isEqualTo(left.recording());
      assertThat(closed.getInterruptionsCount()).isEqualTo(2);
    });
  }

  /** a paused recording has nothing young on tape; what was ordered of it has. */
  @Test
  void ordersAreKeptAndKeepARecordingOpen() throws IOException {
    long saidMillis = SpoolStage.EPOCH_NANOS / SpoolStage.MILLI;
    RecordingOrders first = RecordingOrders.newBuilder().setApp("app").setRoom("room").setRecording(RECORDING)
        .setSaidMs(saidMillis - 10_000).setEverybody(true).build();
    RecordingOrders second = first.toBuilder().setSaidMs(saidMillis).setPaused(true).build();
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      SpoolKeeper keeper = keeper(journal);
      keeper.handle(new TapeMessage.RecordingOrdered(first));
      keeper.handle(new TapeMessage.RecordingOrdered(second));
      keeper.commit();
      journal.close();
    }

    UnfinishedRecording left = new UnfinishedRecording("app", "room", RECORDING, second);
    assertThat(recoverAt(saidMillis + 29_999)).containsExactly(left);
    assertThat(told.interruptions).containsExactly("crash " + saidMillis + ".." + (saidMillis + 29_999));

    assertThat(recoverAt(saidMillis + 30_000)).isEmpty();
    assertThat(told.recordingsClosed).singleElement()
        .satisfies(closed -> assertThat(closed.getRecording()).isEqualTo(RECORDING));
  }

  private List<UnfinishedRecording> recoverAt(long wallMillis) throws IOException {
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      told.interruptions.clear();
      List<UnfinishedRecording> unfinished =
          new SpoolRecovery(journal, keeper(journal), counters).run(wallMillis, Duration.ofSeconds(30));
      journal.close();
      return unfinished;
    }
  }

  private static void talk(RecordTap tap, int track, int second) {
    byte[] packet = ChunkSamples.packet(96, second, second * 90_000L, 1, 100);
    tap.rtp(track, second * SECOND, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    byte[] report = ByteBuffer.allocate(REPORT_BYTES).putInt(0x80C80006).putInt(1).putLong(ntp(second))
        .putInt(second * 90_000).putInt(second + 1).putInt((second + 1) * 100).array();
    tap.senderReport(track, second * SECOND + SECOND / 2, MemorySegment.ofArray(report), 0, report.length);
  }

  private static long ntp(int second) {
    return new SplittableRandom(second).nextLong();
  }

  private TapeClosed recover() throws IOException {
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      new SpoolRecovery(journal, keeper(journal), counters)
          .run(SpoolStage.EPOCH_NANOS / SpoolStage.MILLI + 60_000, Duration.ZERO);
      journal.close();
    }
    assertThat(told.tapesClosed).singleElement().satisfies(tape -> assertThat(tape.getChunks()).isGreaterThan(1));
    return told.tapesClosed.element();
  }

  private Journal journal(SpoolDisk disk) {
    return new Journal(disk, 1 << 20, 1 << 30, Runnable::run, counters);
  }

  private SpoolKeeper keeper(Journal journal) {
    return new SpoolKeeper(SpoolStage.config(1 << 20, 1 << 20, 1 << 30), journal, told, chunk -> {}, slab -> {},
        ChunkHash::catchUp, Runnable::run, counters);
  }
}
