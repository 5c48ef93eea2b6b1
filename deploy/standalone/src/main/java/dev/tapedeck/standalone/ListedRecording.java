package dev.tapedeck.standalone;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recording as the library shows it.
 *
 * @param startedAt ISO 8601, UTC
 * @param verdict   null before there is one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ListedRecording(long id, String app, String room, String startedAt, long durationMs, long bytes, String verdict,
    String state, List<String> peers) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PAGE_SIZE = 100;

  /** All recordings in the database of a data folder, newest first by app; no server is needed, one may run. */
  static List<ListedRecording> ofFolder(Path data) throws RefusedException {
    Path file = data.resolve("connector.db");
    if (Files.notExists(file)) {
      throw new RefusedException("there is no " + file + "; name the data folder of a server with --data=DIR");
    }
    try (Database database = Database.open(Redacted.of("sqlite:" + file))) {
      return database.read(handle -> {
        List<ListedRecording> all = new ArrayList<>();
        for (String app : RecordingRows.apps(handle)) {
          for (RecordingRows.Recording row :
              RecordingRows.page(handle, app, Optional.empty(), Integer.MAX_VALUE, 0)) {
            all.add(of(row, TapeRows.promisedBytes(handle, app, row.recording()),
                TapeRows.peers(handle, app, row.recording())));
          }
        }
        return all;
      });
    }
  }

  /** All recordings that a running server shows the bearer, newest first. */
  static List<ListedRecording> ofServer(URI origin, String bearer) throws IOException {
    try (ApiClient api = new ApiClient(origin, bearer)) {
      List<ListedRecording> all = new ArrayList<>();
      for (int page = 1, pages = 1; page <= pages; page++) {
        JsonNode answer = api.get("/api/recordings?pageSize=" + PAGE_SIZE + "&page=" + page);
        for (JsonNode recording : answer.path("recordings")) {
          all.add(JSON.treeToValue(recording, ListedRecording.class));
        }
        pages = answer.path("pagination").path("totalPages").asInt();
      }
      return all;
    }
  }

  private static ListedRecording of(RecordingRows.Recording row, long promisedBytes, List<String> peers) {
    long startedMs = row.startedMs().orElse(row.openedMs());
    long endedMs = row.endedMs().orElse(row.closedMs().orElse(startedMs));
    return new ListedRecording(row.recording(), row.app(), row.room(),
        ManifestJson.iso(Instant.ofEpochMilli(startedMs)), endedMs - startedMs,
        row.manifest() > 0 ? row.bytes() : promisedBytes, row.verdict().map(Verdict::text).orElse(null),
        row.state().text(), peers);
  }
}
