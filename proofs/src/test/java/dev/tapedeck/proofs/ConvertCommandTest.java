package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Folders;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Program;
import dev.tapedeck.bench.lab.ToolRun;
import dev.tapedeck.proofs.lab.RefusedMeeting;
import dev.tapedeck.proofs.lab.SharedLab;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The composer's command line with the flags of the documented tool, on a recording made by the real chain. */
@ExtendWith(SharedLab.class)
class ConvertCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EXIT_PARTIAL = 3;
  private static final int CLIP_MILLIS = Clips.SECONDS * 1000;
  private static final int PICTURES = Clips.SECONDS * Clips.FRAMES_PER_SECOND;
  private static final int SOUND_FRAMES = Clips.SECONDS * 50;

  private Lab lab;
  private RefusedMeeting meeting;

  @BeforeEach
  void use(Lab lab, RefusedMeeting meeting) {
    this.lab = lab;
    this.meeting = meeting;
  }

  @Test
  void convertsFromTheStore() throws IOException {
    Path out = Folders.empty(lab.folder().resolve("from-store"));
    Path composed = out.resolve("meeting.webm");

    ToolRun run = ToolRun.of(Program.COMPOSER, "convert", "--in-s3", lab.store().uri(Lab.path(meeting.recording())),
        "--transmux", "--transmux-out-path", out.resolve("tracks").toString(),
        "--compose-audio", "--compose-video", "--compose-out-path", composed.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().toList().getLast()).isEqualTo("complete");
    assertThat(summary(out).get("verdict").textValue()).isEqualTo("complete");
    assertWholeTracks(out.resolve("tracks"));
    JsonNode meetingFile = check(List.of(composed)).getFirst();
    assertThat(meetingFile.get("codecs")).hasSize(2);
    assertThat(meetingFile.get("durationMs").intValue()).isBetween(CLIP_MILLIS - 1000, CLIP_MILLIS + 1000);
    assertThat(meetingFile.get("tiles")).extracting(tile -> tile.get("participant").intValue()).contains(0, 1);
    assertThat(meetingFile.get("tones")).hasSizeGreaterThanOrEqualTo(Clips.PARTICIPANTS);
  }

  @Test
  void convertsFromAFolder() throws IOException {
    Path copy = Folders.copy(recordingFolder(), Folders.empty(lab.folder().resolve("copy")));
    Path out = Folders.empty(lab.folder().resolve("from-folder"));

    ToolRun run = convertFolder(copy, out);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(summary(out).get("verdict").textValue()).isEqualTo("complete");
    assertWholeTracks(out.resolve("tracks"));
  }

  @Test
  void namesATruncatedChunkAndConvertsTheRest() throws IOException {
    Path copy = Folders.copy(recordingFolder(), Folders.empty(lab.folder().resolve("truncated")));
    Path out = Folders.empty(lab.folder().resolve("from-truncated"));
    Path chunk = secondChunkOf(copy, "ann");
    truncate(chunk);

    ToolRun run = convertFolder(copy, out);

    String key = copy.relativize(chunk).toString();
    assertThat(run.exitCode()).as(run.err()).isEqualTo(EXIT_PARTIAL);
    assertThat(run.err()).contains(key).contains("truncated");
    assertThat(summary(out).get("verdict").textValue()).isEqualTo("partial");
    assertThat(summary(out).get("partial")).anySatisfy(reason -> assertThat(reason.textValue()).contains(key));
    List<JsonNode> tracks = check(media(out.resolve("tracks")));
    assertThat(tracks).hasSize(4).allMatch(track -> track.get("decodeErrors").intValue() == 0);
    assertThat(pictures(tracks)).isBetween(PICTURES, 2 * PICTURES - 1);
    assertThat(check(List.of(out.resolve("sound.webm"))).getFirst().get("tones")).isNotEmpty();
  }

  private static ToolRun convertFolder(Path recording, Path out) {
    return ToolRun.of(Program.COMPOSER, "convert", "--in-path", recording.toString(),
        "--transmux", "--transmux-out-path", out.resolve("tracks").toString(),
        "--compose-audio", "--compose-out-path", out.resolve("sound.webm").toString());
  }

  /** One file for each track, and in them every picture and every sound that was sent. */
  private void assertWholeTracks(Path folder) throws IOException {
    List<JsonNode> tracks = check(media(folder));
    assertThat(tracks).hasSize(4).allMatch(track -> track.get("decodeErrors").intValue() == 0);
    assertThat(pictures(tracks)).isEqualTo(2 * PICTURES);
    assertThat(tracks).filteredOn(track -> track.get("kind").textValue().equals("video"))
        .allSatisfy(track -> assertThat(track.get("counters")).singleElement()
            .satisfies(counters -> assertThat(counters.get("missing").intValue()).isZero()));
    assertThat(tracks).filteredOn(track -> track.get("kind").textValue().equals("audio"))
        .allMatch(track -> track.get("audioFrames").intValue() >= SOUND_FRAMES);
    assertThat(meeting.framesSent()).isEqualTo(2L * (PICTURES + SOUND_FRAMES));
  }

  private static int pictures(List<JsonNode> tracks) {
    return tracks.stream().filter(track -> track.get("kind").textValue().equals("video"))
        .mapToInt(track -> track.get("frames").intValue()).sum();
  }

  private Path recordingFolder() {
    return lab.store().file(Lab.path(meeting.recording()));
  }

  private static Path secondChunkOf(Path recording, String peer) throws IOException {
    try (Stream<Path> files = Files.walk(recording.resolve(peer))) {
      return files.filter(file -> file.toString().endsWith(".tdc")).sorted().toList().get(1);
    }
  }

  private static void truncate(Path chunk) throws IOException {
    try (FileChannel file = FileChannel.open(chunk, StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 2);
    }
  }

  private static JsonNode summary(Path out) throws IOException {
    return JSON.readTree(out.resolve("tracks/summary.json").toFile());
  }

  private static List<Path> media(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".webm")).sorted().toList();
    }
  }

  /** What decoding says of these files. */
  private static List<JsonNode> check(List<Path> files) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("check", "--json", "--clip-fps", "" + Clips.FRAMES_PER_SECOND));
    files.forEach(file -> arguments.add(file.toString()));
    ToolRun run = ToolRun.of(Program.COMPOSER, arguments.toArray(String[]::new)).requireSuccess();
    List<JsonNode> reports = new ArrayList<>();
    JSON.readTree(run.out()).get("files").forEach(reports::add);
    return reports;
  }
}
