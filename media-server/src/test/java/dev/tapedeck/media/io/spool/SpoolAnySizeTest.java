package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F s, L14: no packet and no name is too long for the writer. */
class SpoolAnySizeTest {
  @TempDir private Path folder;

  @Test
  void packetsAndNamesOfAnySizeAreKeptWhole() throws Exception {
    List<byte[]> sent = new ArrayList<>();
    SpoolStage.Store store = new SpoolStage.Store();
    try (Spool spool = Spool.open(folder.resolve("spool"), SpoolStage.config(4 << 20, 4 << 20, 64 << 20), store,
        new ToldEvents(), new SplittableRandom(3))) {
      RecordTap tap = new RecordTap(new TapeIdentity("a".repeat(128), "é".repeat(64), 1L << 35, 1L << 34,
          "/".repeat(128), 1L << 33, 1), SpoolStage.LIMITS, spool.sink(), nanos -> SpoolStage.EPOCH_NANOS + nanos, 0);
      int track = tap.addTrack(0, ChunkSamples.video());
      for (int payloadBytes : new int[] {0, 1, 1000, 1483, 1484, 1485, 1488, 2036, 9000, 15_000}) {
        byte[] packet = ChunkSamples.packet(96, sent.size(), sent.size() * 3000L, 1, payloadBytes);
        tap.rtp(track, sent.size() * SpoolStage.MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
        sent.add(packet);
      }
      assertThat(tap.missedPackets() + tap.refusedPackets()).isZero();
      tap.close(100 * SpoolStage.MILLI, TapeEnd.LEFT);
      spool.sink().recordingClosed("a".repeat(128), "é".repeat(64), 1L << 34, "empty");
    }
    Map<String, byte[]> exported = new TreeMap<>();
    SpoolFolder.in(folder).export(exported::put);
    assertThat(packets(exported)).containsExactlyElementsOf(sent);
  }

  private static List<byte[]> packets(Map<String, byte[]> exported) throws IOException {
    List<byte[]> packets = new ArrayList<>();
    for (Map.Entry<String, byte[]> object : exported.entrySet()) {
      if (object.getKey().endsWith(".tdc")) {
        ChunkReader reader = ChunkReader.of(object.getValue());
        while (reader.next()) {
          if (reader.entry().kind() == EntryKind.RTP) {
            packets.add(reader.entry().payload());
          }
        }
        assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
      }
    }
    return packets;
  }
}
