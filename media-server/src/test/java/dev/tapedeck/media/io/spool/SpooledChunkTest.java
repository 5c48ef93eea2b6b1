package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.ChunkWriter;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.IndexPoint;
import dev.tapedeck.protocol.wire.TapeId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpooledChunkTest {
  private static final TapeId TAPE =
      TapeId.newBuilder().setApp("app").setRoom("room").setPeer("peer").setRecording(1L << 33).setSession(2L << 33).build();

  /** Where the ending had no room for the index, the end mark would count one entry too many, and the chunk be corrupt. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3600, SpooledChunk.MAX_INDEX_POINTS, SpooledChunk.MAX_INDEX_POINTS + 1, 20_000})
  void isWholeHoweverLongItIs(int points) throws IOException {
    ChunkReader reader = ChunkReader.of(sealed(points));
    Optional<List<IndexPoint>> index = Optional.empty();
    while (reader.next()) {
      index = reader.entry().kind() == EntryKind.INDEX ? reader.entry().asIndex() : index;
    }

    assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
    assertThat(index.orElseThrow()).hasSizeLessThanOrEqualTo(SpooledChunk.MAX_INDEX_POINTS)
        .hasSizeGreaterThanOrEqualTo(Math.min(points, SpooledChunk.MAX_INDEX_POINTS / 2));
    assertThat(index.orElseThrow()).first().extracting(IndexPoint::arrivalNanos).isEqualTo(0L);
    assertThat(index.orElseThrow()).extracting(IndexPoint::arrivalNanos).isSorted();
  }

  private static byte[] sealed(int points) throws IOException {
    SpooledChunk chunk = new SpooledChunk(TAPE, 0);
    add(chunk, clocks(points), 0);
    add(chunk, chunk.ending(Optional.empty()), JournalFrame.FLAG_LAST);
    return chunk.read();
  }

  private static void add(SpooledChunk chunk, byte[] payload, int flags) {
    chunk.add(new JournalFrame(JournalFrame.Type.SLAB, flags, TAPE.getRecording(), TAPE.getSession(), 0,
        chunk.nextSequence(), payload), payload);
  }

  /** A header, and entries so far apart that each gets its point in the index. */
  private static byte[] clocks(int points) {
    byte[] buffer = new byte[1 << 20];
    ChunkWriter writer = new ChunkWriter();
    writer.attach(MemorySegment.ofArray(buffer), ByteBuffer.wrap(buffer));
    writer.header(new ChunkHeader(TAPE.getRecording(), TAPE.getSession(), 0, 1, 3L << 33, 0, TAPE.getApp(),
        TAPE.getRoom(), TAPE.getPeer(), ChunkEncryption.NONE));
    for (int point = 0; point < points; point++) {
      long nanos = point * SpooledChunk.INDEX_INTERVAL_NANOS;
      assertThat(writer.clock(new ClockEntry(nanos, nanos))).isTrue();
    }
    return Arrays.copyOf(buffer, writer.position());
  }
}
