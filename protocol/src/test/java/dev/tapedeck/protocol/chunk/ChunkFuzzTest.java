package dev.tapedeck.protocol.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.fuzz.Mutator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChunkFuzzTest {
  private static final int MUTATIONS = 100_000;

  @Test
  void whole() {
    long seed = 71;
    List<byte[]> corpus = new ArrayList<>(List.of(ChunkSamples.golden(), new byte[0]));
    for (int i = 0; i < 60; i++) {
      corpus.add(ChunkSamples.random(new SplittableRandom(seed + i)));
    }
    Mutator.run("chunk", seed, corpus, MUTATIONS, ChunkFuzzTest::readAll);
  }

  /** Behind a right checksum, where damage alone never gets. */
  @Test
  void headerBody() {
    long seed = 72;
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      byte[] header = ChunkSamples.randomHeader(new SplittableRandom(seed + i)).toBytes();
      corpus.add(Arrays.copyOfRange(header, 16, header.length - 4));
    }
    Mutator.run("chunk-header", seed, corpus, MUTATIONS, body -> readAll(ChunkSamples.headerWithBody(body)));
  }

  /** Behind a right checksum, too. */
  @Test
  void entry() throws IOException {
    long seed = 73;
    List<byte[]> corpus = new ArrayList<>();
    byte[] header = ChunkSamples.randomHeader(new SplittableRandom(seed)).toBytes();
    for (int i = 0; corpus.size() < 200; i++) {
      corpus.addAll(entries(ChunkSamples.random(new SplittableRandom(seed + i))));
    }
    Mutator.run("chunk-entry", seed, corpus, MUTATIONS, covered -> {
      byte[] entry = ChunkSamples.entryOf(covered);
      byte[] chunk = Arrays.copyOf(header, header.length + entry.length);
      System.arraycopy(entry, 0, chunk, header.length, entry.length);
      readAll(chunk);
    });
  }

  private static List<byte[]> entries(byte[] chunk) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    ChunkReader reader = ChunkReader.of(chunk);
    while (reader.next()) {
      int from = (int) reader.entry().offset() + 8;
      entries.add(Arrays.copyOfRange(chunk, from, from + 12 + reader.entry().payloadBytes()));
    }
    return entries;
  }

  private static void readAll(byte[] chunk) {
    try (ChunkReader reader = ChunkReader.of(chunk)) {
      long last = 0;
      while (reader.next()) {
        ChunkEntry entry = reader.entry();
        assertThat(entry.offset()).isGreaterThan(last);
        last = entry.offset() + 20 + entry.payloadBytes() - 1;
        assertThat(last).isLessThan(chunk.length);
        entry.asTrack();
        entry.asGap();
        entry.asClock();
        entry.asIndex();
        entry.asEnd();
      }
      assertThat(reader.state()).isNotEqualTo(ChunkState.READING);
      boolean hasDamage = reader.state() == ChunkState.TORN || reader.state() == ChunkState.CORRUPT;
      assertThat(reader.damagedAt() >= 0).isEqualTo(hasDamage);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
