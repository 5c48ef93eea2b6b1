package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F k, L9: a real process taping into a real folder, and SIGKILL. */
class SpoolKillTest implements SpoolEvents {
  private static final int CHUNKS_BEFORE_THE_KILL = 4;

  @TempDir private Path folder;

  private final List<ChunkSealed> sealed = new ArrayList<>();
  private final List<TapeClosed> tapesClosed = new ArrayList<>();
  private final List<RecordingClosed> recordingsClosed = new ArrayList<>();

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void whatWasPromisedIsThereAndTheRestEndsWithAGap() throws Exception {
    List<String> promised = tapeAndKill();
    List<SpooledChunk> chunks = recover();

    assertThat(sealed.stream().map(SpoolKillTest::line).toList()).containsAll(promised);
    int number = 0;
    for (SpooledChunk chunk : chunks) {
      number = assertPackets(chunk, number);
    }
    TapeClosed closed = tapesClosed.getFirst();
    assertThat(closed.getEnd()).isEqualTo(TapeClosed.End.CRASHED);
    assertThat(closed.getPackets()).isEqualTo(number);
    assertThat(closed.getChunks()).isEqualTo(chunks.size());
    assertThat(closed.getTracks(0).getReception().getReceived()).isEqualTo(number);
    assertThat(closed.getGapsList()).extracting(Gap::getCause).containsExactly(GapEntry.CRASH);
    assertThat(recordingsClosed).singleElement().extracting(RecordingClosed::getReason).isEqualTo("crash");
  }

  private List<String> tapeAndKill() throws IOException, InterruptedException {
    Process victim = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), SpoolVictim.class.getName(), folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> promised = new ArrayList<>();
    try (BufferedReader out = victim.inputReader(StandardCharsets.UTF_8)) {
      while (promised.size() < CHUNKS_BEFORE_THE_KILL) {
        String line = out.readLine();
        assertThat(line).as("the victim died by itself").isNotNull();
        if (line.startsWith("sealed ")) {
          promised.add(line);
        }
      }
    } finally {
      victim.destroyForcibly().waitFor();
    }
    return promised;
  }

  private List<SpooledChunk> recover() throws IOException {
    SpoolCounters counters = new SpoolCounters();
    List<SpooledChunk> chunks = new ArrayList<>();
    try (SpoolDisk disk = new FolderDisk(folder)) {
      Journal journal = new Journal(disk, 1 << 20, 1 << 30, Runnable::run, counters);
      SpoolKeeper keeper =
          new SpoolKeeper(SpoolVictim.config(), journal, this, chunks::add, slab -> {}, ChunkHash::catchUp,
              Runnable::run, counters);
      new SpoolRecovery(journal, keeper, counters).run(System.currentTimeMillis(), Duration.ZERO);
      return chunks;
    }
  }

  /** Every packet, in order, without a hole; returns the number after the last. */
  private static int assertPackets(SpooledChunk chunk, int first) throws IOException {
    int number = first;
    ChunkReader reader = ChunkReader.of(chunk.read());
    while (reader.next()) {
      if (reader.entry().kind() == EntryKind.RTP) {
        assertThat(reader.entry().payload()).as("packet %d", number).isEqualTo(SpoolVictim.packet(number));
        number++;
      }
    }
    assertThat(reader.state()).isEqualTo(ChunkState.COMPLETE);
    return number;
  }

  private static String line(ChunkSealed sealed) {
    return "sealed " + sealed.getIndex() + " " + sealed.getPackets() + " "
        + HexFormat.of().formatHex(sealed.getSha256().toByteArray());
  }

  @Override
  public void tapeOpened(TapeOpened event) {}

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {
    sealed.add(event);
  }

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {
    tapesClosed.add(event);
  }

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {}

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {
    recordingsClosed.add(event);
  }
}
