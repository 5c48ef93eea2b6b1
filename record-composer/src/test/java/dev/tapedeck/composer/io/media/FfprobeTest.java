package dev.tapedeck.composer.io.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthAudio;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.synth.SynthVideo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files read by the system's ffprobe, another build of another year than the libav that wrote them. Skipped where it
 *  is not installed; {@code ./tapedeck test} installs it. */
class FfprobeTest {
  @TempDir Path folder;

  @BeforeEach
  void needsFfprobe() {
    boolean installed = Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ffprobe")));
    assumeTrue(installed, "ffprobe is not installed");
  }

  @ParameterizedTest
  @CsvSource({"VP8,WEBM", "VP9,WEBM", "AV1,WEBM", "H264,MATROSKA", "H264,MP4", "VP9,MP4", "AV1,MP4"})
  void readsEveryPicture(MediaCodec codec, Container container) throws Exception {
    Path path = folder.resolve("clip." + container.extension());
    MuxerTest.mux(path, container, TestFrames.of(new SynthVideo(new SynthSpec(1, 2, codec, 320, 180, 30))));
    JsonNode stream = probe(path).get("streams").get(0);
    assertThat(stream.get("codec_name").textValue()).isEqualTo(codec.name().toLowerCase(Locale.ROOT));
    assertThat(stream.get("width").intValue()).isEqualTo(320);
    assertThat(stream.get("height").intValue()).isEqualTo(180);
    assertThat(stream.get("nb_read_frames").textValue()).isEqualTo("60");
  }

  @Test
  void readsSoundOfOggWithItsLength() throws Exception {
    Path path = folder.resolve("clip.ogg");
    MuxerTest.mux(path, Container.OGG, TestFrames.of(new SynthAudio(SynthSpec.of(1, 3))));
    JsonNode file = probe(path);
    assertThat(file.get("streams").get(0).get("codec_name").textValue()).isEqualTo("opus");
    assertThat(file.get("format").get("duration").asDouble()).isBetween(2.99, 3.02);
  }

  private static JsonNode probe(Path path) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format",
        "-of", "json", path.toString()).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return new ObjectMapper().readTree(output);
  }
}
