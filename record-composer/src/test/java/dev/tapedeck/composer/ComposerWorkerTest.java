package dev.tapedeck.composer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.testing.OpenApiContract;
import dev.tapedeck.composer.testing.TestConnector;
import dev.tapedeck.composer.testing.TestRecording;
import dev.tapedeck.composer.testing.TestRecording.Guest;
import dev.tapedeck.composer.testing.TestStore;
import dev.tapedeck.composer.testing.Waiting;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.ComposeEvent.EventCase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real worker over HTTP, with a real S3 API and a connector's door; every answer is held against openapi.json. */
class ComposerWorkerTest {
  private static final String SECRET = "secret-of-acme-0123456789-0123456789";
  private static final String OTHER_SECRET = "secret-of-umbrella-0123456789-0123456";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private TestStore store;
  private TestConnector connector;
  private ComposerWorker worker;
  private OpenApiContract contract;

  @BeforeEach
  void start() throws Exception {
    store = new TestStore(folder.resolve("store"));
    connector = new TestConnector(SECRET);
    worker = ComposerWorker.start(config());
    contract = new OpenApiContract(get("/openapi.json").body());
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
    connector.close();
    store.close();
  }

  /** S4-16, S4-18, S4-20, S4-21: the events of a job, with what was made of it. */
  @Test
  void convertsAndTellsTheConnector() throws Exception {
    TestRecording recording = recording("acme", "room 1").finalized();
    recording.writeTo(store.file("tapes", "rec"));
    connector.refuse(2);

    String id = accepted(post(SECRET, body(recording, "\"transmux\":{},\"compose\":{\"audio\":true,\"video\":true}")));
    JsonNode job = ended(id);

    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("completed");
    assertThat(job.path("verdict").asText()).isEqualTo("complete");
    assertThat(job.path("progress").asDouble()).isEqualTo(1);
    assertThat(job.path("files")).hasSize(3);
    Waiting.until("both events", () -> connector.events(id).size() == 2);
    assertThat(connector.kinds(id)).containsExactly(EventCase.STARTED, EventCase.COMPLETED);
    ComposeEvent completed = connector.events(id).getLast();
    assertThat(completed.getApp()).isEqualTo("acme");
    String summaryKey = completed.getCompleted().getTransmux().getMetadataJson().substring("s3://tapes/".length());
    assertThat(summaryKey).matches("rec/acme/transmux/[0-9]{4}/[0-9]{2}/[0-9]{2}/" + id + "/summary\\.json");
    assertThat(store.file("tapes", summaryKey)).exists();
    assertThat(completed.getCompleted().getTransmux().getPeersMap().get("ann").getSessionsMap().values())
        .allSatisfy(session -> assertThat(session.getTrackMap()).containsOnlyKeys("audio", "video"));
    assertThat(completed.getCompleted().getCompose().getMediaUri())
        .matches("s3://tapes/rec/acme/compose/.*/" + id + "\\.webm");
    assertThat(completed.getCompleted().getCompose().getDurationMs()).isBetween(1900L, 2200L);
    assertThat(connector.files()).hasSize(4).allSatisfy((path, file) -> {
      assertThat(path).startsWith("/api/recordings/5000000001/files/");
      assertThat(store.file("tapes", "rec/" + file.path("key").asText())).exists();
    });
    JsonNode composed = connector.files().values().stream()
        .filter(file -> file.path("kind").asText().equals("composed")).findFirst().orElseThrow();
    assertThat(composed.path("contentType").asText()).isEqualTo("video/webm");
    assertThat(composed.path("codecs").asText()).isEqualTo("vp8, opus");
    JsonNode summary = connector.files().get("/api/recordings/5000000001/files/summary.json");
    assertThat(summary.path("kind").asText()).isEqualTo("summary");
    assertThat(summary.path("contentType").asText()).isEqualTo("application/json");
    assertThat("rec/" + summary.path("key").asText()).isEqualTo(summaryKey);
  }

  @Test
  void waitsForTheRecordingToBeFinalized() throws Exception {
    TestRecording recording = recording("acme", "late");
    recording.writeTo(store.file("tapes", "rec"));

    String id = accepted(post(SECRET, body(recording, "\"transmux\":{}")));
    Waiting.until("it waits", () -> job(id).path("step").asText().contains("to be finalized"));
    assertThat(job(id).path("state").asText()).isIn("waiting", "running");
    recording.finalized().writeTo(store.file("tapes", "rec"));
    JsonNode job = ended(id);

    assertThat(job.path("verdict").asText()).as("%s", job).isEqualTo("complete");
    assertThat(job.path("attempts").asInt()).isEqualTo(1);
  }

  @Test
  void convertsWhatIsThereWhenTheRecordingIsNeverFinalized() throws Exception {
    restart("--composer.finalized-wait=500ms");
    TestRecording recording = recording("acme", "open");
    recording.writeTo(store.file("tapes", "rec"));

    JsonNode job = ended(accepted(post(SECRET, body(recording, "\"transmux\":{}"))));

    assertThat(job.path("state").asText()).isEqualTo("completed");
    assertThat(job.path("verdict").asText()).isEqualTo("partial");
    assertThat(job.path("partial").get(0).asText()).isEqualTo("not finalized");
  }

  @Test
  void failsWithAReasonWhenNothingWasEverStored() throws Exception {
    restart("--composer.first-chunk-wait=300ms");

    String id = accepted(post(SECRET, "{\"record_path\":\"acme/nobody/5000000001\",\"transmux\":{}}"));
    JsonNode job = ended(id);

    assertThat(job.path("error").asText()).contains("no recording at acme/nobody/5000000001/");
    Waiting.until("both events", () -> connector.events(id).size() == 2);
    assertThat(connector.kinds(id)).containsExactly(EventCase.STARTED, EventCase.FAILED);
  }

  /** A path that is well formed but names nothing is refused at once, and no job is made of it. */
  @Test
  void refusesARecordingThatTheConnectorDoesNotKnow() throws Exception {
    connector.tellRecordings(Map.of("5000000002", "böard/1"));

    HttpResponse<String> unknown = post(SECRET, "{\"record_path\":\"acme/nobody/5000000001\",\"transmux\":{}}");
    assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(404);
    assertThat(JSON.readTree(unknown.body()).path("code").asText()).isEqualTo("recording_not_found");
    assertThat(JSON.readTree(unknown.body()).path("message").asText()).contains("acme/nobody/5000000001");
    assertThat(post(SECRET, "{\"record_path\":\"acme/otherroom/5000000002\",\"transmux\":{}}").statusCode())
        .isEqualTo(404);
    assertThat(JSON.readTree(get("/api/convert/jobs", SECRET).body()).path("jobs")).isEmpty();

    accepted(post(SECRET, "{\"record_path\":\"acme/b%C3%B6ard%2F1/5000000002\",\"transmux\":{}}"));
  }

  @Test
  void takesWhatIsStoredThoughTheConnectorDoesNotKnowIt() throws Exception {
    connector.tellRecordings(Map.of());
    TestRecording recording = recording("acme", "kept").finalized();
    recording.writeTo(store.file("tapes", "rec"));

    JsonNode job = ended(accepted(post(SECRET, body(recording, "\"transmux\":{}"))));

    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("completed");
  }

  /** Fault q: both forms of custom_s3 for both parts. */
  @Test
  void takesPresignedUrlsForBothParts() throws Exception {
    TestRecording recording = recording("acme", "room").finalized();
    recording.writeTo(store.file("tapes", "rec"));

    String id = accepted(post(SECRET, body(recording,
        "\"transmux\":{\"custom_s3\":\"" + store.presignedPut("custom", "all.zip") + "\"},"
            + "\"compose\":{\"audio\":true,\"video\":false,\"custom_s3\":\"" + store.presignedPut("custom", "mix.webm")
            + "\"}")));
    JsonNode job = ended(id);

    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("completed");
    assertThat(store.file("custom", "mix.webm")).exists();
    try (ZipFile zip = new ZipFile(store.file("custom", "all.zip").toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName())).hasSize(3).contains("summary.json");
    }
    assertThat(job.toString()).doesNotContain("Signature");
  }

  @Test
  void takesStoreUrisForBothParts() throws Exception {
    TestRecording recording = recording("acme", "room").finalized();
    recording.writeTo(store.file("tapes", "rec"));

    String id = accepted(post(SECRET, body(recording,
        "\"transmux\":{\"custom_s3\":\"" + store.uri("custom", "t/") + "\",\"ogg\":true},"
            + "\"compose\":{\"audio\":true,\"video\":false,\"custom_s3\":\"" + store.uri("custom", "c/") + "\"}")));
    JsonNode job = ended(id);

    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("completed");
    assertThat(store.file("custom", "c/" + id + ".webm")).exists();
    assertThat(store.file("custom", "t/summary.json")).exists();
    assertThat(store.file("custom", "t/ann.ogg")).exists();
    assertThat(job.toString()).doesNotContain("pass");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://169.254.169.254/latest/meta-data",
      "http://key:secret@169.254.169.254/bucket/?path_style=true",
      "http://[::1]:9/x", "http://167772161/x", "http://10.0.0.1/x?X-Amz-Signature=s", "file:///etc/passwd",
      "https://metadata.google.internal/x", "ftp://example.com/x", "not a uri"})
  void refusesDestinationsThatAreNotOnThePublicInternet(String destination) throws Exception {
    HttpResponse<String> answer = post(SECRET,
        "{\"record_path\":\"acme/room/5000000001\",\"transmux\":{\"custom_s3\":\""
        + destination + "\"}}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("message").asText()).startsWith("transmux.custom_s3: ");
  }

  /** Fault o: a recording belongs to its app. */
  @ParameterizedTest
  @ValueSource(strings = {"umbrella/room/5000000001", "/umbrella/room/5000000001/"})
  void refusesTheRecordingOfAnotherApp(String path) throws Exception {
    HttpResponse<String> answer = post(SECRET, "{\"record_path\":\"" + path + "\",\"transmux\":{}}");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(JSON.readTree(answer.body()).path("status").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{\"record_path\":\"acme/room/5000000001\"}",
      "{\"record_path\":\"acme/room/5000000001\",\"compose\":{\"audio\":false,\"video\":false}}",
      "{\"transmux\":{}}",
      "{\"record_path\":\"acme/../umbrella/room/5000000001\",\"transmux\":{}}",
      "{\"record_path\":\"acme/../5000000001\",\"transmux\":{}}",
      "{\"record_path\":\"acme/room/x\",\"transmux\":{}}",
      "{\"record_path\":\"acme//5000000001\",\"transmux\":{}}",
      "{\"record_path\":7,\"transmux\":{}}",
      "[]", "null", "", "{"})
  void saysWhatIsWrongWithARequest(String body) throws Exception {
    HttpResponse<String> answer = post(SECRET, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("message").asText()).isNotEmpty();
  }

  @Test
  void escapedDotsStayAName() throws Exception {
    // %2E%2E is how a room called ".." is written; it is a room, not a way up.
    assertThat(post(SECRET, "{\"record_path\":\"acme/%2E%2E/5000000001\",\"transmux\":{}}")
        .statusCode()).isEqualTo(200);
    assertThat(post(SECRET, "{\"record_path\":\"%2e%2e/acme/5000000001\",\"transmux\":{}}")
        .statusCode()).isEqualTo(403);
  }

  @Test
  void opensOnlyToAppsAndTheirUsers() throws Exception {
    String body = "{\"record_path\":\"acme/room/5000000001\",\"transmux\":{}}";
    HttpResponse<String> refused = post("wrong", body);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(JSON.readTree(refused.body()).path("error").asText()).isEqualTo("Invalid token");
    assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(get("/api/convert/jobs").statusCode()).isEqualTo(401);

    TokenIssuer issuer = new TokenIssuer(Apps.of(Map.of("acme", List.of(Redacted.of(SECRET)))),
        System::currentTimeMillis);
    String id = accepted(post(issuer.user("acme", "u1", "admin", 60), body));
    assertThat(get("/api/convert/job/" + id, OTHER_SECRET).statusCode()).isEqualTo(404);
    assertThat(get("/api/convert/job/" + id, SECRET).statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(get("/api/convert/jobs", OTHER_SECRET).body()).path("jobs")).isEmpty();
    assertThat(send("DELETE", "/api/convert/job/" + id, OTHER_SECRET, "", null).statusCode()).isEqualTo(404);
  }

  @Test
  void answersTheSameJobUnderTheSameKey() throws Exception {
    String body = "{\"record_path\":\"acme/room/5000000001\",\"transmux\":{}}";

    String first = accepted(send("POST", "/api/convert/job", SECRET, body, "key-1"));
    String again = accepted(send("POST", "/api/convert/job", SECRET, body, "key-1"));
    String other = accepted(send("POST", "/api/convert/job", SECRET, body, "key-2"));
    HttpResponse<String> conflict = send("POST", "/api/convert/job", SECRET, body.replace("room", "r"), "key-1");

    assertThat(again).isEqualTo(first).isNotEqualTo(other);
    assertThat(conflict.statusCode()).isEqualTo(422);
    JsonNode page = JSON.readTree(get("/api/convert/jobs?pageSize=1", SECRET).body());
    assertThat(page.path("pagination").path("total").asInt()).isEqualTo(2);
    assertThat(page.path("pagination").path("totalPages").asInt()).isEqualTo(2);
    assertThat(get("/api/convert/jobs?pageSize=101", SECRET).statusCode()).isEqualTo(400);
  }

  /** The answer to a request that was accepted once does not change when its recording is erased. */
  @Test
  void answersTheSameJobThoughItsRecordingIsGone() throws Exception {
    connector.tellRecordings(Map.of("5000000001", "room"));
    String body = "{\"record_path\":\"acme/room/5000000001\",\"transmux\":{}}";
    String first = accepted(send("POST", "/api/convert/job", SECRET, body, "key-1"));
    connector.tellRecordings(Map.of());

    assertThat(accepted(send("POST", "/api/convert/job", SECRET, body, "key-1"))).isEqualTo(first);
    assertThat(send("POST", "/api/convert/job", SECRET, body, "key-2").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/api/convert/job", SECRET, body + " ", "key-1").statusCode()).isEqualTo(422);
  }

  /** RFC 9110 §15.5.6. */
  @Test
  void namesTheMethodsOfAKnownPath() throws Exception {
    Map<String, String> allowed = Map.of("/api/convert/job", "POST", "/api/convert/jobs", "GET, HEAD",
        "/api/convert/job/job_1", "DELETE, GET, HEAD", "/health", "GET, HEAD");
    for (Map.Entry<String, String> path : allowed.entrySet()) {
      HttpResponse<String> answer = client.send(HttpRequest.newBuilder(uri(path.getKey()))
          .PUT(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).as(path.getKey()).contains(path.getValue());
      assertThat(JSON.readTree(answer.body()).path("code").asText()).isEqualTo("method_not_allowed");
    }
  }

  @Test
  void cancelsAWaitingJob() throws Exception {
    String id = accepted(post(SECRET, "{\"record_path\":\"acme/room/5000000001\",\"transmux\":{}}"));

    assertThat(send("DELETE", "/api/convert/job/" + id, SECRET, "", null).statusCode()).isEqualTo(202);
    JsonNode job = ended(id);

    assertThat(job.path("error").asText()).isEqualTo("canceled");
    Waiting.until("both events", () -> connector.events(id).size() == 2);
    assertThat(connector.kinds(id)).containsExactly(EventCase.STARTED, EventCase.FAILED);
  }

  @Test
  void keepsNoSecretOfAJobThatHasEnded() throws Exception {
    String id = accepted(post(SECRET, "{\"record_path\":\"acme/room/5000000001\",\"transmux\":{\"custom_s3\":\""
        + store.uri("custom", "") + "\"}}"));
    send("DELETE", "/api/convert/job/" + id, SECRET, "", null);
    ended(id);

    restart();
    assertThat(job(id).path("state").asText()).isEqualTo("failed");
    String kept = jobRow(id);
    assertThat(kept).contains("acme/room/5000000001").doesNotContain("word");
  }

  @Test
  void servesHealthMetricsAndItsDescription() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body()).contains("tapedeck_composer_jobs{state=\"waiting\"}");
    HttpResponse<String> unknown = client.send(HttpRequest.newBuilder(uri("/nothing")).build(),
        BodyHandlers.ofString());
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(unknown.body()).path("code").asText()).isEqualTo("not_found");
    assertThat(post(SECRET, "x".repeat(70_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void describesEveryRouteItServesAndNoOther() {
    assertThat(contract.operations()).isEqualTo(worker.operations());
  }

  private static TestRecording recording(String app, String room) {
    return new TestRecording(app, room, 1)
        .with(new Guest("ann", new SynthSpec(1, 2, MediaCodec.VP8, 320, 180, 15), 0));
  }

  private static String body(TestRecording recording, String parts) {
    return "{\"record_path\":\"" + recording.path() + "\"," + parts + "}";
  }

  private ComposerConfig config(String... more) throws Exception {
    List<String> flags = Stream.concat(Stream.of("--http.port=0", "--composer.store=" + store.uri("tapes", "rec/"),
        "--composer.data=" + folder.resolve("data"), "--composer.poll=50ms", "--apps.acme.secrets=" + SECRET,
        "--apps.umbrella.secrets=" + OTHER_SECRET, "--connector.url=" + connector.url(),
        "--outbound.allow=127.0.0.1"), Stream.of(more)).toList();
    return Config.load(ConfigSource.of("", Map.of(), flags), ComposerConfig.class).get(ComposerConfig.class);
  }

  private void restart(String... flags) throws Exception {
    worker.close();
    worker = ComposerWorker.start(config(flags));
  }

  private String jobRow(String id) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/jobs.db"));
        var statement = connection.prepareStatement("SELECT request FROM job WHERE id = ?")) {
      statement.setString(1, id);
      return statement.executeQuery().getString(1);
    }
  }

  private JsonNode ended(String id) throws Exception {
    Waiting.until("job " + id + " ends", () -> job(id).path("state").asText().matches("completed|failed"));
    return job(id);
  }

  private JsonNode job(String id) throws Exception {
    return JSON.readTree(get("/api/convert/job/" + id, SECRET).body());
  }

  private static String accepted(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("data").path("job_id").asText();
  }

  private HttpResponse<String> post(String bearer, String body) throws Exception {
    return send("POST", "/api/convert/job", bearer, body, null);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return get(path, null);
  }

  private HttpResponse<String> get(String path, String bearer) throws Exception {
    return send("GET", path, bearer, "", null);
  }

  private HttpResponse<String> send(String method, String path, String bearer, String body, String key)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    if (contract != null) {
      contract.check(method, path, answer.statusCode(), answer.body());
    }
    return answer;
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + worker.port() + path);
  }
}
