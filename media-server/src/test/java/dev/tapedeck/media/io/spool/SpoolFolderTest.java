package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.id.ChunkKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** S3-7: what was not sent can be looked at, checked and carried away, from a process that runs and one that died. */
class SpoolFolderTest {
  @TempDir private Path data;

  private final Map<String, byte[]> exported = new TreeMap<>();

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void runningProcessIsLookedAtWithoutHarmAndADeadOneIsCarriedAway() throws Exception {
    Process victim = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), SpoolVictim.class.getName(), data.resolve("spool").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = victim.inputReader(StandardCharsets.UTF_8)) {
      awaitSealed(out, 3);
      SpoolFolder folder = SpoolFolder.in(data);
      assertThat(folder.isLive()).isTrue();
      for (int look = 0; look < 20; look++) {
        assertThat(folder.audit().damages()).isEmpty();
      }
      SpoolListing listing = folder.list();
      assertThat(listing.isLive()).isTrue();
      assertThat(listing.recordings()).singleElement()
          .satisfies(recording -> assertThat(recording.chunkCount()).isGreaterThanOrEqualTo(3));
      assertThatThrownBy(() -> folder.export(exported::put)).isInstanceOf(IOException.class)
          .hasMessageContaining("running process").hasMessageContaining("spool retry");
      assertThat(folder.askRetry(Duration.ofSeconds(60))).isTrue();
      awaitSealed(out, 2);
    } finally {
      victim.destroyForcibly().waitFor();
    }
    SpoolFolder folder = SpoolFolder.in(data);
    assertThat(folder.isLive()).isFalse();
    assertThat(folder.audit().damages()).as("a killed process may leave a torn tail, and nothing worse").isEmpty();
    SpoolExport.Result result = folder.export(exported::put);
    assertThat(result.unreadable()).isEmpty();
    assertThat(result.chunks()).isGreaterThanOrEqualTo(5).isEqualTo(folder.list().recordings().getFirst().chunkCount());
    assertPacketsFollowEachOther();
  }

  @Test
  void damageIsNamedByItsSegmentAndOffset() throws Exception {
    copyGolden();
    SpoolFolder folder = SpoolFolder.in(data);
    SpoolAudit before = folder.audit();
    assertThat(before.damages()).isEmpty();
    assertThat(before.frames()).isGreaterThan(10);

    long offset = Segment.HEADER_BYTES + JournalFrame.HEADER_BYTES + 100;
    flip(offset);
    SpoolAudit audit = folder.audit();
    assertThat(audit.damages().getFirst().segment()).isEqualTo(Segment.name(0));
    assertThat(audit.damages().getFirst().offset()).isEqualTo(Segment.HEADER_BYTES);
    assertThat(audit.damages().getFirst().what()).contains("whole frames follow");
    assertThat(audit.frames()).isLessThan(before.frames());
  }

  /** Every byte of the file, one after the other: none can be changed without being noticed. */
  @Test
  void noByteChangesUnseen() throws Exception {
    copyGolden();
    SpoolFolder folder = SpoolFolder.in(data);
    long bytes = Files.size(data.resolve(Segment.name(0)));
    for (long offset = 0; offset < bytes; offset += 37) {
      flip(offset);
      SpoolAudit audit = folder.audit();
      assertThat(audit.damages().isEmpty() && audit.tornBytes() == 0).as("byte %d", offset).isFalse();
      flip(offset);
    }
    assertThat(folder.audit().damages()).isEmpty();
  }

  @Test
  void cutOffTailIsNoDamageInTheNewestSegmentAndDamageInAnOlderOne() throws Exception {
    copyGolden();
    Path segment = data.resolve(Segment.name(0));
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.setLength(file.length() - 10);
    }
    SpoolAudit newest = SpoolFolder.in(data).audit();
    assertThat(newest.damages()).isEmpty();
    assertThat(newest.tornBytes()).isPositive();
    Files.write(data.resolve(Segment.name(1)), new Segment(1, null, 0).header().array());
    SpoolAudit older = SpoolFolder.in(data).audit();
    assertThat(older.damages()).extracting(SpoolAudit.Damage::segment).contains(Segment.name(0));
    assertThat(older.tornBytes()).isZero();
  }

  /** The open chunk of a dead process gets an end and a gap; what is known of each tape stands beside its chunks. */
  @Test
  void openChunkIsEndedInTheCopyAndTheSpoolStaysAsItIs() throws Exception {
    copyGolden();
    byte[] before = Files.readAllBytes(data.resolve(Segment.name(0)));
    SpoolExport.Result result = SpoolFolder.in(data).export(exported::put);
    assertThat(result.chunks()).isEqualTo(2);
    assertThat(exported.keySet()).hasSize(4)
        .contains("app/room/25769803777/peer/25769803776/00000000-1795000000000-1795000003230.tdc",
            "app/room/25769803777/peer/25769803776/tape.json");
    ChunkReader reader =
        ChunkReader.of(exported.get("app/room/25769803777/peer/25769803776/00000000-1795000000000-1795000003230.tdc"));
    int gaps = 0;
    while (reader.next()) {
      gaps += reader.entry().kind() == EntryKind.GAP ? 1 : 0;
    }
    assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
    assertThat(gaps).isEqualTo(1);
    assertThat(new String(exported.get("app/room/17179869185/peer/17179869184/tape.json"), StandardCharsets.UTF_8))
        .contains("\"end\" : \"left\"", "\"packets\" : 100", "\"recordingClosed\" : \"stop\"");
    assertThat(Files.readAllBytes(data.resolve(Segment.name(0)))).isEqualTo(before);
  }

  @Test
  void folderWithoutASpoolIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> SpoolFolder.in(data)).isInstanceOf(IOException.class).hasMessageContaining("--data=DIR");
  }

  private void copyGolden() throws IOException {
    try (InputStream golden = SpoolFolderTest.class.getResourceAsStream("/spool/v1/" + Segment.name(0))) {
      Files.write(data.resolve(Segment.name(0)), golden.readAllBytes());
    }
  }

  private void flip(long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(data.resolve(Segment.name(0)).toFile(), "rw")) {
      file.seek(offset);
      int before = file.read();
      file.seek(offset);
      file.write(before ^ 0x10);
    }
  }

  private void assertPacketsFollowEachOther() throws IOException {
    int number = 0;
    for (Map.Entry<String, byte[]> object : exported.entrySet()) {
      if (ChunkKey.parse(object.getKey()).isEmpty()) {
        continue;
      }
      ChunkReader reader = ChunkReader.of(object.getValue());
      while (reader.next()) {
        if (reader.entry().kind() == EntryKind.RTP) {
          assertThat(reader.entry().payload()).isEqualTo(SpoolVictim.packet(number++));
        }
      }
      assertThat(reader.state()).as(object.getKey()).isEqualTo(ChunkState.COMPLETE);
    }
    assertThat(number).isPositive();
  }

  private static void awaitSealed(BufferedReader out, int chunks) throws IOException {
    for (int seen = 0; seen < chunks;) {
      String line = out.readLine();
      assertThat(line).as("the process lives").isNotNull();
      seen += line.startsWith("sealed ") ? 1 : 0;
    }
  }
}
