package dev.tapedeck.connector.io.library;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FileRows;
import dev.tapedeck.connector.io.store.FileRows.StoredFile;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.id.KeySegment;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Files made from recordings, found by the {@code summary.json} of the job that made them. */
final class RestoredFiles {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SUMMARY = "/summary.json";

  private final LibrarySource source;
  private final Database database;
  private final RebuildReport report;
  private final LongSupplier wallMillis;
  private final List<String> summaries = new ArrayList<>();
  /** Lengths of everything that is neither chunk nor manifest, by key. */
  private final Map<String, Long> bytes = new HashMap<>();

  RestoredFiles(LibrarySource source, Database database, RebuildReport report, LongSupplier wallMillis) {
    this.source = source;
    this.database = database;
    this.report = report;
    this.wallMillis = wallMillis;
  }

  void see(String key, long length) {
    bytes.put(key, length);
    if (key.endsWith(SUMMARY)) {
      summaries.add(key);
    }
  }

  /** After all recordings: adds what the summaries name and the listing showed. */
  void restore() throws IOException {
    for (String key : summaries) {
      try (InputStream in = source.open(key)) {
        restore(key, JSON.readTree(in));
      } catch (JsonProcessingException e) {
        report.problem(key, "it is no JSON");
      }
    }
  }

  private void restore(String key, JsonNode summary) {
    String app = appOf(key);
    long recording = summary.path("recording").asLong();
    database.run(handle -> {
      if (app.isEmpty() || RecordingRows.find(handle, app, recording).isEmpty()) {
        return;
      }
      for (JsonNode made : summary.path("files")) {
        String name = made.path("path").asText();
        String object = objectOf(app, made.path("uri").asText());
        boolean isNew = bytes.containsKey(object) && Ids.isName(name) && !name.contains("/")
            && FileRows.find(handle, app, recording, name).isEmpty();
        if (isNew) {
          FileRows.put(handle, app, recording, file(name, object, made), wallMillis.getAsLong());
          report.count("files");
        }
      }
    });
  }

  private StoredFile file(String name, String object, JsonNode made) {
    boolean isComposed = made.path("kind").asText().equals("compose");
    String codecs = StreamSupport.stream(made.path("codecs").spliterator(), false).map(JsonNode::asText)
        .collect(Collectors.joining(", ")).toLowerCase(Locale.ROOT);
    return new StoredFile(name, object, contentType(name, made.path("width").asInt() > 0),
        isComposed ? "composed" : "track", codecs, made.path("duration_ms").asLong(), bytes.get(object));
  }

  private static String contentType(String name, boolean isVideo) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return (isVideo ? "video/" : "audio/") + (extension.equals("mkv") ? "x-matroska" : extension);
  }

  private static String appOf(String key) {
    try {
      return KeySegment.unescape(key.substring(0, key.indexOf('/')));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** The key within {@code s3://bucket/path/<app>/...}; "" when it lies elsewhere. */
  private static String objectOf(String app, String uri) {
    int at = uri.indexOf("/" + KeySegment.escape(app) + "/");
    return at < 0 ? "" : uri.substring(at + 1);
  }
}
