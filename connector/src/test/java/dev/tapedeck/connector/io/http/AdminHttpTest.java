package dev.tapedeck.connector.io.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.Await;
import dev.tapedeck.connector.Databases;
import dev.tapedeck.connector.NodeScript;
import dev.tapedeck.connector.Rig;
import dev.tapedeck.media.io.connector.CommandListener;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.wire.Audited;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeStats;
import dev.tapedeck.protocol.wire.ReceivedStats;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.RecordingPaused;
import dev.tapedeck.protocol.wire.RevokedToken;
import dev.tapedeck.protocol.wire.RevokedTokens;
import dev.tapedeck.protocol.wire.SentTrackStats;
import dev.tapedeck.protocol.wire.SessionStats;
import dev.tapedeck.protocol.wire.TrackSilenced;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S1-7b: the admin API over a real server, database and stream; the media server's part is scripted. */
class AdminHttpTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final OpenApiContract CONTRACT = OpenApiContract.ofResource("/openapi/connector.json");
  private static final String KEY = Rig.ADMIN_KEYS.getFirst().reveal();
  private static final long INSTANCE = 5_000_000_000L;
  private static final long RECORDING = 5_000_000_001L;
  private static final long SESSION = 5_000_000_003L;

  /** Notes what it is ordered to do and told, and answers as the test says. */
  private static final class Orders implements CommandListener {
    final List<Command> commands = new CopyOnWriteArrayList<>();
    final Map<String, Long> revoked = new ConcurrentHashMap<>();
    volatile CommandResult answer = CommandResult.getDefaultInstance();

    @Override
    public CommandResult handle(Command command) {
      commands.add(command);
      return answer;
    }

    @Override
    public void revoked(RevokedTokens tokens) {
      tokens.getTokensList().forEach(token -> revoked.put(token.getHash(), token.getExpiresMs()));
    }
  }

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Orders orders = new Orders();
  private Rig rig;
  private TokenIssuer issuer;
  private Javalin server;
  private ConnectorHttp http;
  private ConnectorClient node;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig(folder, Databases.SQLITE.url(folder), List.of());
    issuer = new TokenIssuer(Rig.APPS, rig.clock::get);
    http = new ConnectorHttp(new ConnectorHttp.Parts(Rig.APPS, rig.tokens, issuer, rig.administration(), rig.database,
        rig.objects, rig.life.watch(), rig.feed, rig.hooks, rig.keys,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), Optional.empty(), rig.clock::get, new SplittableRandom(3),
        () -> { }));
    server = Javalin.create(config -> {
      ConnectorHttp.prepare(config);
      http.register(config.routes);
      http.registerFallback(config.routes);
    }).start("127.0.0.1", 0);
    node = rig.client(rig.link.port(), 7, new EventOutbox(10_000), orders);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    http.close();
    server.stop();
    client.shutdownNow(); // streams that a failed test left open are nobody's any more
    rig.close();
  }

  @Test
  void letsAdministratorsInAndNobodyElse() throws Exception {
    occupied("r1");
    List<String> administrators = List.of(KEY, Rig.ADMIN_KEYS.getLast().reveal(), user("acme", "admin"));
    for (String bearer : administrators) {
      assertThat(json(200, send("GET", "/api/admin/rooms", bearer, null)).get("rooms")).hasSize(1);
    }
    String invite = issuer.invite("acme", "r1", false, 600);
    for (String bearer : List.of(Rig.SECRET, user("acme", "member"), invite)) {
      isError(403, send("GET", "/api/admin/rooms", bearer, null));
      isError(403, send("GET", "/api/admin/live", bearer, null));
      isError(403, send("GET", "/api/admin/audit", bearer, null));
      isError(403, send("POST", "/api/admin/rooms/r1/close", bearer, null));
      isError(403, send("POST", "/api/admin/tokens/revoke", bearer, "{\"token\":\"" + invite + "\"}"));
    }
    for (String bearer : new String[] {null, "", "wrong", KEY + "x", KEY.substring(1)}) {
      isError(401, send("GET", "/api/admin/rooms", bearer, null));
      isError(401, send("POST", "/api/admin/rooms/r1/close", bearer, null));
    }
    String foreigner = user("other", "admin");
    isError(404, send("GET", "/api/admin/rooms/r1", foreigner, null));
    isError(404, send("POST", "/api/admin/rooms/r1/close", foreigner, null));
    assertThat(json(200, send("GET", "/api/admin/rooms", foreigner, null)).get("rooms")).isEmpty();
    assertThat(orders.commands).as("nothing was ordered").isEmpty();

    JsonNode audit = json(200, send("GET", "/api/admin/audit", KEY, null)).get("entries");
    assertThat(audit).hasSize(6).allMatch(line -> line.get("outcome").textValue().equals("refused: not an administrator"));
    assertThat(audit.findValuesAsText("actor")).contains("app", "user:Zoë", "guest");
    assertThat(json(200, send("GET", "/api/admin/audit", foreigner, null)).get("entries"))
        .as("its own alone").hasSize(1);
    // An admin key reads what the app's people read, and is no secret of its backend.
    json(200, send("GET", "/api/rooms/r1", KEY, null));
    isError(403, send("GET", "/api/hooks/dead-letters", KEY, null));
  }

  @Test
  void kicksAPeerAndRevokesItsToken() throws Exception {
    occupied("r1");
    String token = whip("Ann");
    TokenClaims claims = rig.tokens.verify(token, TokenKind.WHIP);
    orders.answer = CommandResult.newBuilder().addRevoked(RevokedToken.newBuilder()
        .setHash(claims.fingerprint().hash()).setExpiresMs(claims.expiresAtMillis())).build();

    JsonNode answer = json(200, send("POST", "/api/admin/rooms/r1/peers/Ann/kick", KEY, "{\"reason\":\"too loud\"}"));

    assertThat(answer.get("revokedTokens").intValue()).isEqualTo(1);
    assertThat(orders.commands).singleElement().satisfies(command -> {
      assertThat(command.getKickPeer().getPeer()).isEqualTo("Ann");
      assertThat(command.getKickPeer().getReason()).isEqualTo("too loud");
    });
    Await.until("the media server is told", () -> orders.revoked.containsKey(claims.fingerprint().hash()));
    Orders others = new Orders();
    try (ConnectorClient again = rig.client(rig.link.port(), 8, new EventOutbox(10), others)) {
      Await.until("one that attaches is told, too", again::isAttached);
      assertThat(others.revoked).as("before it is welcome").containsOnlyKeys(claims.fingerprint().hash());
    }
    assertThat(last(json(200, send("GET", "/api/admin/audit", KEY, null)).get("entries")).toString())
        .contains("\"action\":\"kick_peer\"", "\"target\":\"peer:Ann\"", "\"room\":\"r1\"", "\"detail\":\"too loud\"",
            "\"outcome\":\"done\"", "\"actor\":\"admin-key:");
    json(200, send("POST", "/api/admin/tokens/revoke", KEY, "{\"token\":\"" + token + "\"}"));
    assertThat(rig.life.revocations().messages().getFirst().getTokensList()).as("revoked already").hasSize(1);
  }

  /** What a flood of forbidden calls costs is a few lines, in which it is counted. */
  @Test
  void aFloodOfForbiddenCallsDoesNotFillTheLog() throws Exception {
    int calls = 40;
    for (int i = 0; i < calls; i++) {
      isError(403, send("POST", "/api/admin/rooms/r" + i + "/close", user("acme", "member"), null));
    }
    for (int i = 0; i < calls; i++) {
      tell(NodeEvent.newBuilder().setAudited(Audited.newBuilder().setApp("acme").setRoom("r1").setActor("peer:eve" + i)
          .setAction("join_hidden").setRefusal("the token has no claim \"hidden\"")));
    }
    tell(NodeEvent.newBuilder().setAudited(Audited.newBuilder().setApp("acme").setRoom("r1").setActor("peer:bot")
        .setAction("join_hidden")));
    node.flush(Duration.ofSeconds(60));

    JsonNode lines = json(200, send("GET", "/api/admin/audit?limit=1000", KEY, null)).get("entries");
    assertThat(lines.size()).as(lines.toString()).isBetween(4, 25);
    assertThat(lines.findValuesAsText("outcome")).as("what is granted is never left out").contains("done");
  }

  @Test
  void oneCallerOfTheAdminApiIsLimited() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/api/admin/audit?limit=1"))
        .header("Authorization", "Bearer " + KEY).build();
    Optional<HttpResponse<String>> refused = Optional.empty();
    for (int round = 0; round < 50 && refused.isEmpty(); round++) {
      List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
          .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofString())).toList();
      refused = answers.stream().map(CompletableFuture::join).toList().stream()
          .filter(answer -> answer.statusCode() != 200).findFirst();
    }
    isError(429, refused.orElseThrow());
    CONTRACT.check(refused.orElseThrow());
    assertThat(refused.orElseThrow().headers().firstValue("Retry-After")).hasValue("1");
    assertThat(send("GET", "/api/admin/audit", user("acme", "admin"), null).statusCode()).as("another").isEqualTo(200);
  }

  @Test
  void aStreamEndsWithTheTokenThatOpenedIt() throws Exception {
    String invite = issuer.invite("acme", "r1", false, 600);
    try (BufferedReader revoked = stream("/api/rooms/r1/events", invite);
        BufferedReader expired = stream("/api/admin/live", user("acme", "admin"));
        BufferedReader other = stream("/api/admin/rooms/r1/live", KEY)) {
      for (BufferedReader lines : List.of(revoked, expired, other)) {
        assertThat(nextEvent(lines)).startsWith("snapshot ");
      }
      json(200, send("POST", "/api/admin/tokens/revoke", KEY, "{\"token\":\"" + invite + "\"}"));
      assertThat(nextEvent(revoked)).isEqualTo("end {\"reason\":\"unauthorized\"}");
      assertThat(revoked.readLine()).isNull();
      rig.clock.addAndGet(600_000);
      assertThat(nextEvent(expired)).isEqualTo("end {\"reason\":\"unauthorized\"}");
      assertThat(expired.readLine()).isNull();
      occupied("r1");
      assertThat(nextEvent(other)).as("an admin key does not end").startsWith("room_started ");
    }
  }

  private BufferedReader stream(String path, String bearer) throws Exception {
    HttpResponse<InputStream> stream = client.send(
        HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + bearer).build(),
        BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(stream.body(), UTF_8));
  }

  @Test
  void forgetsRevokedTokensWhenTheyHaveExpiredAndNotBefore() throws Exception {
    String token = issuer.user("acme", "Zoë", "member", 600);
    json(200, send("GET", "/api/rooms", token, null));
    json(200, send("POST", "/api/admin/tokens/revoke", KEY, "{\"token\":\"" + token + "\",\"reason\":\"lost\"}"));

    isError(401, send("GET", "/api/rooms", token, null));
    rig.clock.addAndGet(Duration.ofSeconds(599).toMillis());
    rig.life.tick();
    assertThat(rig.life.revocations().messages()).hasSize(1);
    rig.clock.addAndGet(1000);
    rig.life.tick();
    assertThat(rig.life.revocations().messages()).isEmpty();
    isError(401, send("GET", "/api/rooms", token, null));
    isError(404, send("POST", "/api/admin/tokens/revoke", KEY,
        "{\"token\":\"" + issuer.user("other", "u", "member", 60) + "\"}"));
    for (String body : List.of("{}", "{\"token\":1}", "{\"token\":\"x\"}", "{\"token\":\"" + "x".repeat(9000) + "\"}")) {
      isError(400, send("POST", "/api/admin/tokens/revoke", KEY, body));
    }
  }

  @Test
  void passesOrdersOnToTheMediaServerOfTheRoom() throws Exception {
    occupied("r/1");
    orders.answer = CommandResult.newBuilder().setRecording(RECORDING + 1).build();
    String room = "/api/admin/rooms/r%2F1";
    assertThat(json(200, send("POST", room + "/recording/start", KEY, "{\"recordMedia\":\"audio\"}"))
        .get("recording").longValue()).isEqualTo(RECORDING + 1);
    assertThat(rig.recording("acme", RECORDING + 1).state().text()).isEqualTo("armed");
    for (String verb : List.of("pause", "resume", "stop")) {
      json(200, send("POST", room + "/recording/" + verb, KEY, null));
    }
    json(200, send("POST", room + "/peers/Ann/tracks/cam/mute", KEY, null));
    json(200, send("POST", room + "/peers/Ann/tracks/cam/unmute", KEY, null));
    json(200, send("POST", room + "/close", KEY, "{\"reason\":\"over\"}"));

    assertThat(orders.commands).extracting(Command::getCommandCase).containsExactly(
        Command.CommandCase.START_RECORDING, Command.CommandCase.PAUSE_RECORDING, Command.CommandCase.PAUSE_RECORDING,
        Command.CommandCase.STOP_RECORDING, Command.CommandCase.MUTE_TRACK, Command.CommandCase.MUTE_TRACK,
        Command.CommandCase.CLOSE_ROOM);
    assertThat(orders.commands.getFirst().getStartRecording().getPolicy().getMedia())
        .isEqualTo(RecordPolicy.Media.AUDIO);
    assertThat(orders.commands.get(4).getMuteTrack().getMuted()).isTrue();
    assertThat(orders.commands.getLast().getCloseRoom().getReason()).isEqualTo("over");
    assertThat(json(200, send("GET", "/api/admin/audit", KEY, null)).get("entries").findValuesAsText("action"))
        .containsExactly("start_recording", "pause_recording", "resume_recording", "stop_recording", "mute_track",
            "unmute_track", "close_room");
  }

  @Test
  void saysWhyAnOrderWasNotCarriedOut() throws Exception {
    isError(404, send("POST", "/api/admin/rooms/nowhere/close", KEY, null));
    occupied("r1");
    orders.answer = CommandResult.newBuilder().setError("there is no such peer").setNotFound(true).build();
    isError(404, send("POST", "/api/admin/rooms/r1/peers/Ben/kick", KEY, null));
    orders.answer = CommandResult.newBuilder().setError("the server failed").build();
    isError(409, send("POST", "/api/admin/rooms/r1/peers/Ben/kick", KEY, null));
    orders.answer = CommandResult.newBuilder().setError("worker 0 does not answer").setUnknown(true).build();
    HttpResponse<String> unknown = send("POST", "/api/admin/rooms/r1/peers/Ben/kick", KEY, null);
    isError(503, unknown);
    assertThat(unknown.body()).contains("\"outcome_unknown\"", "worker 0 does not answer");
    isError(400, send("POST", "/api/admin/rooms/r1/peers/Ben/kick", KEY, "{\"reason\":\"" + "x".repeat(201) + "\"}"));
    isError(400, send("POST", "/api/admin/rooms/r1/recording/start", KEY, "{\"recordLayers\":\"best\"}"));
    node.close();
    Await.until("the media server is gone", () -> rig.link.streams().size() == 0);
    HttpResponse<String> unreachable = send("POST", "/api/admin/rooms/r1/recording/pause", KEY, null);
    isError(503, unreachable);
    assertThat(unreachable.headers().firstValue("Retry-After")).isPresent();
    JsonNode page = json(200, send("GET", "/api/admin/audit?limit=2", KEY, null));
    JsonNode rest = json(200, send("GET", "/api/admin/audit?after=" + page.get("next"), KEY, null));
    assertThat(page.get("entries").findValuesAsText("outcome"))
        .containsExactly("refused: there is no such room now", "refused: there is no such peer");
    assertThat(rest.get("entries").findValuesAsText("outcome"))
        .containsExactly("refused: the server failed", "unknown: worker 0 does not answer", "refused: node 7 is not attached");
  }

  @Test
  void showsHowMediaFlow() throws Exception {
    occupied("r1");
    Await.until("attached", node::isAttached);
    node.tell(stats(1_000_000, 100));
    Await.until("heard of", () -> rig.life.stats().version() == 1);
    rig.clock.addAndGet(4000);
    node.tell(stats(2_000_000, 300));
    Await.until("heard of", () -> rig.life.stats().version() == 2);

    JsonNode room = json(200, send("GET", "/api/admin/rooms/r1", KEY, null));
    assertThat(room.get("node").longValue()).isEqualTo(7);
    JsonNode ann = room.at("/peers/0/stats");
    assertThat(ann.at("/sent/0/bitsPerSecond").longValue()).isEqualTo(2_000_000);
    assertThat(ann.at("/sent/0/packets").longValue()).isEqualTo(300);
    assertThat(ann.get("roundTripMs").doubleValue()).isEqualTo(12.5);
    assertThat(room.at("/watchers/0/peer").textValue()).isEqualTo("whep-1");
    assertThat(room.at("/watchers/0/stats/received/lost").longValue()).isEqualTo(3);
    node.close();
    Await.until("the media server is gone", () -> rig.link.streams().size() == 0);
    Await.until("nothing is known any more", () -> rig.life.stats().of("acme", SESSION).isEmpty());
    assertThat(json(200, send("GET", "/api/admin/rooms/r1", KEY, null)).at("/peers/0/stats").isNull()).isTrue();
  }

  private static NodeStats stats(long octets, long packets) {
    return NodeStats.newBuilder()
        .addSessions(SessionStats.newBuilder().setApp("acme").setRoom("r1").setPeer("Ann").setSession(SESSION)
            .setRoundTripUs(12_500).addSent(SentTrackStats.newBuilder().setTrack("cam").setOctets(octets)
                .setPackets(packets)))
        .addSessions(SessionStats.newBuilder().setApp("acme").setRoom("r1").setPeer("whep-1").setSession(SESSION + 1)
            .setWatcher(true).setReceived(ReceivedStats.newBuilder().setPackets(packets).setLost(3)))
        .build();
  }

  /** S1-1: who is hidden is shown to administrators alone, also when nobody else is in the room. */
  @Test
  void showsWhoIsHiddenToNobodyElse() throws Exception {
    NodeScript script = occupied("r1");
    Await.until("attached", node::isAttached);
    node.tell(NodeStats.newBuilder().addSessions(watcher("ghost").setHidden(true))
        .addSessions(watcher("scribe").setHidden(true).setRecorder(true)).addSessions(watcher("whep-1")).build());
    Await.until("heard of", () -> rig.life.stats().version() == 1);

    Map<String, List<Boolean>> shown = new HashMap<>();
    json(200, send("GET", "/api/admin/rooms", KEY, null)).at("/rooms/0/watchers").forEach(watcher -> shown.put(
        watcher.get("peer").textValue(),
        List.of(watcher.get("hidden").booleanValue(), watcher.get("recorder").booleanValue())));
    assertThat(shown).isEqualTo(Map.of(
        "ghost", List.of(true, false), "scribe", List.of(true, true), "whep-1", List.of(false, false)));
    for (String path : List.of("/api/rooms", "/api/rooms/r1", "/api/events")) {
      assertThat(json(200, send("GET", path, Rig.SECRET, null)).toString()).contains("r1", "Ann")
          .doesNotContain("ghost", "scribe");
    }

    script.leave("Ann", SESSION);
    node.flush(Duration.ofSeconds(60));
    rig.clock.addAndGet(121_000);
    rig.life.tick();
    assertThat(json(200, send("GET", "/api/admin/rooms/r1", KEY, null)).get("watchers")).hasSize(3);
    node.tell(NodeStats.getDefaultInstance());
    Await.until("heard of", () -> rig.life.stats().version() == 2);
    rig.life.tick();
    isError(404, send("GET", "/api/admin/rooms/r1", KEY, null));
  }

  private static SessionStats.Builder watcher(String peer) {
    return SessionStats.newBuilder().setApp("acme").setRoom("r1").setPeer(peer).setSession(SESSION + peer.hashCode())
        .setWatcher(true);
  }

  @Test
  void streamsWhatHappensInAllRooms() throws Exception {
    HttpResponse<InputStream> stream = client.send(
        HttpRequest.newBuilder(uri("/api/admin/live")).header("Authorization", "Bearer " + KEY).build(),
        BodyHandlers.ofInputStream());
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      assertThat(nextEvent(lines)).isEqualTo("snapshot {\"rooms\":[]}");
      NodeScript script = occupied("r1");
      script.track("Ann", SESSION, "cam", true);
      script.openRecording(INSTANCE);
      tell(NodeEvent.newBuilder().setTrackSilenced(TrackSilenced.newBuilder().setApp("acme").setRoom("r1")
          .setPeer("Ann").setSession(SESSION).setTrack("cam").setSilenced(true)));
      tell(NodeEvent.newBuilder().setRecordingPaused(paused(true)));
      assertThat(nextEvent(lines)).startsWith("room_started {\"room\":\"r1\"");
      assertThat(nextEvent(lines)).startsWith("peer_joined {\"room\":\"r1\"");
      assertThat(nextEvent(lines)).startsWith("track_started {");
      assertThat(nextEvent(lines)).startsWith("recording_started {");
      assertThat(nextEvent(lines)).startsWith("track_muted {").contains("\"name\":\"cam\"");
      assertThat(nextEvent(lines)).startsWith("recording_paused {").contains("" + RECORDING);
      JsonNode room = json(200, send("GET", "/api/admin/rooms/r1", KEY, null));
      assertThat(room.at("/recording/state").textValue()).isEqualTo("paused");
      assertThat(room.at("/peers/0/tracks/0/muted").booleanValue()).isTrue();
      tell(NodeEvent.newBuilder().setRecordingPaused(paused(false)));
      assertThat(nextEvent(lines)).startsWith("recording_resumed {");
      node.tell(stats(1, 1));
      assertThat(nextEvent(lines)).startsWith("stats {\"rooms\":[{\"room\":\"r1\"").contains("whep-1");
    }
  }

  private static RecordingPaused paused(boolean isPaused) {
    return RecordingPaused.newBuilder().setApp("acme").setRoom("r1").setRecording(RECORDING).setPaused(isPaused).build();
  }

  /** What a media server tells the log stands there beside what administrators did. */
  @Test
  void keepsWhatMediaServersTellTheLog() throws Exception {
    tell(NodeEvent.newBuilder().setAudited(Audited.newBuilder().setApp("acme").setRoom("r1").setActor("peer:bot")
        .setAction("join_hidden").setRefusal("the token does not grant it")));
    node.flush(Duration.ofSeconds(60));
    assertThat(json(200, send("GET", "/api/admin/audit", KEY, null)).get("entries")).singleElement()
        .satisfies(line -> assertThat(line.get("outcome").textValue()).isEqualTo("refused: the token does not grant it"));
  }

  private void tell(NodeEvent.Builder event) {
    node.tell(event, rig.clock.get());
  }

  private NodeScript occupied(String room) throws Exception {
    NodeScript script = new NodeScript(node, rig, "acme", room, RECORDING);
    script.openRoom(INSTANCE);
    script.join("Ann", SESSION);
    node.flush(Duration.ofSeconds(60));
    return script;
  }

  private String whip(String peer) {
    return issuer.media(TokenKind.WHIP, "acme", TokenIssuer.Grant.of("r1", peer, false), 600);
  }

  private String user(String app, String role) {
    return issuer.user(app, "Zoë", role, 600);
  }

  private static JsonNode last(JsonNode array) {
    return array.get(array.size() - 1);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpResponse<String> send(String method, String path, String bearer, String body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method,
        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    CONTRACT.check(answer);
    return answer;
  }

  private static String nextEvent(BufferedReader lines) throws Exception {
    List<String> event = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ") || line.startsWith("data: ")) {
        event.add(line.substring(line.indexOf(' ') + 1));
      } else if (line.isEmpty() && event.size() == 2) {
        return String.join(" ", event);
      }
    }
    throw new AssertionError("the stream ended");
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
