package dev.tapedeck.standalone.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.standalone.meeting.MeetingFiles.Track;
import java.io.IOException;
import java.util.stream.StreamSupport;

/** Reads the file of one track as ffprobe does. */
final class TrackProbe {
  private TrackProbe() {}

  /** The file has one stream that decodes, and says the size of its largest picture. @return what ffprobe said */
  static JsonNode check(Track track) throws IOException {
    JsonNode probed = FfmpegTools.probe(track.file());
    assertThat(probed.get("streams")).as(track.file().toString()).hasSize(1);
    JsonNode stream = probed.get("streams").get(0);
    assertThat(stream.get("nb_read_frames").asInt()).as("frames of " + track.file()).isPositive();
    assertThat(stream.get("codec_type").asText()).isEqualTo(track.isVideo() ? "video" : "audio");
    if (track.isVideo()) {
      assertThat(stream.get("width").asInt()).as("width of " + track.file()).isEqualTo(largest(probed, "width"));
      assertThat(stream.get("height").asInt()).as("height of " + track.file()).isEqualTo(largest(probed, "height"));
    }
    System.out.printf("%s: %s %dx%d, %s frames%n", track.file().getFileName(), stream.get("codec_name").asText(),
        stream.path("width").asInt(), stream.path("height").asInt(), stream.get("nb_read_frames").asText());
    return probed;
  }

  private static int largest(JsonNode probed, String side) {
    return StreamSupport.stream(probed.get("frames").spliterator(), false)
        .mapToInt(frame -> frame.path(side).asInt()).max().orElseThrow();
  }
}
