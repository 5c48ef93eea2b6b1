package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What synthetic participants play: one colour with a picture counter and one tone each, made by the composer. */
final class DemoClips {
  /** Colours that a lossy codec cannot confuse end here. */
  static final int MAX_PARTICIPANTS = 12;

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final List<String> NAMES = List.of("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi",
      "ivan", "judy", "kim", "leo");

  private DemoClips() {}

  /**
   * One participant's clips.
   *
   * @param participant     number burnt into the pictures
   * @param video           file name in the folder of the clips
   * @param audio           file name in the folder of the clips
   * @param framesPerSecond of the video
   */
  record Clip(int participant, String video, String audio, int toneHz, int framesPerSecond) {
    String peer() {
      return NAMES.get(participant % NAMES.size());
    }
  }

  private record Index(List<Clip> clips) {}

  /**
   * Makes clips in a folder.
   *
   * @param participants 1 to {@link #MAX_PARTICIPANTS}
   */
  static List<Clip> make(ComposerTool composer, Path folder, int participants, int seconds, List<String> more)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("synth", "--participants", Integer.toString(participants),
        "--seconds", Integer.toString(seconds), "--out", folder.toString()));
    arguments.addAll(more);
    composer.run(arguments, 0);
    return JSON.readValue(folder.resolve("clips.json").toFile(), Index.class).clips();
  }
}
