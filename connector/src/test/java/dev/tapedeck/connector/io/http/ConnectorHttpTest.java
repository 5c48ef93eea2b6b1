package dev.tapedeck.connector.io.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.Await;
import dev.tapedeck.connector.Databases;
import dev.tapedeck.connector.NodeScript;
import dev.tapedeck.connector.Rig;
import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.connector.io.store.FeedHorizon;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.token.RecordPolicies;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.RecordPolicy;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route over a real server, database, store and stream. */
class ConnectorHttpTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final OpenApiContract CONTRACT = OpenApiContract.ofResource("/openapi/connector.json");
  private static final String OTHER_SECRET = "other-secret-other-secret-other";
  private static final long INSTANCE = 5_000_000_000L;
  private static final long RECORDING = 5_000_000_001L;
  private static final long SESSION = 5_000_000_003L;
  private static final List<String> HOSTILE = List.of(
      ".", "..", "a/b", "a b", "é😀", "<script>", "100%", "%2F", "a\\b", "a;b=c", "?q#f", "'\"", "10", "..a", "a'; DROP TABLE room;--",
      "\u202Egnp.exe", "x".repeat(128));

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Rig rig;
  private TokenIssuer issuer;
  private Javalin server;
  private ConnectorHttp http;
  private ConnectorClient node;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig(folder, Databases.SQLITE.url(folder), List.of(new Hook("acme", "back-end", Redacted.of("http://192.0.2.1/"),
        Redacted.of("s"), HookStyle.REFERENCE, List.of("room"))));
    issuer = new TokenIssuer(Rig.APPS, rig.clock::get);
    http = new ConnectorHttp(new ConnectorHttp.Parts(Rig.APPS, rig.tokens, issuer,
        rig.administration(), rig.database, rig.objects,
        rig.life.watch(), rig.feed, rig.hooks, rig.keys, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        Optional.of("https://meet.example.com"), rig.clock::get, new SplittableRandom(3), () -> { }));
    server = Javalin.create(config -> {
      ConnectorHttp.prepare(config);
      http.register(config.routes);
      http.registerFallback(config.routes);
    }).start("127.0.0.1", 0);
    node = rig.client(rig.link.port(), 1, new EventOutbox(10_000));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    http.close();
    server.stop();
    client.close();
    rig.close();
  }

  @Test
  void issuesMediaTokensInTheKnownEnvelope() throws Exception {
    JsonNode answer = json(200, send("POST", "/token/whip", Rig.SECRET,
        "{\"room\":\"r/1\",\"peer\":\"Zoë\",\"ttl\":60,\"record\":true,\"extra_data\":\"x\"}"));

    assertThat(answer.get("status").booleanValue()).isTrue();
    TokenClaims claims = rig.tokens.verify(answer.at("/data/token").textValue(), TokenKind.WHIP);
    assertThat(claims.app()).isEqualTo("acme");
    assertThat(claims.requireRoom()).isEqualTo("r/1");
    assertThat(claims.record()).isTrue();
    assertThat(json(200, send("POST", "/token/whep", "wrong", "{}")))
        .isEqualTo(JSON.readTree("{\"status\":false,\"error\":\"APP_TOKEN_INVALID\"}"));
    json(200, send("POST", "/token/whep", Rig.SECRET, "{\"room\":\"r\",\"ttl\":1}"));
    json(200, send("POST", "/token/webrtc", Rig.SECRET, "{\"ttl\":1}"));
  }

  @Test
  void refusesBadBodiesWithWhatToChange() throws Exception {
    for (String body : List.of("", "x", "[]", "{\"room\":\"r\",\"peer\":\"p\"}", "{\"room\":1,\"peer\":\"p\",\"ttl\":1}",
        "{\"room\":\"\",\"peer\":\"p\",\"ttl\":1}", "{\"room\":\"r\",\"peer\":\"a\\u0000\",\"ttl\":1}",
        "{\"room\":\"r\",\"peer\":\"p\",\"ttl\":0}", "{\"room\":\"r\",\"peer\":\"p\",\"ttl\":1,\"record\":\"yes\"}",
        "{\"room\":\"r\",\"peer\":\"p\",\"ttl\":1e3}", "[".repeat(50_000))) {
      isError(400, send("POST", "/token/whip", Rig.SECRET, body));
    }
    isError(413, send("POST", "/token/whip", Rig.SECRET, " ".repeat(65_537)));
    isError(401, send("POST", "/token/whip", null, "{}"));
    isError(400, send("GET", "/api/recordings?page=0", Rig.SECRET, null));
    isError(400, send("GET", "/api/events?after=-1", Rig.SECRET, null));
    isError(404, send("GET", "/api/nothing", Rig.SECRET, null));
    isError(404, send("GET", "/api/recordings/x", Rig.SECRET, null));
  }

  /** RFC 9110 §15.5.6. */
  @Test
  void namesTheMethodsOfAKnownPath() throws Exception {
    for (String path : List.of("/api/rooms", "/api/recordings/1", "/health", "/openapi.json", "/.well-known/tapedeck-keys.json")) {
      HttpResponse<String> answer = send("POST", path, Rig.SECRET, "{}");

      isError(405, answer);
      assertThat(answer.headers().firstValue("Allow").orElse("")).as(path).startsWith("GET, HEAD");
    }
    HttpResponse<String> answer = send("DELETE", "/token/whip", Rig.SECRET, null);
    isError(405, answer);
    assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS, POST");
    isError(404, send("POST", "/api/nothing", Rig.SECRET, "{}"));
    isError(404, send("POST", "/nothing", Rig.SECRET, "{}"));
  }

  /** D-13, S3-2: the app's backend chooses what is taped, for a token and for whoever enters by a link. */
  @Test
  void passesOnWhatIsToBeTaped() throws Exception {
    Optional<RecordPolicy> wanted = RecordPolicies.of(Optional.of("top"), Optional.of("audio"));
    JsonNode token = json(200, send("POST", "/token/whip", Rig.SECRET, "{\"room\":\"r1\",\"peer\":\"p\",\"ttl\":60,"
        + "\"record\":true,\"record_layers\":\"top\",\"record_media\":\"audio\"}"));
    assertThat(rig.tokens.verify(token.get("data").get("token").textValue(), TokenKind.WHIP).recordPolicy())
        .isEqualTo(wanted);
    JsonNode invite = json(201, send("POST", "/api/invites", Rig.SECRET,
        "{\"room\":\"r1\",\"record\":true,\"recordLayers\":\"top\",\"recordMedia\":\"audio\"}"));
    JsonNode joined = json(200, send("POST", "/api/invites/join", invite.get("token").textValue(), "{\"name\":\"Ann\"}"));
    assertThat(rig.tokens.verify(joined.get("whipToken").textValue(), TokenKind.WHIP).recordPolicy()).isEqualTo(wanted);
    assertThat(rig.tokens.verify(joined.get("token").textValue(), TokenKind.WEBRTC).recordPolicy()).isEqualTo(wanted);
    assertThat(rig.tokens.verify(joined.get("whepToken").textValue(), TokenKind.WHEP).peer())
        .as("A-16: whoever puts Ann out ends what she watches").contains("Ann");
    isError(400, send("POST", "/token/whip", Rig.SECRET,
        "{\"room\":\"r1\",\"peer\":\"p\",\"ttl\":60,\"record_layers\":\"best\"}"));
    isError(400, send("POST", "/api/invites", Rig.SECRET, "{\"room\":\"r1\",\"recordMedia\":1}"));
  }

  /** S1-5, S1-7b: whoever holds the app's secret can let somebody watch unseen, but not publish so. */
  @Test
  void grantsBeingHidden() throws Exception {
    JsonNode token = json(200, send("POST", "/token/whep", Rig.SECRET, "{\"room\":\"r1\",\"ttl\":60,\"hidden\":true}"));
    TokenClaims hidden = rig.tokens.verify(token.at("/data/token").textValue(), TokenKind.WHEP);
    assertThat(hidden.hidden() && !hidden.recorder()).isTrue();
    token = json(200, send("POST", "/token/webrtc", Rig.SECRET, "{\"ttl\":60,\"recorder\":true}"));
    assertThat(rig.tokens.verify(token.at("/data/token").textValue(), TokenKind.WEBRTC).recorder()).isTrue();
    for (String claim : List.of("hidden", "recorder")) {
      isError(400, send("POST", "/token/whip", Rig.SECRET,
          "{\"room\":\"r1\",\"peer\":\"p\",\"ttl\":60,\"" + claim + "\":true}"));
    }
  }

  @Test
  void letsInviteHoldersIntoTheirRoomAlone() throws Exception {
    JsonNode invite = json(201, send("POST", "/api/invites", Rig.SECRET, "{\"room\":\"r1\",\"record\":true}"));
    String token = invite.get("token").textValue();
    assertThat(invite.get("url").textValue()).startsWith("https://meet.example.com/meeting.html#invite=");

    JsonNode first = json(200, send("POST", "/api/invites/join", token, "{\"name\":\"Ann\"}"));
    JsonNode second = json(200, send("POST", "/api/invites/join", token, "{\"name\":\"Ann\"}"));

    assertThat(first.get("peer").textValue()).isEqualTo("Ann");
    assertThat(second.get("peer").textValue()).isEqualTo("Ann (2)");
    assertThat(rig.tokens.verify(first.get("whipToken").textValue(), TokenKind.WHIP).record()).isTrue();
    assertThat(rig.tokens.verify(first.get("whepToken").textValue(), TokenKind.WHEP).requireRoom()).isEqualTo("r1");
    TokenClaims both = rig.tokens.verify(second.get("token").textValue(), TokenKind.WEBRTC);
    assertThat(both.requireRoom()).isEqualTo("r1");
    assertThat(both.requirePeer()).isEqualTo("Ann (2)");
    assertThat(both.record()).isTrue();
    isError(403, send("GET", "/api/rooms", token, null));
    isError(403, send("GET", "/api/recordings", token, null));
    isError(403, send("GET", "/api/events", token, null));
    isError(403, send("POST", "/api/invites", token, "{\"room\":\"r2\"}"));
    isError(404, send("GET", "/api/rooms/r2", token, null));
    isError(403, send("POST", "/api/invites/join", Rig.SECRET, "{\"name\":\"Ann\"}"));
  }

  /** F o: no app reads, writes or names what is another's. */
  @Test
  void fencesEveryRouteByApp() throws Exception {
    taped("r1", "Ann").closeRecording("stop");
    node.flush(Duration.ofSeconds(20));
    rig.life.tick();
    rig.objects.put("acme/out/f.webm", "0123456789".getBytes(UTF_8), "video/webm");
    assertThat(send("PUT", file("f.webm"), Rig.SECRET, "{\"key\":\"acme/out/f.webm\"}").statusCode()).isEqualTo(204);
    String stranger = issuer.user("other", "u", "admin", 600);
    String foreignInvite = issuer.invite("other", "r1", false, 600);

    for (String bearer : List.of(OTHER_SECRET, stranger)) {
      assertThat(json(200, send("GET", "/api/rooms", bearer, null)).get("rooms")).isEmpty();
      assertThat(json(200, send("GET", "/api/recordings", bearer, null)).get("recordings")).isEmpty();
      assertThat(json(200, send("GET", "/api/events", bearer, null)).get("events")).isEmpty();
      isError(404, send("GET", "/api/rooms/r1", bearer, null));
      isError(404, send("GET", "/api/recordings/" + RECORDING, bearer, null));
      isError(404, send("GET", "/api/recordings/" + RECORDING + "/manifest", bearer, null));
      isError(404, send("GET", file("f.webm"), bearer, null));
      assertThat(send("HEAD", file("f.webm"), bearer, null).statusCode()).isEqualTo(404);
    }
    isError(404, send("PUT", file("f.webm"), OTHER_SECRET, "{\"key\":\"other/x\"}"));
    isError(400, send("PUT", file("g.webm"), Rig.SECRET, "{\"key\":\"other/x\"}"));
    isError(400, send("PUT", file("g.webm"), Rig.SECRET, "{\"key\":\"acme/../other/x\"}"));
    isError(403, send("PUT", file("g.webm"), stranger, "{\"key\":\"other/x\"}"));
    isError(404, send("GET", "/api/rooms/r1", foreignInvite, null));
    assertThat(firstEvents("/api/rooms/r1/events", OTHER_SECRET, 1).getFirst()).contains("\"peers\":[]");
    HookEvent foreign = HookEvent.newBuilder().setCompose(ComposeEvent.newBuilder().setApp("acme")).build();
    isError(400, sendBytes("/api/events/compose", OTHER_SECRET, foreign.toByteArray()));
  }

  @Test
  void refusesEveryRouteWithoutAGoodBearer() throws Exception {
    String expired = issuer.user("acme", "u", "admin", 1);
    rig.clock.addAndGet(1000);
    String whip = issuer.media(TokenKind.WHIP, "acme", TokenIssuer.Grant.of("r1", "p", false), 600);
    for (String bearer : new String[] {null, "", "x.y.z", expired, whip}) {
      for (String path : List.of("/api/rooms", "/api/rooms/r1", "/api/rooms/r1/events", "/api/recordings",
          "/api/recordings/1", "/api/recordings/1/manifest", "/api/recordings/1/files/x", "/api/events")) {
        isError(401, send("GET", path, bearer, null));
      }
      isError(401, send("POST", "/api/invites", bearer, "{\"room\":\"r\"}"));
      isError(401, send("POST", "/api/invites/join", bearer, "{\"name\":\"r\"}"));
      isError(401, send("POST", "/api/events/compose", bearer, "{}"));
      isError(401, send("PUT", "/api/recordings/1/files/x", bearer, "{}"));
    }
  }

  @Test
  void tellsRoomsAndRecordingsWithHostileNames() throws Exception {
    long number = 0;
    for (String name : HOSTILE) {
      NodeScript script = new NodeScript(node, rig, "acme", name, RECORDING + number);
      script.openRoom(INSTANCE + number);
      script.join(name, SESSION + number);
      script.track(name, SESSION + number, name, true);
      script.openRecording(INSTANCE + number);
      script.openTape(name, SESSION + number);
      script.seal(name, SESSION + number, 0);
      script.store(name, SESSION + number, 0);
      script.closeTape(name, SESSION + number, 1);
      node.flush(Duration.ofSeconds(20));

      JsonNode room = json(200, send("GET", "/api/rooms/" + KeySegment.escape(name), Rig.SECRET, null));
      assertThat(room.get("room").textValue()).isEqualTo(name);
      assertThat(room.at("/peers/0/peer").textValue()).isEqualTo(name);
      assertThat(room.at("/peers/0/tracks/0/name").textValue()).isEqualTo(name);
      assertThat(room.at("/recording/id").longValue()).isEqualTo(RECORDING + number);

      script.closeRecording("stop");
      node.flush(Duration.ofSeconds(20));
      rig.life.tick();
      JsonNode recording = json(200, send("GET", "/api/recordings/" + (RECORDING + number), Rig.SECRET, null));
      assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
      assertThat(recording.get("room").textValue()).isEqualTo(name);
      assertThat(recording.at("/sessions/0/peer").textValue()).isEqualTo(name);
      assertThat(json(200, send("GET", "/api/recordings?room=" + KeySegment.escape(name), Rig.SECRET, null))
          .at("/pagination/total").longValue()).isEqualTo(1);
      number++;
    }
    JsonNode page = json(200, send("GET", "/api/recordings?page=2&pageSize=4", Rig.SECRET, null));
    assertThat(page.get("recordings")).hasSize(4);
    assertThat(page.at("/pagination/total").longValue()).isEqualTo(HOSTILE.size());
    assertThat(page.at("/pagination/totalPages").longValue()).isEqualTo((HOSTILE.size() + 3) / 4);
  }

  @Test
  void sendsFilesWholeAndInRanges() throws Exception {
    taped("r1", "Ann");
    node.flush(Duration.ofSeconds(20));
    rig.objects.put("acme/out/f", "0123456789".getBytes(UTF_8), "video/webm");
    send("PUT", file("a b😀.webm"), Rig.SECRET, "{\"key\":\"acme/out/f\",\"contentType\":\"video/webm\"}");
    String path = file("a b😀.webm");

    HttpResponse<String> whole = send("GET", path, Rig.SECRET, null);
    String etag = whole.headers().firstValue("etag").orElseThrow();
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo("0123456789");
    assertThat(whole.headers().firstValue("content-type")).contains("video/webm");
    assertThat(whole.headers().firstValue("content-length")).contains("10");
    assertThat(whole.headers().firstValue("accept-ranges")).contains("bytes");
    assertThat(whole.headers().firstValue("content-disposition").orElseThrow()).contains("a%20b%F0%9F%98%80.webm");

    HttpResponse<String> part = send("GET", path, Rig.SECRET, null, "Range", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("234");
    assertThat(part.headers().firstValue("content-range")).contains("bytes 2-4/10");
    assertThat(send("GET", path, Rig.SECRET, null, "Range", "bytes=-3").body()).isEqualTo("789");
    assertThat(send("GET", path, Rig.SECRET, null, "Range", "bytes=7-").body()).isEqualTo("789");
    assertThat(send("GET", path, Rig.SECRET, null, "Range", "bytes=2-4", "If-Range", etag).statusCode()).isEqualTo(206);
    assertThat(send("GET", path, Rig.SECRET, null, "Range", "bytes=2-4", "If-Range", "\"x\"").statusCode()).isEqualTo(200);
    HttpResponse<String> beyond = send("GET", path, Rig.SECRET, null, "Range", "bytes=10-");
    isError(416, beyond);
    assertThat(beyond.headers().firstValue("content-range")).contains("bytes */10");
    assertThat(send("GET", path, Rig.SECRET, null, "If-None-Match", etag).statusCode()).isEqualTo(304);
    HttpResponse<String> head = send("HEAD", path, Rig.SECRET, null);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("content-length")).contains("10");
    isError(404, send("GET", file("nothing"), Rig.SECRET, null));
  }

  @Test
  void opensAFileByItsLinkAlone() throws Exception {
    taped("r1", "Ann");
    node.flush(Duration.ofSeconds(20));
    rig.objects.put("acme/out/f", "0123456789".getBytes(UTF_8), "video/webm");
    send("PUT", file("a.webm"), Rig.SECRET, "{\"key\":\"acme/out/f\",\"kind\":\"composed\",\"durationMs\":9}");
    send("PUT", file("b.webm"), Rig.SECRET, "{\"key\":\"acme/out/f\"}");
    JsonNode files = json(200, send("GET", "/api/recordings/" + RECORDING, Rig.SECRET, null)).get("files");
    String link = files.get(0).get("url").textValue();

    assertThat(send("GET", link, null, null).body()).isEqualTo("0123456789");
    assertThat(send("GET", link, null, null, "Range", "bytes=0-0").statusCode()).isEqualTo(206);
    isError(401, send("GET", link.replace("a.webm", "b.webm"), null, null));
    isError(401, send("GET", link.substring(0, link.length() - 2), null, null));
    isError(401, send("GET", file("a.webm") + "?token=" + issuer.user("acme", "u", "admin", 60), null, null));
    isError(404, send("GET", file("a.webm") + "?token=" + issuer.file("other", RECORDING + "/a.webm", 60), null, null));
    rig.clock.addAndGet(Duration.ofHours(2).toMillis());
    isError(401, send("GET", link, null, null));
  }

  @Test
  void streamsWhatHappensInARoom() throws Exception {
    String token = issuer.invite("acme", "r1", true, 600);
    HttpResponse<InputStream> stream = client.send(
        HttpRequest.newBuilder(uri("/api/rooms/r1/events")).header("Authorization", "Bearer " + token).build(),
        BodyHandlers.ofInputStream());
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      assertThat(nextEvent(lines)).startsWith("snapshot {").contains("\"peers\":[]");
      NodeScript script = taped("r1", "Ann");
      script.track("Ann", SESSION, "cam", true);
      script.track("Ann", SESSION, "cam", false);
      script.closeRecording("stop");
      script.leave("Ann", SESSION);

      assertThat(nextEvent(lines)).startsWith("room_started {").contains("\"instance\":" + INSTANCE);
      assertThat(nextEvent(lines)).startsWith("peer_joined {").contains("\"peer\":\"Ann\"");
      assertThat(nextEvent(lines)).startsWith("recording_started {");
      assertThat(nextEvent(lines)).startsWith("track_started {").contains("\"codec\":\"VP8\"");
      assertThat(nextEvent(lines)).startsWith("track_stopped {");
      assertThat(nextEvent(lines)).startsWith("recording_stopped {");
      assertThat(nextEvent(lines)).startsWith("peer_left {");
    }
    Await.until("the watcher is let go", () -> {
      taped("r1", "Ben").leave("Ben", SESSION);
      return rig.life.watch().watchers() == 0;
    });
  }

  @Test
  void feedsEventsByCursor() throws Exception {
    taped("r1", "Ann");
    node.flush(Duration.ofSeconds(20));
    HookEvent job = HookEvent.newBuilder().setCompose(ComposeEvent.newBuilder().setApp("acme").setJobId("j1")
        .setStarted(ComposeEvent.RecordJobStarted.getDefaultInstance())).build();
    for (int time = 0; time < 2; time++) {
      assertThat(sendBytes("/api/events/compose", Rig.SECRET, job.toByteArray(), "X-Event-Id", "j1-started")
          .statusCode()).isEqualTo(204);
    }

    List<String> kinds = new ArrayList<>();
    long after = 0;
    for (JsonNode page = feed(after); !page.get("events").isEmpty(); page = feed(after)) {
      assertThat(page.get("events").size()).isLessThanOrEqualTo(2);
      page.get("events").forEach(event -> kinds.add(event.get("kind").textValue()));
      after = page.get("next").longValue();
    }
    assertThat(kinds).containsExactly("room.started", "room.peer_joined", "peer.join", "record.started",
        "record.peer_joined", "compose.started");
  }

  /** D-8: whoever comes back after more than 30 days is told so, instead of being told less. */
  @Test
  void saysWhenACursorIsOlderThanTheFeed() throws Exception {
    NodeScript script = taped("r1", "Ann");
    node.flush(Duration.ofSeconds(60));
    long first = feed(0).get("events").get(0).get("id").longValue();
    rig.database.run(handle -> handle.execute("DELETE FROM hook_delivery"));
    rig.clock.addAndGet(Duration.ofDays(30).toMillis() + 1);
    rig.life.tick();

    HttpResponse<String> missed = send("GET", "/api/events?after=" + first, Rig.SECRET, null);
    isError(410, missed);
    long horizon = rig.database.<Long, RuntimeException>read(handle -> FeedHorizon.of(handle, "acme"));
    assertThat(missed.body()).contains("cursor_too_old", "go on after " + horizon);
    script.leave("Ann", SESSION);
    node.flush(Duration.ofSeconds(60));
    for (long cursor : new long[] {0, horizon}) {
      assertThat(feed(cursor).get("events").get(0).get("kind").textValue()).isEqualTo("room.peer_leaved");
    }
  }

  /** D-8: after the database was lost numbers begin anew, and whoever goes on from an old one would miss events in silence. */
  @Test
  void saysWhenACursorIsOfAnotherDatabase() throws Exception {
    taped("r1", "Ann");
    node.flush(Duration.ofSeconds(60));
    long newest = rig.database.<Long, RuntimeException>read(FeedHorizon::newest);

    HttpResponse<String> lost = send("GET", "/api/events?after=" + (newest + 1), Rig.SECRET, null);
    isError(410, lost);
    assertThat(lost.body()).contains("cursor_unknown");
    assertThat(feed(newest).get("events")).isEmpty();

    rig.database.run(handle -> handle.execute("DELETE FROM hook_delivery"));
    rig.clock.addAndGet(Duration.ofDays(30).toMillis() + 1);
    rig.life.tick();
    assertThat(feed(newest).get("next").longValue()).as("given up, and known").isEqualTo(newest);
  }

  /** D-8, F m: what a hook did not take can be listed and sent again, by its own app alone. */
  @Test
  void listsDeadLettersAndSendsThemAgain() throws Exception {
    taped("r1", "Ann");
    node.flush(Duration.ofSeconds(60));
    kill();
    JsonNode page = json(200, send("GET", "/api/hooks/dead-letters?pageSize=1", Rig.SECRET, null));
    JsonNode letter = page.get("deadLetters").get(0);

    assertThat(page.at("/pagination/total").longValue()).isEqualTo(2);
    assertThat(letter.get("hook").textValue()).isEqualTo("back-end");
    assertThat(letter.get("kind").textValue()).isEqualTo("room.started");
    assertThat(letter.get("error").textValue()).isEqualTo("status 410");
    assertThat(letter.get("firstAttemptAt")).as("the first attempt was the last").isEqualTo(letter.get("deadAt"));
    assertThat(json(200, send("GET", "/api/hooks/dead-letters?hook=other", Rig.SECRET, null)).at("/pagination/total")
        .longValue()).isZero();
    assertThat(json(200, send("GET", "/api/hooks/dead-letters", OTHER_SECRET, null)).get("deadLetters")).isEmpty();
    String retry = "/api/hooks/dead-letters/" + letter.get("id").textValue() + "/retry";
    isError(404, send("POST", retry, OTHER_SECRET, null));
    isError(403, send("POST", retry, issuer.user("acme", "u", "admin", 60), null));
    isError(404, send("POST", "/api/hooks/dead-letters/1-nobody/retry", Rig.SECRET, null));

    assertThat(json(202, send("POST", retry, Rig.SECRET, null)).get("queued").intValue()).isEqualTo(1);
    isError(404, send("POST", retry, Rig.SECRET, null));
    assertThat(json(202, send("POST", "/api/hooks/dead-letters/retry", Rig.SECRET, "{\"hook\":\"back-end\"}"))
        .get("queued").intValue()).isEqualTo(1);
    isError(404, send("POST", "/api/hooks/dead-letters/retry", OTHER_SECRET, "{\"hook\":\"back-end\"}"));
    assertThat(heads()).singleElement()
        .satisfies(head -> assertThat(head.attempts()).isZero());
  }

  /** D-14: anybody may have the keys, and may keep them a while. */
  @Test
  void givesPublicKeysToEverybody() throws Exception {
    String before = rig.keys.signer().keyId();
    String after = rig.keys.rotate(new SecureRandom(), rig.clock.get());
    HttpResponse<String> answer = send("GET", "/.well-known/tapedeck-keys.json", null, null);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).contains("public, max-age=300");
    assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
    assertThat(ManifestKeySet.parse(answer.body().getBytes(UTF_8)).keys()).extracting(ManifestKey::keyId)
        .containsExactly(after, before);
    assertThat(answer.body()).doesNotContain("\"d\"");
  }

  @Test
  void answersEveryErrorWithARequestIdAndLetsOtherOriginsRead() throws Exception {
    HttpResponse<String> given = send("GET", "/api/rooms", "wrong", null, "X-Request-Id", "abc-1");
    HttpResponse<String> forged = send("GET", "/api/rooms", "wrong", null, "X-Request-Id", "a b");

    assertThat(JSON.readTree(given.body()).get("requestId").textValue()).isEqualTo("abc-1");
    assertThat(JSON.readTree(forged.body()).get("requestId").textValue()).matches("[0-9a-f]{16}");
    assertThat(given.headers().firstValue("www-authenticate")).contains("Bearer");
    HttpResponse<String> preflight = send("OPTIONS", "/api/recordings", null, null);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-origin")).contains("*");
  }

  /** A caller whose long body is refused reads why: the connection is not reset under the answer. */
  @Test
  void hearsACallerOutBeforeItRefuses() throws Exception {
    byte[] body = new byte[1_000_000];
    String request = "POST /api/invites HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer wrong\r\n";
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      OutputStream out = socket.getOutputStream();
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      out.write((request + "Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
      out.write(body);
      out.flush();
      assertThat(in.readLine()).isEqualTo("HTTP/1.1 401 Unauthorized");

      out.write((request + "Content-Length: 0\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      out.flush();
      assertThat(in.lines()).filteredOn(line -> line.endsWith("HTTP/1.1 401 Unauthorized")).hasSize(1);
    }
  }

  @Test
  void tellsOperatorsHowItIs() throws Exception {
    assertThat(json(200, send("GET", "/health", null, null)).get("status").textValue()).isEqualTo("ok");
    json(200, send("GET", "/ready", null, null));
    assertThat(send("GET", "/metrics", null, null).statusCode()).isEqualTo(200);
    rig.database.close();
    assertThat(send("GET", "/ready", null, null).statusCode()).isEqualTo(503);
  }

  @Test
  void describesExactlyTheRoutesThereAre() throws Exception {
    Set<String> described =
        OpenApiContract.of(json(200, send("GET", "/openapi.json", null, null)).toString()).operations();
    Set<String> there = new TreeSet<>();
    server.unsafe.internalRouter.allHttpHandlers().forEach(handler -> {
      String method = handler.endpoint.method.name();
      if (!handler.endpoint.path.contains("*") && !method.equals("BEFORE")) {
        there.add(method + " " + handler.endpoint.path);
      }
    });

    assertThat(described).isEqualTo(there);
  }

  /** What the other tests do not ask; each answer is held against the document by {@link #send}. */
  @Test
  void describesEveryAnswerOfEveryOperation() throws Exception {
    taped("1", "Ann");
    node.flush(Duration.ofSeconds(20));
    for (String operation : CONTRACT.operations()) {
      String method = operation.substring(0, operation.indexOf(' '));
      String path = operation.substring(method.length() + 1).replaceAll("\\{[a-z]+}", "1");
      if (path.endsWith("/rooms/1/events")) {
        continue; // endless; streamsWhatHappensInARoom reads it
      }
      for (String bearer : new String[] {null, "wrong", Rig.SECRET, issuer.invite("acme", "other", true, 600)}) {
        for (String body : List.of("{}", "no json", "x".repeat(Api.MAX_BODY_BYTES + 1))) {
          send(method, path, bearer, method.equals("GET") || method.equals("HEAD") ? null : body);
        }
      }
    }
  }

  /** As if the receiver had answered 410 to everything. */
  private void kill() {
    for (List<FeedRows.Delivery> heads = heads(); !heads.isEmpty(); heads = heads()) {
      heads.forEach(head -> rig.database.run(handle -> FeedRows.dead(handle, head, "status 410", rig.clock.get())));
    }
  }

  private List<FeedRows.Delivery> heads() {
    return rig.database.read(FeedRows::heads);
  }

  private NodeScript taped(String room, String peer) throws Exception {
    NodeScript script = new NodeScript(node, rig, "acme", room, RECORDING);
    script.openRoom(INSTANCE);
    script.join(peer, SESSION);
    script.openRecording(INSTANCE);
    script.openTape(peer, SESSION);
    return script;
  }

  private JsonNode feed(long after) throws Exception {
    return json(200, send("GET", "/api/events?limit=2&after=" + after, Rig.SECRET, null));
  }

  private List<String> firstEvents(String path, String bearer, int count) throws Exception {
    HttpResponse<InputStream> stream = client.send(
        HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + bearer).build(), BodyHandlers.ofInputStream());
    List<String> events = new ArrayList<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      while (events.size() < count) {
        events.add(nextEvent(lines));
      }
    }
    return events;
  }

  private static String nextEvent(BufferedReader lines) throws Exception {
    String event = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        return event + " " + line.substring(6);
      }
    }
    throw new AssertionError("the stream ended");
  }

  private static String file(String name) {
    return "/api/recordings/" + RECORDING + "/files/" + KeySegment.escape(name);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpResponse<String> send(String method, String path, String bearer, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method,
        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    CONTRACT.check(answer);
    return answer;
  }

  private HttpResponse<String> sendBytes(String path, String bearer, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + bearer)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    CONTRACT.check(answer);
    return answer;
  }

  private static JsonNode json(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private static void isError(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.uri() + " " + response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body());
    for (String member : List.of("error", "code", "message", "requestId")) {
      assertThat(error.path(member).textValue()).as(member + " of " + response.body()).isNotBlank();
    }
  }
}
