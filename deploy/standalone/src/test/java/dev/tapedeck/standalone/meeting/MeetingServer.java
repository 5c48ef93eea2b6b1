package dev.tapedeck.standalone.meeting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.TapedeckMain;
import dev.tapedeck.standalone.browser.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** {@code tapedeck standalone} as its own process, and its API as a backend with the operator's token uses it. */
final class MeetingServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern READY = Pattern.compile("Tapedeck is running on (http://\\S+)");
  private static final Pattern RECORDINGS = Pattern.compile("Recordings\\s+(http://\\S+#token=(\\S+))");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerProcess process;
  private final MatchResult recordings;

  /** @param folder of the data and the log; made if it is not there */
  MeetingServer(Path folder) {
    process = ServerProcess.start(TapedeckMain.class, folder.resolve("standalone.log"), READY, "standalone",
        "--data=" + folder.resolve("data"), "--http.port=0", "--record.grace=1s");
    recordings = Await.until("the link to the recordings", process::log, log -> RECORDINGS.matcher(log).find())
        .lines().map(RECORDINGS::matcher).filter(line -> line.find()).findFirst().orElseThrow().toMatchResult();
  }

  /** The recordings page, with the operator's token behind the '#'. */
  String recordingsLink() {
    return recordings.group(1);
  }

  /** A link for people into a room whose meetings are recorded. */
  String invite(String room) {
    return post("/api/invites", Map.of("room", room, "record", true, "ttlSeconds", 3600)).get("url").asText();
  }

  /** Ends somebody's stay, as an administrator. */
  void kick(String room, String peer, String reason) {
    post("/api/admin/rooms/" + room + "/peers/" + peer + "/kick", Map.of("reason", reason));
  }

  /** Waits until the one recording of the room is closed with nothing missing, and returns it with all details. */
  JsonNode awaitComplete(String room) {
    JsonNode listed = Await.until("the recording of " + room + " to be complete",
        () -> get("/api/recordings?room=" + room).get("recordings"),
        found -> found.size() == 1 && found.get(0).path("verdict").asText().equals("complete")).get(0);
    return recording(listed.get("id").asLong());
  }

  JsonNode recording(long id) {
    return get("/api/recordings/" + id);
  }

  JsonNode manifest(long id) {
    return get("/api/recordings/" + id + "/manifest");
  }

  /** Makes one file per track and waits for them. */
  void transmux(JsonNode recording) {
    String path = recording.get("app").asText() + "/" + recording.get("room").asText() + "/"
        + recording.get("id").asText();
    String job = post("/api/convert/job", Map.of("record_path", path, "transmux", Map.of()))
        .get("data").get("job_id").asText();
    JsonNode ended = Await.until("job " + job + " to end", () -> get("/api/convert/job/" + job),
        found -> List.of("completed", "failed").contains(found.get("state").asText()));
    if (!ended.get("state").asText().equals("completed")) {
      throw new AssertionError("the conversion failed: " + ended);
    }
  }

  /** Fetches all files made of a recording that was converted, as soon as the library has the last of them. */
  MeetingFiles download(long id, Path folder) throws IOException {
    List<JsonNode> files = Await.until("the summary of recording " + id + " in the library", () -> files(id),
        listed -> listed.stream().anyMatch(file -> file.get("kind").asText().equals("summary")));
    for (JsonNode file : files) {
      send(HttpRequest.newBuilder(URI.create(process.baseUrl()).resolve(file.get("url").asText())),
          BodyHandlers.ofFile(folder.resolve(file.get("name").asText())));
    }
    return MeetingFiles.of(folder, files);
  }

  /** It answers nothing until it is thawed. */
  void freeze() throws IOException, InterruptedException {
    process.freeze();
  }

  void thaw() throws IOException, InterruptedException {
    process.thaw();
  }

  /** Errors of the server's log. */
  List<String> errors() {
    return process.log().lines().filter(line -> line.contains(" ERROR ") || line.startsWith("\tat ")).toList();
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
    http.close();
  }

  private List<JsonNode> files(long id) {
    return StreamSupport.stream(recording(id).get("files").spliterator(), false).toList();
  }

  private JsonNode get(String path) {
    return json(request(path));
  }

  private JsonNode post(String path, Map<String, Object> body) {
    return json(request(path).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.valueToTree(body).toString())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(process.baseUrl() + path))
        .header("Authorization", "Bearer " + recordings.group(2));
  }

  private JsonNode json(HttpRequest.Builder request) {
    try {
      return JSON.readTree(send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T send(HttpRequest.Builder request, BodyHandler<T> handler) throws IOException {
    try {
      HttpResponse<T> answer = http.send(request.build(), handler);
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError(answer.request().uri() + " answered " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
