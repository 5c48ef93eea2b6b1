package dev.tapedeck.standalone.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.standalone.meeting.MeetingFiles.Track;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the file of one track as ffprobe does. */
final class TrackProbe {
  private static final int HEADER_BYTES = 4096;

  /** PixelWidth and, behind it, PixelHeight (RFC 9559): id, length of the number, number. */
  private static final Pattern PIXELS = Pattern.compile(
      "\\xB0(\\x81.|\\x82..)\\xBA(\\x81.|\\x82..)", Pattern.DOTALL);

  private TrackProbe() {}

  /** The file has one stream that decodes, and says the size of its largest picture. @return what ffprobe said */
  static JsonNode check(Track track) throws IOException {
    JsonNode probed = FfmpegTools.probe(track.file());
    assertThat(probed.get("streams")).as(track.file().toString()).hasSize(1);
    JsonNode stream = probed.get("streams").get(0);
    assertThat(stream.get("nb_read_frames").asInt()).as("frames of " + track.file()).isPositive();
    assertThat(stream.get("codec_type").asText()).isEqualTo(track.isVideo() ? "video" : "audio");
    if (track.isVideo()) {
      assertThat(declaredSize(track.file())).as("size of " + track.file())
          .containsExactly(largest(probed, "width"), largest(probed, "height"));
    }
    System.out.printf("%s: %s %dx%d, %s frames%n", track.file().getFileName(), stream.get("codec_name").asText(),
        stream.path("width").asInt(), stream.path("height").asInt(), stream.get("nb_read_frames").asText());
    return probed;
  }

  /** As the header has it, in pixels; ffprobe gives the size of the first picture instead. */
  private static List<Integer> declaredSize(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Matcher found = PIXELS.matcher(new String(in.readNBytes(HEADER_BYTES), StandardCharsets.ISO_8859_1));
      assertThat(found.find()).as("PixelWidth and PixelHeight in " + file).isTrue();
      return Stream.of(found.group(1), found.group(2)).map(bytes -> bytes.substring(1))
          .map(bytes -> bytes.chars().reduce(0, (value, each) -> value << Byte.SIZE | each)).toList();
    }
  }

  private static int largest(JsonNode probed, String side) {
    return StreamSupport.stream(probed.get("frames").spliterator(), false)
        .mapToInt(frame -> frame.path(side).asInt()).max().orElseThrow();
  }
}
