package dev.tapedeck.bench.client.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IvfReaderTest {
  @TempDir
  Path folder;

  /** Bytes written out by hand, so that reader and writer cannot be wrong together. */
  private static byte[] handMade() {
    return ByteBuffer.allocate(32 + 12 + 3).order(ByteOrder.LITTLE_ENDIAN)
        .put("DKIF".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) 32)
        .put("VP80".getBytes(StandardCharsets.US_ASCII)).putShort((short) 640).putShort((short) 360)
        .putInt(30).putInt(1).putInt(1).putInt(0)
        .putInt(3).putLong(7).put(new byte[] {9, 8, 7}).array();
  }

  @Test
  void readsHeaderAndFrames() throws Exception {
    try (IvfReader reader = new IvfReader(new ByteArrayInputStream(handMade()))) {
      assertThat(reader.fourcc()).isEqualTo("VP80");
      assertThat(reader.width()).isEqualTo(640);
      assertThat(reader.height()).isEqualTo(360);
      IvfFrame frame = reader.next().orElseThrow();
      assertThat(frame.pts()).isEqualTo(7);
      assertThat(frame.data()).containsExactly(9, 8, 7);
      assertThat(reader.ticks(7, 90_000)).isEqualTo(21_000);
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void readsWhatTheWriterWrites() throws Exception {
    Path file = folder.resolve("clip.ivf");
    try (IvfWriter writer = new IvfWriter(file, "OPUS", 0, 0, 48_000, 1)) {
      writer.write(new IvfFrame(0, new byte[] {1}));
      writer.write(new IvfFrame(960, new byte[] {2, 3}));
    }
    try (IvfReader reader = new IvfReader(file)) {
      assertThat(reader.fourcc()).isEqualTo("OPUS");
      assertThat(reader.next().orElseThrow().data()).containsExactly(1);
      IvfFrame second = reader.next().orElseThrow();
      assertThat(reader.ticks(second.pts(), 48_000)).isEqualTo(960);
      assertThat(second.data()).containsExactly(2, 3);
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void refusesOtherFilesAndTornFrames() throws Exception {
    byte[] whole = handMade();
    for (int cut : new int[] {0, 5, 31, 33, 43, 46}) {
      byte[] torn = Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> {
        try (IvfReader reader = new IvfReader(new ByteArrayInputStream(torn))) {
          reader.next();
        }
      }).as("cut at " + cut).isInstanceOf(IOException.class);
    }
    Path text = Files.writeString(folder.resolve("text"), "no clip at all, but more than thirty-two bytes long");
    assertThatThrownBy(() -> new IvfReader(text)).isInstanceOf(IOException.class).hasMessageContaining("DKIF");
  }
}
