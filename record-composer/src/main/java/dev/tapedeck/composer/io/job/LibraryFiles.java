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

  private final AppStores stores;

  /** @param stores of the recordings: the connector reads them too */
  public LibraryFiles(AppStores stores) {
    this.stores = stores;
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
    String root = root(job.app());
    List<Entry> entries = new ArrayList<>();
    for (OutputFile file : summary(job).files()) {
      if (isOurs(file.uri(), root, job.app())) {
        entries.add(entry(job, file, root));
      }
    }
    String summaryUri = completed.getTransmux().getMetadataJson();
    if (isOurs(summaryUri, root, job.app())) {
      entries.add(entry(job, SummaryBuilder.FILE_NAME, body(summaryUri, root, "summary", "application/json")));
    }
    return entries;
  }

  /** A caller's own bucket may bear the name of ours; the app's prefix and the job's id hardly. */
  private static boolean isOurs(String uri, String root, String app) {
    return uri.startsWith(root + KeySegment.escape(app) + "/");
  }

  /** What the URIs of all objects in the app's store begin with. */
  private String root(String app) {
    StoreUri recordings = stores.of(app).recordings();
    return "s3://" + recordings.bucket() + "/" + recordings.path();
  }

  private static Entry entry(Job job, OutputFile file, String root) {
    String kind = file.kind().equals("compose") ? "composed" : "track";
    ObjectNode body = body(file.uri(), root, kind, contentType(file));
    body.put("codecs", String.join(", ", file.codecs()).toLowerCase(Locale.ROOT));
    body.put("durationMs", file.durationMs());
    return entry(job, file.path(), body);
  }

  private static ObjectNode body(String uri, String root, String kind, String contentType) {
    ObjectNode body = JSON.createObjectNode();
    body.put("key", uri.substring(root.length()));
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
