package dev.tapedeck.connector.io.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FileRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RecordingRows.Recording;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/** {@code /api/recordings}: the library. */
final class RecordingRoutes {
  /** How long a link to a file holds: a long film with a pause. */
  private static final Duration LINK_VALIDITY = Duration.ofHours(2);
  private static final Set<String> KINDS = Set.of("composed", "track", "summary");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Api api;
  private final Database database;
  private final ObjectStore objects;
  private final FileAnswer files;
  private final TokenVerifier tokens;
  private final TokenIssuer issuer;
  private final LongSupplier wallMillis;

  RecordingRoutes(Api api, Database database, ObjectStore objects, TokenVerifier tokens, TokenIssuer issuer,
      LongSupplier wallMillis) {
    this.api = api;
    this.database = database;
    this.objects = objects;
    this.files = new FileAnswer(objects);
    this.tokens = tokens;
    this.issuer = issuer;
    this.wallMillis = wallMillis;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/api/recordings", api.guard(this::list));
    routes.get("/api/recordings/{id}", api.guard(this::get));
    routes.get("/api/recordings/{id}/manifest", api.guard(this::manifest));
    routes.get("/api/recordings/{id}/files/{name}", api.guard(this::file));
    routes.head("/api/recordings/{id}/files/{name}", api.guard(this::file));
    routes.put("/api/recordings/{id}/files/{name}", api.guard(this::putFile));
  }

  private void list(Context ctx) throws IOException {
    Caller caller = api.member(ctx);
    Api.Page page = Api.Page.of(ctx);
    Optional<String> room = Optional.ofNullable(ctx.queryParam("room")).filter(name -> !name.isEmpty());
    List<Map<String, Object>> recordings = new ArrayList<>();
    long total = database.read(handle -> {
      RecordingRows.page(handle, caller.app(), room, page.pageSize(), page.offset())
          .forEach(recording -> recordings.add(summary(handle, recording)));
      return RecordingRows.count(handle, caller.app(), room);
    });
    Api.json(ctx, 200, Map.of("recordings", recordings, "pagination", page.pagination(total)));
  }

  /** The summary, what the newest manifest says of sessions and gaps, and the files made from it. */
  private void get(Context ctx) throws IOException {
    Recording recording = recording(ctx);
    Map<String, Object> answer = database.read(handle -> {
      Map<String, Object> json = summary(handle, recording);
      json.put("closeReason", recording.closeReason());
      json.put("manifestVersion", recording.manifest());
      json.put("files", FileRows.of(handle, recording.app(), recording.recording()).stream()
          .map(file -> fileJson(recording, file)).toList());
      return json;
    });
    JsonNode manifest = recording.manifest() == 0
        ? JSON.createObjectNode() : JSON.readTree(objects.read(manifestKey(recording)));
    for (String member : List.of("sessions", "gaps", "intervals")) {
      answer.put(member, manifest.has(member) ? manifest.get(member) : JSON.createArrayNode());
    }
    Api.json(ctx, 200, answer);
  }

  private void manifest(Context ctx) throws IOException {
    Recording recording = recording(ctx);
    if (recording.manifest() == 0) {
      throw new ApiException(409, "not_finalized", "Recording not finalized",
          "wait for the event record.finalized; the recording is " + recording.state().text());
    }
    ctx.contentType("application/json").result(objects.read(manifestKey(recording)));
  }

  private void file(Context ctx) throws IOException {
    long recording = Api.recordingId(ctx);
    String name = ctx.pathParam("name");
    String app = ctx.queryParam("token") == null ? api.member(ctx).app() : appOfLink(ctx, recording, name);
    FileRows.StoredFile file = database.read(handle -> FileRows.find(handle, app, recording, name))
        .orElseThrow(() -> ApiException.notFound("File"));
    files.send(ctx, file);
  }

  /** Players and download links send no bearer; the link they were given holds for this one file, for a while. */
  private String appOfLink(Context ctx, long recording, String name) {
    try {
      TokenClaims claims = tokens.verify(ctx.queryParam("token"), TokenKind.FILE);
      if (claims.extraData().filter(fileOfLink(recording, name)::equals).isPresent()) {
        return claims.app();
      }
      throw ApiException.unauthorized("this link is for another file");
    } catch (TokenException e) {
      throw ApiException.unauthorized(e.getMessage());
    }
  }

  private static String fileOfLink(long recording, String name) {
    return recording + "/" + name;
  }

  /** For the composer: the app's backend, or a worker in its name, tells what it made. */
  private void putFile(Context ctx) throws IOException {
    Caller.Service service = api.service(ctx);
    Recording recording = find(service.app(), Api.recordingId(ctx));
    String name = ctx.pathParam("name");
    JsonNode body = Api.body(ctx);
    String key = Api.text(body, "key").orElse("");
    if (!Ids.isName(name) || name.contains("/")) {
      throw ApiException.badRequest("the file's name must be 1 to 128 bytes without control characters and slashes");
    }
    if (!key.startsWith(KeySegment.escape(service.app()) + "/") || !isPlain(key)) {
      throw ApiException.badRequest("key must begin with the caller's app, and hold no empty, '.' or '..' segment");
    }
    String contentType = Api.text(body, "contentType").orElse("application/octet-stream");
    if (!contentType.matches("[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,64}")) {
      throw ApiException.badRequest("contentType must be a plain media type such as video/webm");
    }
    String kind = Api.text(body, "kind").orElse("track");
    if (!KINDS.contains(kind)) {
      throw ApiException.badRequest("kind must be composed, track or summary");
    }
    String codecs = Api.text(body, "codecs").filter(Ids::isName).orElse("");
    long durationMs = Api.number(body, "durationMs", 0, 0, Long.MAX_VALUE);
    ObjectStore.Seen seen = objects.head(key).orElseThrow(() -> ApiException.badRequest("there is no such object"));
    database.run(handle -> FileRows.put(handle, service.app(), recording.recording(),
        new FileRows.StoredFile(name, key, contentType, kind, codecs, durationMs, seen.bytes()), wallMillis.getAsLong()));
    ctx.status(204);
  }

  private Recording recording(Context ctx) {
    return find(api.member(ctx).app(), Api.recordingId(ctx));
  }

  private Recording find(String app, long recording) {
    return database.read(handle -> RecordingRows.find(handle, app, recording))
        .orElseThrow(() -> ApiException.notFound("Recording"));
  }

  private static String manifestKey(Recording recording) {
    return ChunkKey.manifest(recording.app(), recording.room(), recording.recording(), recording.manifest());
  }

  private Map<String, Object> summary(Handle handle, Recording recording) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", recording.recording());
    json.put("app", recording.app());
    json.put("room", recording.room());
    json.put("title", recording.title());
    json.put("startedAt", Api.iso(OptionalLong.of(recording.startedMs().orElse(recording.openedMs()))));
    json.put("endedAt", Api.iso(recording.endedMs().isPresent() ? recording.endedMs() : recording.closedMs()));
    json.put("durationMs", durationMs(recording));
    json.put("bytes", recording.manifest() > 0
        ? recording.bytes() : TapeRows.promisedBytes(handle, recording.app(), recording.recording()));
    json.put("gapCount", recording.gaps());
    json.put("verdict", recording.verdict().map(Verdict::text).orElse(null));
    json.put("state", recording.state().text());
    json.put("peers", TapeRows.peers(handle, recording.app(), recording.recording()));
    return json;
  }

  /** Of the last manifest; before there is one, as long as it has run. */
  private long durationMs(Recording recording) {
    return recording.startedMs().isPresent()
        ? recording.endedMs().orElseThrow() - recording.startedMs().getAsLong()
        : recording.closedMs().orElseGet(wallMillis) - recording.openedMs();
  }

  private Map<String, Object> fileJson(Recording recording, FileRows.StoredFile file) {
    return Map.of("name", file.name(), "kind", file.kind(), "codecs", file.codecs(), "durationMs", file.durationMs(),
        "contentType", file.contentType(), "bytes", file.bytes(), "url", link(recording, file));
  }

  /** Straight to the store where people reach it, else through here. */
  private String link(Recording recording, FileRows.StoredFile file) {
    if (objects.publicEndpoint(file.key()).isPresent()) {
      return objects.presignGet(file.key(), LINK_VALIDITY).reveal();
    }
    return "/api/recordings/" + recording.recording() + "/files/" + KeySegment.percentEncode(file.name()) + "?token="
        + issuer.file(recording.app(), fileOfLink(recording.recording(), file.name()), LINK_VALIDITY.toSeconds());
  }

  private static boolean isPlain(String key) {
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return key.length() <= 1024 && key.chars().noneMatch(Character::isISOControl);
  }
}
