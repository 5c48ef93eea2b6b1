package dev.tapedeck.composer.io.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.RecordPath;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import java.io.IOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the connector what became of jobs, in the name of their app: first which files were made, so that the library
 * shows them, then the event ({@code POST /api/events/compose}, header {@code X-Event-Id}), so that whoever hears of the
 * end finds the files. Any 2xx means that the connector has it.
 */
public final class ConnectorSink implements EventSink {
  private static final Logger log = LoggerFactory.getLogger(ConnectorSink.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI connector;
  private final Apps apps;
  private final JobStore jobs;
  private final List<String> libraryPrefixes;

  /** @param stores places whose objects the connector can reach; files elsewhere are not told */
  public ConnectorSink(URI connector, Apps apps, JobStore jobs, List<StoreUri> stores) {
    this.connector = connector;
    this.apps = apps;
    this.jobs = jobs;
    libraryPrefixes = stores.stream().map(store -> "s3://" + store.bucket() + "/" + store.path()).toList();
  }

  @Override
  public void deliver(String id, byte[] body) throws IOException {
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
    }
  }
}
