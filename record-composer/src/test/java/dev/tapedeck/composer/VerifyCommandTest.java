package dev.tapedeck.composer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.testing.TestRecording;
import dev.tapedeck.composer.testing.TestRecording.Guest;
import dev.tapedeck.protocol.chunk.ChunkFormat;
import dev.tapedeck.protocol.chunk.ChunkReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every kind of harm that can be done to a recording in its store. */
class VerifyCommandTest {
  @TempDir
  private Path folder;

  private final TestRecording recording = new TestRecording("acme", "room", 1)
      .with(new Guest("ann", new SynthSpec(0, 5, MediaCodec.VP8, 320, 180, 15), 0))
      .finalized();
  private final String firstChunk = recording.chunkKeys().getFirst();
  private final String newest = recording.path() + "manifest.json";
  private String said;

  @Test
  void findsNothingInAWholeRecording() throws Exception {
    assertThat(verify()).as(said).isZero();
    assertThat(said).contains("verdict complete, the manifest says complete");
  }

  @Test
  void namesTheChunkAndTheOffsetOfAFlippedBit() throws Exception {
    byte[] chunk = recording.objects().get(firstChunk);
    int offset = secondEntry(chunk);
    chunk[offset + ChunkFormat.ENTRY_OVERHEAD_BYTES + 20] ^= 1;

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains(name(firstChunk) + ": corrupt: 1 damaged entries, the first at byte " + offset)
        .contains("verdict partial, the manifest says complete");
  }

  @Test
  void namesWhereAChunkIsTorn() throws Exception {
    byte[] chunk = recording.objects().get(firstChunk);
    int offset = secondEntry(chunk);
    recording.objects().put(firstChunk, Arrays.copyOf(chunk, offset + 10));

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains(name(firstChunk) + ": truncated: torn at byte " + offset);
  }

  @Test
  void missesAChunkThatIsGone() throws Exception {
    recording.objects().remove(firstChunk);

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains(name(firstChunk) + ": missing");
  }

  @Test
  void missesTheEndMark() throws Exception {
    byte[] chunk = recording.objects().get(firstChunk);
    recording.objects().put(firstChunk, Arrays.copyOf(chunk, endMark(chunk)));

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains(name(firstChunk) + ": unsealed: no end mark");
  }

  @Test
  void seesThatAWholeChunkIsAnotherOne() throws Exception {
    recording.objects().put(firstChunk, recording.objects().get(recording.chunkKeys().get(1)));

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains(name(firstChunk) + ": foreign");
  }

  @Test
  void seesAChunkThatTheManifestDoesNotName() throws Exception {
    String stray = firstChunk.replace("00000000-", "00000009-");
    recording.objects().put(stray, recording.objects().get(firstChunk));

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains(name(stray) + ": foreign: the manifest does not name it");
  }

  @Test
  void countsPacketsAgain() throws Exception {
    change("\"packets\":", "\"packets\":1");

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains("wrong count").contains("promised were 1");
  }

  @Test
  void judgesAgain() throws Exception {
    change("\"verdict\":\"complete\"", "\"verdict\":\"partial\"");

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains("manifest.json: manifest: says partial, the recording is complete");
  }

  @Test
  void followsTheChainOfManifests() throws Exception {
    String copy = recording.path() + "manifest.1.json";
    recording.objects().put(copy, "{}".getBytes(StandardCharsets.UTF_8));

    assertThat(verify(false)).isEqualTo(1);
    assertThat(said).contains("is not a copy of manifest.1.json");
  }

  @Test
  void saysThatARecordingIsNotFinalized() throws Exception {
    recording.objects().remove(newest);

    assertThat(verify(false)).isEqualTo(1);
    assertThat(said).contains("the recording is not finalized").contains("there is no manifest");
  }

  @Test
  void saysThatNothingIsThere() {
    assertThat(run(folder.resolve("nothing").toString())).isEqualTo(1);
    assertThat(said).contains("no recording at");
  }

  @Test
  void refusesAUriThatIsNone() {
    assertThat(run("http://127.0.0.1/")).isEqualTo(2);
    assertThat(run("s3://bucket/app/room/1/")).as("no folder of that name").isEqualTo(2);
  }

  private int verify() throws Exception {
    return verify(true);
  }

  private int verify(boolean withCopy) throws Exception {
    if (withCopy) {
      recording.objects().put(recording.path() + "manifest.1.json", recording.objects().get(newest));
    }
    recording.writeTo(folder);
    return run(folder.resolve(recording.path()).toString());
  }

  private int run(String source) {
    StringWriter text = new StringWriter();
    CommandLine cli = ComposerCli.commandLine();
    cli.setOut(new PrintWriter(text, true)).setErr(new PrintWriter(text, true));
    int status = cli.execute("verify", source);
    said = text.toString();
    return status;
  }

  /** Replaces the first number or text of this kind in the newest manifest. */
  private void change(String member, String replacement) {
    String json = new String(recording.objects().get(newest), StandardCharsets.UTF_8);
    String pattern = member.endsWith(":") ? member + "[0-9]+" : member;
    String changed = json.replaceFirst(pattern, replacement);
    assertThat(changed).isNotEqualTo(json);
    recording.objects().put(newest, changed.getBytes(StandardCharsets.UTF_8));
  }

  private String name(String key) {
    return key.substring(recording.path().length());
  }

  private static int secondEntry(byte[] chunk) throws Exception {
    ChunkReader reader = ChunkReader.of(chunk);
    reader.next();
    reader.next();
    return (int) reader.entry().offset();
  }

  private static int endMark(byte[] chunk) throws Exception {
    ChunkReader reader = ChunkReader.of(chunk);
    long last = 0;
    while (reader.next()) {
      last = reader.entry().offset();
    }
    return (int) last;
  }
}
