package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A spool that the first release left when it was killed must be taken up by every later one. Its file is never written
 * anew; a later version of the journal gets a file of its own beside it. All five types of frames are in it: a recording
 * that was done, one that was closed with its first chunk stored, one whose chunk was open.
 */
class GoldenSpoolTest {
  private static final String V1 = "/spool/v1/0000000000000000.tds";
  private static final long NOW_MILLIS = SpoolStage.EPOCH_NANOS / SpoolStage.MILLI + 60_000;
  /** So that 100 packets are two chunks of 10 s at most. */
  private static final long PACKET_NANOS = 170 * SpoolStage.MILLI;

  private static final long DONE = 1L << 33;
  private static final long CLOSED = 2L << 33;
  private static final long OPEN = 3L << 33;

  @TempDir private Path folder;

  private final ToldEvents told = new ToldEvents();
  private final SpoolCounters counters = new SpoolCounters();
  private final List<SpooledChunk> uploads = new ArrayList<>();

  @Test
  void spoolOfVersionOneIsTakenUp() throws Exception {
    try (InputStream golden = GoldenSpoolTest.class.getResourceAsStream(V1)) {
      Files.write(folder.resolve(Segment.name(0)), golden.readAllBytes());
    }
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      new SpoolRecovery(journal, keeper(journal), counters).run(NOW_MILLIS, Duration.ZERO);
      assertThat(told.chunksSealed.stream().map(GoldenSpoolTest::line)).containsExactlyInAnyOrder(
          "app/room/17179869185/peer/17179869184/00000001-1795000010030-1795000016830.tdc 41 16d2",
          "app/room/25769803777/peer/25769803776/00000000-1795000000000-1795000003230.tdc 20 ----");
      for (SpooledChunk chunk : uploads) {
        assertWhole(chunk.read());
      }
      journal.close();
    }
    assertThat(counters.tornBytes.get()).isZero();
    TapeClosed closed = tape(CLOSED);
    assertThat(closed.getEnd()).isEqualTo(TapeClosed.End.LEFT);
    assertThat(closed.getPackets()).isEqualTo(100);
    assertThat(closed.getTracks(0).getReception().getReceived()).isEqualTo(100);
    TapeClosed crashed = tape(OPEN);
    assertThat(crashed.getEnd()).isEqualTo(TapeClosed.End.CRASHED);
    assertThat(crashed.getPackets()).isEqualTo(20);
    assertThat(crashed.getGapsList()).extracting(Gap::getCause).containsExactly("crash");
    assertThat(told.recordingsClosed).extracting(RecordingClosed::getReason).containsExactlyInAnyOrder("stop", "crash");
  }

  /** Made once; kept so that one can read how. */
  @Test
  @EnabledIfSystemProperty(named = "tapedeck.write-golden-spool", matches = "true")
  void writeGolden() throws Exception {
    told.acknowledges = true;
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      SpoolKeeper keeper = keeper(journal);
      Messages messages = new Messages();
      talk(messages, DONE, 10);
      keep(keeper, messages, DONE, "empty");
      uploads.forEach(keeper::chunkVerified);
      talk(messages, CLOSED, 100);
      told.acknowledges = false;
      keep(keeper, messages, CLOSED, "stop");
      uploads.stream().filter(chunk -> chunk.tape.getSession() == CLOSED && chunk.index == 0).forEach(chunk -> {
        chunk.isPromised = true;
        keeper.chunkVerified(chunk);
      });
      RecordTap open = SpoolStage.tap(messages, "room", OPEN);
      talk(open, 20);
      open.handleTimeout(22 * PACKET_NANOS);
      messages.queue.forEach(keeper::handle);
      keeper.commit();
      journal.close();
    }
    Path resource = Path.of("src/test/resources" + V1);
    Files.createDirectories(resource.getParent());
    Files.copy(folder.resolve(Segment.name(0)), resource);
  }

  private void talk(Messages messages, long session, int packets) {
    RecordTap tap = SpoolStage.tap(messages, "room", session);
    talk(tap, packets);
    tap.close(packets * PACKET_NANOS, TapeEnd.LEFT);
  }

  private static void talk(RecordTap tap, int packets) {
    int track = tap.addTrack(0, ChunkSamples.video());
    for (int number = 0; number < packets; number++) {
      byte[] packet = ChunkSamples.packet(96, number, number * 15_000L, 1, 30);
      tap.handleTimeout(number * PACKET_NANOS);
      tap.rtp(track, number * PACKET_NANOS, MemorySegment.ofArray(packet), 0, packet.length, false, number == 0);
    }
  }

  private static void keep(SpoolKeeper keeper, Messages messages, long session, String reason) {
    messages.recordingClosed("app", "room", session + 1, reason);
    while (!messages.queue.isEmpty()) {
      keeper.handle(messages.queue.remove());
    }
    keeper.commit();
  }

  private TapeClosed tape(long session) {
    return told.tapesClosed.stream().filter(tape -> tape.getTape().getSession() == session).findFirst().orElseThrow();
  }

  /** Of a chunk that recovery ends, the hash depends on when. */
  private static String line(ChunkSealed chunk) {
    String hash = HexFormat.of().formatHex(chunk.getSha256().toByteArray());
    return chunk.getKey() + " " + chunk.getPackets() + " "
        + (chunk.getTape().getSession() == OPEN ? "----" : hash.substring(0, 4));
  }

  private static void assertWhole(byte[] chunk) throws IOException {
    ChunkReader reader = ChunkReader.of(chunk);
    while (reader.next()) {
      // to its end
    }
    assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
  }

  private Journal journal(SpoolDisk disk) {
    return new Journal(disk, 1 << 20, 1 << 30, Runnable::run, counters);
  }

  private SpoolKeeper keeper(Journal journal) {
    return new SpoolKeeper(
        SpoolStage.config(1 << 20, 1 << 20, 1 << 30), journal, told, uploads::add, slab -> {},
        ChunkHash::catchUp, Runnable::run, counters);
  }

  private static final class Messages implements SlabSink {
    final Deque<TapeMessage> queue = new ArrayDeque<>();

    @Override
    public Slab take() {
      return new Slab(ByteBuffer.allocate(SpoolStage.LIMITS.slabBytes()));
    }

    @Override
    public void offer(TapeMessage message) {
      queue.add(message);
    }
  }
}
