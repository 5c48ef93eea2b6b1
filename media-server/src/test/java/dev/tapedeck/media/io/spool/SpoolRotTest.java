package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryCursor;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L9, L15: bytes that rot on the spool's disk cost the frame they are in, and whatever that held has a name. */
class SpoolRotTest {
  private static final long SESSION = 1L << 33;
  private static final long RECORDING = SESSION + 1;
  private static final int PACKETS = 600;

  @TempDir private Path folder;

  private final List<JournalFrame> frames = new ArrayList<>();
  private final List<SpooledChunk> chunks = new ArrayList<>();
  private byte[] whole;
  private ToldEvents told = new ToldEvents();
  private SpoolCounters counters = new SpoolCounters();

  /** Some ten chunks of four slabs, each slab of some sixteen packets. */
  @BeforeEach
  void tape() throws IOException {
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      SpoolKeeper keeper = keeper(journal);
      RecordTap tap = SpoolStage.tap(SpoolStage.into(keeper), "room", SESSION);
      int track = tap.addTrack(0, ChunkSamples.video());
      for (int number = 0; number < PACKETS; number++) {
        byte[] packet = packet(number);
        tap.rtp(track, number * SpoolStage.MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
      }
      tap.close(PACKETS * SpoolStage.MILLI, TapeEnd.LEFT);
      keeper.recordingEnded(RecordingClosed.newBuilder().setApp("app").setRoom("room").setRecording(RECORDING)
          .setReason("stop").build());
      keeper.commit();
      journal.close();
      Segment segment = segment(disk);
      segment.scan(frames::add, damage -> {});
      segment.file.close();
    }
    whole = Files.readAllBytes(folder.resolve(Segment.name(0)));
  }

  @Test
  void anySlabCostsOnlyWhatItHolds() throws IOException {
    for (JournalFrame slab : slabs()) {
      List<Integer> held = packetsIn(slab);
      rot(slab.payloadAt + slab.payloadBytes / 2);

      TapeClosed closed = recover();

      if (slab.sequence > 0) {
        assertThat(storedPackets()).hasSize(PACKETS - held.size()).doesNotContainAnyElementsOf(held);
        assertThat(closed.getEnd()).isEqualTo(TapeClosed.End.LEFT);
        assertThat(closed.getGapsList()).singleElement().satisfies(gap -> assertCovers(gap, held));
      } else {
        assertThat(chunks).as("without its head a chunk is none").extracting(chunk -> chunk.index)
            .doesNotContain(slab.chunk);
        assertThat(chunks).hasSize(closed.getChunks() - 1);
      }
      assertThat(counters.damages.get()).isEqualTo(1);
      restore();
    }
  }

  /** A length that is wrong hides where the next frame begins. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lengthCostsOnlyItsFrame(int offset) throws IOException {
    JournalFrame slab = slabs().stream().filter(frame -> frame.chunk == 3 && frame.sequence == 2).findFirst().orElseThrow();
    rot(slab.payloadAt - JournalFrame.HEADER_BYTES + offset);

    TapeClosed closed = recover();

    assertThat(storedPackets()).hasSize(PACKETS - packetsIn(slab).size());
    assertThat(closed.getGapsList()).singleElement().satisfies(gap -> assertCovers(gap, packetsIn(slab)));
  }

  @Test
  void headOfTheSegmentCostsNothing() throws IOException {
    rot(3);
    TapeClosed closed = recover();
    assertThat(storedPackets()).hasSize(PACKETS);
    assertThat(closed.getGapsList()).isEmpty();
    assertThat(counters.damages.get()).isEqualTo(1);
  }

  /** What recovery wrote is found whole by the next one, which tells the same. */
  @Test
  void mendedChunkIsNotMendedAgain() throws IOException {
    JournalFrame slab = slabs().stream().filter(frame -> frame.chunk == 1 && frame.sequence == 1).findFirst().orElseThrow();
    rot(slab.payloadAt);
    TapeClosed first = recover();
    List<Object> promised = List.copyOf(told.chunksSealed);

    TapeClosed second = recover();

    assertThat(second).isEqualTo(first);
    assertThat(List.<Object>copyOf(told.chunksSealed)).isEqualTo(promised);
  }

  @Test
  void auditNamesSegmentAndOffsetAndReadsOn() throws IOException {
    JournalFrame slab = slabs().stream().filter(frame -> frame.chunk == 1 && frame.sequence == 1).findFirst().orElseThrow();
    rot(slab.payloadAt + 5);
    SpoolAudit audit = SpoolFolder.in(folder).audit();
    assertThat(audit.frames()).isEqualTo(frames.size() - 1);
    assertThat(audit.damages().getFirst().segment()).isEqualTo(Segment.name(0));
    assertThat(audit.damages().getFirst().offset()).isEqualTo(slab.payloadAt - JournalFrame.HEADER_BYTES);
  }

  /** Each packet holds a frame that takes the recording back. Where the length is gone, they are all tried. */
  @Test
  void framesThatAClientSendsAreNotBelieved() throws IOException {
    for (JournalFrame slab : slabs()) {
      rot(slab.payloadAt - JournalFrame.HEADER_BYTES + 1);
    }
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Segment segment = segment(disk);
      List<JournalFrame> believed = new ArrayList<>();
      segment.scan(believed::add, damage -> {});
      segment.file.close();
      assertThat(believed).noneMatch(frame -> frame.type == JournalFrame.Type.RECORDING_DONE);
    }
  }

  /** Numbered, and filled with frames as the journal writes them. */
  private static byte[] packet(int number) {
    byte[] packet = ChunkSamples.packet(96, number, number * 90L, 1, 988);
    ByteBuffer body = ByteBuffer.wrap(packet).position(12);
    body.putInt(number);
    JournalFrame forged =
        new JournalFrame(JournalFrame.Type.RECORDING_DONE, 0, RECORDING, 0, 0, 0, new byte[0]);
    while (body.remaining() >= JournalFrame.HEADER_BYTES) {
      body.put(forged.header(new byte[0]));
    }
    return packet;
  }

  private List<JournalFrame> slabs() {
    return frames.stream().filter(frame -> frame.type == JournalFrame.Type.SLAB && !frame.isLast()).toList();
  }

  private static List<Integer> packetsIn(JournalFrame slab) {
    return packets(slab.payload(), slab.sequence == 0 ? SpooledChunk.headerBytes(slab.payload()) : 0);
  }

  private static List<Integer> packets(byte[] bytes, int from) {
    List<Integer> numbers = new ArrayList<>();
    EntryCursor cursor = new EntryCursor(MemorySegment.ofArray(bytes), from, bytes.length);
    while (cursor.next()) {
      if (cursor.kind() == EntryKind.RTP) {
        numbers.add(ByteBuffer.wrap(cursor.payload()).getInt(12));
      }
    }
    return numbers;
  }

  /** Of all chunks that were told of, each of which is whole. */
  private List<Integer> storedPackets() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (SpooledChunk chunk : chunks) {
      byte[] bytes = chunk.read();
      ChunkReader reader = ChunkReader.of(bytes);
      while (reader.next()) {
        // only its checksums matter here
      }
      assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
      assertThat(bytes).hasSize((int) chunk.sealed().getBytes());
      numbers.addAll(packets(bytes, SpooledChunk.headerBytes(bytes)));
    }
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    return numbers;
  }

  private static void assertCovers(Gap gap, List<Integer> packets) {
    assertThat(gap.getCause()).isEqualTo(GapEntry.DISK);
    long epochMillis = SpoolStage.EPOCH_NANOS / SpoolStage.MILLI;
    assertThat(gap.getFromMs() - epochMillis).isLessThanOrEqualTo(packets.getFirst());
    assertThat(gap.getToMs() - epochMillis).isGreaterThanOrEqualTo(packets.getLast());
  }

  /** @return what is told of the tape's close */
  private TapeClosed recover() throws IOException {
    told = new ToldEvents();
    counters = new SpoolCounters();
    chunks.clear();
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = journal(disk);
      new SpoolRecovery(journal, keeper(journal), counters).run(SpoolStage.EPOCH_NANOS / SpoolStage.MILLI + 60_000);
      List.copyOf(chunks).forEach(chunk -> assertThat(chunk.isSealed()).isTrue());
    }
    assertThat(told.recordingsClosed).singleElement().extracting(RecordingClosed::getReason).isEqualTo("stop");
    assertThat(told.tapesClosed).hasSize(1);
    return told.tapesClosed.element();
  }

  private void rot(long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(Segment.name(0)).toFile(), "rw")) {
      file.seek(offset);
      int before = file.read();
      file.seek(offset);
      file.write(before ^ 0x10);
    }
  }

  private void restore() throws IOException {
    Files.write(folder.resolve(Segment.name(0)), whole);
    Files.deleteIfExists(folder.resolve(Segment.name(1)));
  }

  private static Segment segment(SpoolDisk disk) throws IOException {
    SpoolDisk.SegmentFile file = disk.open(Segment.name(0));
    return new Segment(0, file, file.bytes());
  }

  private Journal journal(SpoolDisk disk) {
    return new Journal(disk, 32 << 20, 1 << 30, counters);
  }

  private SpoolKeeper keeper(Journal journal) {
    return new SpoolKeeper(SpoolStage.config(1 << 20, 64 << 20, 1 << 30), journal, told, chunks::add, slab -> {},
        ChunkHash::catchUp, Runnable::run, counters);
  }
}
