package dev.tapedeck.composer.synth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.composer.check.CheckCommand;
import dev.tapedeck.composer.check.FileReport;
import dev.tapedeck.composer.check.MediaProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SynthCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void clipsReadBackExactly() throws IOException {
    assertThat(run(new SynthCommand(), "--participants", "3", "--seconds", "4", "--out", folder.toString())).isZero();

    for (int k = 0; k < 3; k++) {
      FileReport report = MediaProbe.probe(folder.resolve("participant-" + k + ".vp8.ivf"), 30);
      assertThat(report.counters()).containsExactly(new FileReport.Counters(k, 0, 119, 120, 0, 0, 0));
      assertThat(report.width()).isEqualTo(640);
      assertThat(report.tiles()).singleElement()
          .satisfies(tile -> assertThat(tile.toMs()).isBetween(3_966L, 3_967L));
    }
    JsonNode clips = new ObjectMapper().readTree(folder.resolve("clips.json").toFile()).get("clips");
    assertThat(clips).hasSize(3);
    assertThat(clips.get(1).get("toneHz").intValue()).isEqualTo(430);
    assertThat(clips.get(1).get("pictures").intValue()).isEqualTo(120);
    assertThat(clips.get(1).get("audioFrames").intValue()).isEqualTo(200);
  }

  @Test
  void keyFramesComeEveryTwoSeconds() throws IOException {
    run(new SynthCommand(), "--participants", "1", "--seconds", "5", "--out", folder.toString());
    ByteBuffer file = ivf("participant-0.vp8.ivf", "VP80");
    for (int i = 0; i < 150; i++) {
      int bytes = file.getInt();
      assertThat(file.getLong()).isEqualTo(i);
      boolean keyFrame = (file.get(file.position()) & 1) == 0; // RFC 6386 §9.1
      assertThat(keyFrame).as("frame %d", i).isEqualTo(i % 60 == 0);
      file.position(file.position() + bytes);
    }
    assertThat(file.hasRemaining()).isFalse();
  }

  @Test
  void soundIsOpusFramesOfTwentyMilliseconds() throws IOException {
    run(new SynthCommand(), "--participants", "1", "--seconds", "2", "--out", folder.toString());
    ByteBuffer file = ivf("participant-0.opus.ivf", "OPUS");
    for (int i = 0; i < 100; i++) {
      int bytes = file.getInt();
      assertThat(file.getLong()).isEqualTo(i * 960L);
      int configuration = (file.get(file.position()) & 0xFF) >> 3; // RFC 6716 §3.1
      assertThat(configuration).as("20 ms of CELT or hybrid or SILK").isIn(1, 5, 9, 13, 15, 19, 23, 27, 31);
      file.position(file.position() + bytes);
    }
    assertThat(file.hasRemaining()).isFalse();
  }

  @Test
  void sameCommandSameBytes() throws IOException {
    Path again = folder.resolve("again");
    run(new SynthCommand(), "--participants", "1", "--seconds", "2", "--out", folder.toString());
    run(new SynthCommand(), "--participants", "1", "--seconds", "2", "--out", again.toString());
    for (String name : new String[] {"participant-0.vp8.ivf", "participant-0.opus.ivf", "clips.json"}) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
    }
  }

  @Test
  void rawClipsHaveTheSizeTheirHeadersSay() throws IOException {
    run(new SynthCommand(), "--participants", "1", "--seconds", "1", "--width", "320", "--height", "180", "--fps",
        "20", "--y4m", "--out", folder.toString());
    String header = "YUV4MPEG2 W320 H180 F20:1 Ip A1:1 C420\n";
    assertThat(Files.size(folder.resolve("participant-0.y4m")))
        .isEqualTo(header.length() + 20 * (6 + 320 * 180 * 3 / 2));
    byte[] wav = Files.readAllBytes(folder.resolve("participant-0.wav"));
    assertThat(wav).hasSize(44 + 96_000);
    ByteBuffer head = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(head.getInt(4)).isEqualTo(wav.length - 8);
    assertThat(head.getInt(24)).isEqualTo(48_000);
  }

  @Test
  void refusesImpossibleSizes() {
    int code = run(new SynthCommand(), "--out", folder.toString(), "--width", "641");
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("641x360").contains("size even");
  }

  @Test
  void checkPrintsOneJsonObjectAndFailsForWhatItCannotRead() throws IOException {
    run(new SynthCommand(), "--participants", "1", "--seconds", "1", "--out", folder.toString());
    Path clip = folder.resolve("participant-0.vp8.ivf");
    out.getBuffer().setLength(0);
    assertThat(run(new CheckCommand(), clip.toString(), "--json")).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString()).get("files").get(0);
    assertThat(report.get("frames").intValue()).isEqualTo(30);
    assertThat(report.get("counters").get(0).get("missing").intValue()).isZero();
    assertThat(report.get("tiles").get(0).get("colour").textValue()).isEqualTo("#d02020");

    Path text = Files.writeString(folder.resolve("no.webm"), "#EXTM3U\nhttp://127.0.0.1/secret\n");
    out.getBuffer().setLength(0);
    assertThat(run(new CheckCommand(), text.toString(), clip.toString(), "--json")).isEqualTo(1);
    JsonNode output = new ObjectMapper().readTree(out.toString());
    assertThat(output.get("problems").get(0).get("error").textValue()).contains("no.webm");
    assertThat(output.get("files")).hasSize(1);
  }

  private ByteBuffer ivf(String name, String fourCc) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name))).order(ByteOrder.LITTLE_ENDIAN);
    byte[] codec = new byte[4];
    file.get(8, codec);
    assertThat(new String(codec, StandardCharsets.US_ASCII)).isEqualTo(fourCc);
    return file.position(32);
  }

  private int run(Object command, String... arguments) {
    return new CommandLine(command).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
