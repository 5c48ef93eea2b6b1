package dev.tapedeck.composer.io.job;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import java.io.IOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the connector what jobs do, in the name of their app: each event by {@code POST /api/events/compose}, and before
 * the event of a completed job each of its files by {@code PUT /api/recordings/{id}/files/{name}}, so that whoever hears
 * the event finds the files in the library. All of it may be said twice: the connector knows events by X-Event-Id.
 */
public final class ConnectorSink implements EventSink {
  private static final Logger log = LoggerFactory.getLogger(ConnectorSink.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI connector;
  private final Apps apps;
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
  }

  @Override
  public void deliver(String id, byte[] body) throws IOException {
    ComposeEvent event = compose(id, body);
    List<Redacted> secrets = apps.secrets(event.getApp());
    if (secrets.isEmpty()) {
      throw new IOException("event " + id + ": app " + event.getApp() + " has no secret any more");
    }
    String secret = secrets.getFirst().reveal();
    if (event.hasCompleted()) {
      Optional<Job> job = jobs.apply(event.getApp(), event.getJobId());
      for (LibraryFiles.Entry entry : job.map(ended -> files.of(ended, event.getCompleted()))
          .orElse(List.of())) {
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
    }
  }
}
