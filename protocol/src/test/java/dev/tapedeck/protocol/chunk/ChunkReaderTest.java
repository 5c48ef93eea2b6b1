package dev.tapedeck.protocol.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {
  private final byte[] golden = ChunkSamples.golden();

  @Test
  void writerStillMakesTheGoldenFile() throws IOException {
    assertThat(golden).isEqualTo(goldenFile());
  }

  @Test
  void readsEveryFieldOfTheGoldenFile() throws IOException {
    ChunkReader reader = ChunkReader.of(goldenFile());
    ChunkHeader header = reader.header().orElseThrow();
    assertThat(header).isEqualTo(new ChunkHeader(4_294_967_297L, 9_007_199_254_740_991L, 3, 7, 5_000_000_000L,
        1_795_253_400_123_456_789L, "demo", "room/1", "Zoë", ChunkEncryption.NONE));

    assertThat(step(reader).asClock()).contains(new ClockEntry(1_000_000_000L, 1_795_253_400_000_000_000L));
    assertThat(step(reader).asTrack()).contains(ChunkSamples.video());
    assertThat(reader.entry().track()).isEqualTo(1);
    assertThat(step(reader).asTrack()).contains(ChunkSamples.audio());

    ChunkEntry rtp = step(reader);
    assertThat(rtp.kind()).isEqualTo(EntryKind.RTP);
    assertThat(rtp.payload()).isEqualTo(ChunkSamples.packet(96, 65_535, 90_000, 0xDEADBEEFL, 40));
    assertThat(rtp.startsKeyFrame()).isTrue();
    assertThat(rtp.isRepaired()).isFalse();
    assertThat(rtp.arrivalNanos()).isEqualTo(1_000_100_000L);
    assertThat(step(reader).track()).isEqualTo(2);

    assertThat(step(reader).kind()).isEqualTo(EntryKind.SENDER_REPORT);
    assertThat(step(reader).isRepaired()).isTrue();
    assertThat(step(reader).kind()).isEqualTo(EntryKind.ROOM_EVENT);
    assertThat(step(reader).asGap())
        .contains(new GapEntry(1, 1_795_253_400_100L, 1_795_253_400_200L, GapEntry.QUEUE, 17));
    List<IndexPoint> index = step(reader).asIndex().orElseThrow();
    assertThat(index).extracting(IndexPoint::arrivalNanos).containsExactly(1_000_000_000L, 1_000_600_000L);
    assertThat(step(reader).asEnd().orElseThrow().packets()).isEqualTo(3);
    assertThat(reader.next()).isFalse();
    assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
    assertThat(reader.entries()).isEqualTo(10);
  }

  @Test
  void tornTailCostsOnlyTheTornEntry() throws IOException {
    List<Long> borders = offsets(golden);
    long headerBytes = borders.getFirst();
    for (int bytes = 0; bytes < golden.length; bytes++) {
      ChunkReader reader = ChunkReader.of(Arrays.copyOf(golden, bytes));
      int whole = count(reader);
      long cut = bytes;
      if (cut < headerBytes) {
        assertThat(reader.state()).isEqualTo(ChunkState.CORRUPT);
        assertThat(whole).isZero();
        continue;
      }
      long wholeBefore = borders.stream().filter(border -> border <= cut).count() - 1;
      assertThat(whole).as("cut at %d", cut).isEqualTo((int) wholeBefore);
      if (borders.contains(cut)) {
        assertThat(reader.state()).isEqualTo(ChunkState.UNSEALED);
        assertThat(reader.damagedAt()).isEqualTo(-1);
      } else {
        assertThat(reader.state()).isEqualTo(ChunkState.TORN);
        assertThat(reader.damagedAt()).isEqualTo(borders.get((int) wholeBefore));
      }
    }
  }

  @Test
  void noFlippedBitGoesUnnoticed() throws IOException {
    for (int at = 0; at < golden.length; at++) {
      byte[] damaged = golden.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      ChunkReader reader = ChunkReader.of(damaged);
      count(reader);
      assertThat(reader.state()).as("byte %d", at).isIn(ChunkState.CORRUPT, ChunkState.TORN);
      assertThat(reader.damagedAt()).isBetween(0L, (long) at);
    }
  }

  @Test
  void flippedBitInAPayloadCostsOneEntry() throws IOException {
    List<Long> borders = offsets(golden);
    byte[] damaged = golden.clone();
    long entry = borders.get(3);
    damaged[(int) entry + 30] ^= 1;
    ChunkReader reader = ChunkReader.of(damaged);
    assertThat(count(reader)).isEqualTo(borders.size() - 1);
    assertThat(reader.state()).isEqualTo(ChunkState.CORRUPT);
    assertThat(reader.damagedAt()).isEqualTo(entry);
    assertThat(reader.damagedEntries()).isEqualTo(1);
  }

  @Test
  void bytesBehindTheEndMarkAreDamage() throws IOException {
    ChunkReader reader = ChunkReader.of(Arrays.copyOf(golden, golden.length + 1));
    count(reader);
    assertThat(reader.state()).isEqualTo(ChunkState.CORRUPT);
    assertThat(reader.damagedAt()).isEqualTo(golden.length);
  }

  @Test
  void skipsKindsOfLaterVersions() throws IOException {
    ChunkSamples chunk = new ChunkSamples(ChunkSamples.randomHeader(new SplittableRandom(1)));
    chunk.clock(1, 2);
    byte[] start = chunk.unsealed();
    byte[] later = ChunkSamples.entryOf(new byte[] {99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 42});
    byte[] both = Arrays.copyOf(start, start.length + later.length);
    System.arraycopy(later, 0, both, start.length, later.length);
    ChunkReader reader = ChunkReader.of(both);
    step(reader);
    ChunkEntry entry = step(reader);
    assertThat(entry.kind()).isEqualTo(EntryKind.UNKNOWN);
    assertThat(entry.kindCode()).isEqualTo(99);
    assertThat(reader.next()).isFalse();
    assertThat(reader.state()).isEqualTo(ChunkState.UNSEALED);
  }

  @Test
  void skipsHeaderFieldsOfLaterVersions() throws IOException {
    ChunkHeader header = ChunkSamples.randomHeader(new SplittableRandom(2));
    byte[] bytes = header.toBytes();
    byte[] longerBody = Arrays.copyOf(Arrays.copyOfRange(bytes, 16, bytes.length - 4), bytes.length - 20 + 9);
    ChunkReader reader = ChunkReader.of(ChunkSamples.headerWithBody(longerBody));
    assertThat(reader.header()).contains(header);
    assertThat(reader.next()).isFalse();
    assertThat(reader.state()).isEqualTo(ChunkState.UNSEALED);
  }

  @Test
  void readsTheSameFromAStreamThatGivesLittleAtATime() throws IOException {
    ChunkReader reader = ChunkReader.open(new Trickle(golden));
    count(reader);
    assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
  }

  private static byte[] goldenFile() throws IOException {
    try (InputStream in = ChunkReaderTest.class.getResourceAsStream("/chunk/golden-v1.tdc")) {
      return in.readAllBytes();
    }
  }

  private static ChunkEntry step(ChunkReader reader) throws IOException {
    assertThat(reader.next()).isTrue();
    return reader.entry();
  }

  private static int count(ChunkReader reader) throws IOException {
    int count = 0;
    while (reader.next()) {
      count++;
    }
    return count;
  }

  private static List<Long> offsets(byte[] chunk) throws IOException {
    List<Long> offsets = new ArrayList<>();
    ChunkReader reader = ChunkReader.of(chunk);
    while (reader.next()) {
      offsets.add(reader.entry().offset());
    }
    return offsets;
  }

  /** Gives at most three bytes at a time. */
  private static final class Trickle extends FilterInputStream {
    Trickle(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
      return super.read(into, at, Math.min(count, 3));
    }
  }
}
