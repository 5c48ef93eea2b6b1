package dev.tapedeck.composer.io.job;

<<<<<<< HEAD
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.protocol.config.Redacted;
=======
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.RecordPath;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.store.StoreUri;
>>>>>>> main
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import java.io.IOException;
<<<<<<< HEAD
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
=======
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
>>>>>>> main
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
<<<<<<< HEAD
 * Tells the connector what jobs do, in the name of their app: each event by {@code POST /api/events/compose}, and before
 * the event of a completed job each of its files by {@code PUT /api/recordings/{id}/files/{name}}, so that whoever hears
 * the event finds the files in the library. All of it may be said twice: the connector knows events by X-Event-Id.
 */
public final class ConnectorSink implements EventSink {
  private static final Logger log = LoggerFactory.getLogger(ConnectorSink.class);
=======
 * Tells the connector what became of jobs, in the name of their app: first which files were made, so that the library
 * shows them, then the event ({@code POST /api/events/compose}, header {@code X-Event-Id}), so that whoever hears of the
 * end finds the files. Any 2xx means that the connector has it.
 */
public final class ConnectorSink implements EventSink {
  private static final Logger log = LoggerFactory.getLogger(ConnectorSink.class);
  private static final ObjectMapper JSON = new ObjectMapper();
>>>>>>> main
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI connector;
  private final Apps apps;
<<<<<<< HEAD
  private final BiFunction<String, String, Optional<Job>> jobs;
  private final LibraryFiles files;

  /**
   * @param jobs  finds a job by app and id
   * @param files which files of a job the connector can find in its store
   */
  public ConnectorSink(URI connector, Apps apps, BiFunction<String, String, Optional<Job>> jobs, LibraryFiles files) {
    this.connector = connector;
    this.apps = apps;
    this.jobs = jobs;
    this.files = files;
=======
  private final JobStore jobs;
  private final List<String> libraryPrefixes;

  /** @param stores places whose objects the connector can reach; files elsewhere are not told */
  public ConnectorSink(URI connector, Apps apps, JobStore jobs, List<StoreUri> stores) {
    this.connector = connector;
    this.apps = apps;
    this.jobs = jobs;
    libraryPrefixes = stores.stream().map(store -> "s3://" + store.bucket() + "/" + store.path()).toList();
>>>>>>> main
  }

  @Override
  public void deliver(String id, byte[] body) throws IOException {
<<<<<<< HEAD
    ComposeEvent event = compose(id, body);
    List<Redacted> secrets = apps.secrets(event.getApp());
    if (secrets.isEmpty()) {
      throw new IOException("event " + id + ": app " + event.getApp() + " has no secret any more");
    }
    String secret = secrets.getFirst().reveal();
    if (event.hasCompleted()) {
      Optional<Job> job = jobs.apply(event.getApp(), event.getJobId());
      for (LibraryFiles.Entry entry : job.map(files::of).orElse(List.of())) {
        register(secret, entry);
      }
    }
    int status = send(secret, "POST", "/api/events/compose", "application/x-protobuf",
        BodyPublishers.ofByteArray(body), id);
    if (status / 100 != 2) {
      throw new IOException("event " + id + ": " + connector + " answered " + status);
    }
  }

  /** A file the connector refuses is not offered again; a connector that is in trouble gets all of them once more. */
  private void register(String secret, LibraryFiles.Entry entry) throws IOException {
    int status = send(secret, "PUT", entry.path(), "application/json", BodyPublishers.ofString(entry.json()), "");
    if (status / 100 == 5) {
      throw new IOException(entry.path() + ": " + connector + " answered " + status);
    }
    if (status / 100 != 2) {
      log.atWarn().addKeyValue("file", entry.path()).addKeyValue("status", status)
          .log("the connector does not take a file into its library");
    }
  }

  private int send(String secret, String method, String path, String contentType, BodyPublisher body, String eventId)
      throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(connector.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + secret)
        .header("Content-Type", contentType)
        .method(method, body);
    if (!eventId.isEmpty()) {
      request.header("X-Event-Id", eventId);
    }
    try {
      HttpResponse<Void> response = client.send(request.build(), BodyHandlers.discarding());
      return response.statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(method + " " + path + ": interrupted", e);
    }
  }

  private static ComposeEvent compose(String id, byte[] body) {
    try {
      return HookEvent.parseFrom(body).getCompose();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("event " + id + " in the job table is no HookEvent", e);
=======
    ComposeEvent event = parse(body);
    List<Redacted> secrets = apps.secrets(event.getApp());
    if (secrets.isEmpty()) {
      throw new IOException("event " + id + ": app " + event.getApp() + " has no secret here any more");
    }
    String bearer = "Bearer " + secrets.getFirst().reveal();
    if (event.hasCompleted()) {
      tellFiles(event, bearer);
    }
    int status = send(HttpRequest.newBuilder(connector.resolve("/api/events/compose"))
        .header("Authorization", bearer)
        .header("Content-Type", "application/x-protobuf")
        .header("X-Event-Id", id)
        .POST(BodyPublishers.ofByteArray(body)));
    if (status / 100 != 2) {
      throw new IOException("event " + id + ": the connector answered " + status);
    }
  }

  private void tellFiles(ComposeEvent event, String bearer) throws IOException {
    Job job = jobs.find(event.getApp(), event.getJobId()).orElse(null);
    if (job == null || job.result().isEmpty()) {
      return;
    }
    for (OutputFile file : SummaryJson.read(job.result()).files()) {
      for (String prefix : libraryPrefixes) {
        if (file.uri().startsWith(prefix)) {
          tellFile(job, file, file.uri().substring(prefix.length()), bearer);
          break;
        }
      }
    }
  }

  private void tellFile(Job job, OutputFile file, String key, String bearer) throws IOException {
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
    URI target = connector.resolve("/api/recordings/" + RecordPath.recording(job.recordPath()) + "/files/"
        + KeySegment.escape(name));
    int status = send(HttpRequest.newBuilder(target)
        .header("Authorization", bearer)
        .header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofString(describe(file, key))));
    if (status >= 500 || status == 429) {
      throw new IOException("file " + name + " of job " + job.id() + ": the connector answered " + status);
    }
    if (status / 100 != 2) {
      log.atWarn().addKeyValue("job", job.id()).addKeyValue("file", name).addKeyValue("status", status)
          .log("the library does not take the file; it is in the store all the same");
    }
  }

  private static String describe(OutputFile file, String key) throws JsonProcessingException {
    boolean isSound = file.width() == 0;
    String extension = file.path().substring(file.path().lastIndexOf('.') + 1);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    json.put("contentType", (isSound ? "audio/" : "video/") + (extension.equals("mkv") ? "x-matroska" : extension));
    json.put("kind", file.kind().equals("compose") ? "composed" : "track");
    json.put("codecs", String.join(", ", file.codecs()));
    json.put("durationMs", file.durationMs());
    return JSON.writeValueAsString(json);
  }

  private int send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.timeout(TIMEOUT).build(), BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while telling the connector", e);
    }
  }

  private static ComposeEvent parse(byte[] body) {
    try {
      return HookEvent.parseFrom(body).getCompose();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("an event of our own cannot be read", e);
>>>>>>> main
    }
  }
}
