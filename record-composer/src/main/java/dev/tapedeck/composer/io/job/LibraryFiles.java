package dev.tapedeck.composer.io.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.Summary;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.wire.ComposeEvent.RecordJobCompleted;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The files of a completed job as the connector's library takes them: those that lie in the recordings' own store. */
public final class LibraryFiles {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String ours;

  /** @param recordings the store that the connector reads too */
  public LibraryFiles(StoreUri recordings) {
    this.ours = "s3://" + recordings.bucket() + "/" + recordings.path();
  }

  /**
   * One file to register.
   *
   * @param path of the request
   * @param json its body
   */
  public record Entry(String path, String json) {}

  /**
   * All files of a job that has ended; none if it made none, or all lie elsewhere. The summary is last: whoever finds it
   * in the library finds there all that it names.
   *
   * @param completed tells where the summary is, which does not name itself
   */
  List<Entry> of(Job job, RecordJobCompleted completed) {
    if (job.result().isEmpty()) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    for (OutputFile file : summary(job).files()) {
      if (isOurs(file.uri(), job.app())) {
        entries.add(entry(job, file));
      }
    }
    String summaryUri = completed.getTransmux().getMetadataJson();
    if (isOurs(summaryUri, job.app())) {
      entries.add(entry(job, SummaryBuilder.FILE_NAME, body(summaryUri, "summary", "application/json")));
    }
    return entries;
  }

  /** A caller's own bucket may bear the name of ours; the app's prefix and the job's id hardly. */
  private boolean isOurs(String uri, String app) {
    return uri.startsWith(ours + KeySegment.escape(app) + "/");
  }

  private Entry entry(Job job, OutputFile file) {
    String kind = file.kind().equals("compose") ? "composed" : "track";
    ObjectNode body = body(file.uri(), kind, contentType(file));
    body.put("codecs", String.join(", ", file.codecs()).toLowerCase(Locale.ROOT));
    body.put("durationMs", file.durationMs());
    return entry(job, file.path(), body);
  }

  private ObjectNode body(String uri, String kind, String contentType) {
    ObjectNode body = JSON.createObjectNode();
    body.put("key", uri.substring(ours.length()));
    body.put("contentType", contentType);
    body.put("kind", kind);
    return body;
  }

  private static Entry entry(Job job, String name, ObjectNode body) {
    String[] recording = job.recordPath().split("/");
    return new Entry("/api/recordings/" + recording[recording.length - 1] + "/files/"
        + KeySegment.percentEncode(name), body.toString());
  }

  private static String contentType(OutputFile file) {
    String extension = file.path().substring(file.path().lastIndexOf('.') + 1);
    String type = extension.equals("mkv") ? "x-matroska" : extension;
    return (file.width() > 0 ? "video/" : "audio/") + type;
  }

  private static Summary summary(Job job) {
    try {
      return SummaryJson.read(job.result());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("job " + job.id() + " has a result that cannot be read", e);
    }
  }
}
