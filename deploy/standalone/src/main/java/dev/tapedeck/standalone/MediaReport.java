package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code composer check} found in one file by decoding all of it.
 *
 * @param frames      pictures, or sound frames where there are no pictures
 * @param cues        whether one can seek in it
 * @param counters    pictures of synthetic participants
 * @param tiles       where synthetic participants were to be seen, and when
 * @param tones       tones of synthetic participants, and when
 * @param avOffsetMs  how much later the sound is than the picture, absent if nothing tells
 */
record MediaReport(String path, String kind, List<String> codecs, long durationMs, long bytes, long frames,
    long audioFrames, boolean cues, int decodeErrors, List<Counters> counters, List<Tile> tiles, List<Tone> tones,
    Optional<Long> avOffsetMs) {
  private static final JsonMapper JSON = JsonMapper.builder()
      .addModule(new Jdk8Module())
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .build();

  record Counters(int participant, int first, int distinct, int missing, int duplicates, int backwardSteps) {}

  record Tile(int participant, long fromMs, long toMs) {}

  record Tone(int hz, long fromMs, long toMs) {}

  private record Output(List<MediaReport> files, List<Problem> problems) {}

  private record Problem(String path, String error) {}

  /** Decodes files. @throws IOException if one of them is no media file */
  static List<MediaReport> of(ComposerTool composer, List<Path> files) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("check", "--json"));
    files.forEach(file -> arguments.add(file.toString()));
    Output output = JSON.readValue(composer.run(arguments, 1).output(), Output.class);
    if (!output.problems().isEmpty()) {
      throw new IOException(output.problems().getFirst().path() + ": " + output.problems().getFirst().error());
    }
    return output.files();
  }

  boolean isVideo() {
    return !kind.equals("audio");
  }

  /** How long a participant was to be seen. */
  long seenMillis(int participant) {
    return tiles.stream().filter(tile -> tile.participant() == participant)
        .mapToLong(tile -> tile.toMs() - tile.fromMs()).sum();
  }

  /** How long a tone was to be heard. */
  long heardMillis(int hz) {
    return tones.stream().filter(tone -> tone.hz() == hz).mapToLong(tone -> tone.toMs() - tone.fromMs()).sum();
  }
}
