package dev.tapedeck.standalone.meeting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.standalone.browser.Performer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of one recording, fetched.
 *
 * @param composed   of everybody, empty if none was asked for
 * @param tracks     one per track
 * @param zeroMillis time 0 of the composed file, since 1970
 */
record MeetingFiles(Optional<Path> composed, List<Track> tracks, long zeroMillis) {

  /**
   * The file of one track.
   *
   * @param startMillis when its first frame was captured, since 1970
   * @param endMillis   when its last frame ended
   */
  record Track(String peer, boolean isVideo, Path file, long startMillis, long endMillis) {}

  /**
   * Takes times from the summary of the conversion, which is among the files.
   *
   * @param listed what the API says of the files in the folder
   */
  static MeetingFiles of(Path folder, List<JsonNode> listed) throws IOException {
    Path summaryFile = name(listed, "summary").map(folder::resolve).orElseThrow();
    JsonNode summary = new ObjectMapper().readTree(summaryFile.toFile());
    List<Track> tracks = new ArrayList<>();
    summary.get("peers").properties().forEach(peer -> peer.getValue().get("sessions").forEach(session ->
        session.get("track").forEach(track -> track.get("timeline").forEach(entry ->
            tracks.add(new Track(peer.getKey(), track.get("kind").asText().equals("Video"),
                folder.resolve(entry.get("path").asText()), entry.get("start").asLong(), entry.get("end").asLong()))))));
    return new MeetingFiles(name(listed, "composed").map(folder::resolve), List.copyOf(tracks),
        summary.get("started_at").asLong());
  }

  /** The one file of a performer's picture. */
  Track picture(Performer performer) {
    return track(performer, true);
  }

  /** The one file of a performer's sound. */
  Track sound(Performer performer) {
    return track(performer, false);
  }

  /** Seconds in the composed file. @param millis since 1970 */
  double composedSeconds(long millis) {
    return (millis - zeroMillis) / 1000.0;
  }

  private Track track(Performer performer, boolean isVideo) {
    List<Track> found = tracks.stream()
        .filter(track -> track.peer().equals(performer.peer()) && track.isVideo() == isVideo).toList();
    if (found.size() != 1) {
      throw new AssertionError("not one " + (isVideo ? "picture" : "sound") + " of " + performer + ": " + tracks);
    }
    return found.getFirst();
  }

  private static Optional<String> name(List<JsonNode> listed, String kind) {
    return listed.stream().filter(file -> file.get("kind").asText().equals(kind))
        .map(file -> file.get("name").asText()).reduce((older, newer) -> newer);
  }
}
