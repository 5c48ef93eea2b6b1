package dev.tapedeck.media.io.http;

import static dev.tapedeck.media.core.session.Visibility.HIDDEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.media.MediaServer;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.connector.NodeRevocations;
import dev.tapedeck.media.io.connector.WorkerCommands;
import dev.tapedeck.media.io.net.SilentWorkerException;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.KickPeer;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.session.JoinRole;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an HTTP request brings to the worker, and what it is told when it asks for what cannot be. */
class MediaRequestTest {
  private static final Apps APPS =
      Apps.of(Map.of("acme", List.of(Redacted.of("0123456789abcdef0123456789abcdef"))));
  private static final String OFFER = """
      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      t=0 0
      m=video 9 UDP/TLS/RTP/SAVPF 96
      c=IN IP4 0.0.0.0
      a=ice-ufrag:abcd
      a=ice-pwd:0123456789012345678901
      a=fingerprint:sha-256 %s
      a=setup:actpass
      a=mid:cam
      a=recvonly
      a=rtcp-mux
      a=rtpmap:96 VP8/90000
      """.formatted("AB:".repeat(31) + "AB");

  @TempDir Path folder;
  private final BlockingQueue<WorkerEvent> events = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private NodeRevocations revocations;
  private MediaServer server;
  private Javalin javalin;

  @BeforeEach
  void start() throws Exception {
    MediaConfig config = Config.load(
        ConfigSource.of("", Map.of(), List.of("--media.addresses=127.0.0.1", "--media.workers=1")), MediaConfig.class)
        .get(MediaConfig.class);
    TapeDeck nobodyIsTaped = new TapeDeck(1, null, null, nowNanos -> nowNanos, new SplittableRandom(1), 0);
    revocations = revocations();
    server = MediaServer.start(config,
        new TokenVerifier(APPS, List.of(), System::currentTimeMillis).refusing(revocations::isRevoked), nobodyIsTaped,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), revocations, events::add, Optional::empty);
    javalin = Javalin.create(setup -> {
      server.routes().register(setup.routes);
      setup.routes.get("/whip/silent", context -> {
        throw new SilentWorkerException(0, new TimeoutException());
      });
    }).start("127.0.0.1", 0);
  }

  /** As a process takes them up. */
  private NodeRevocations revocations() throws Exception {
    return NodeRevocations.open(folder.resolve("revoked-tokens"), System::currentTimeMillis);
  }

  @AfterEach
  void stop() throws Exception {
    javalin.stop();
    server.close();
    http.close();
  }

  @Test
  void tellsTheAddressOfTheConnectionAndNotOneThatAnybodyMayWrite() throws Exception {
    watch();

    assertThat(events.poll(60, TimeUnit.SECONDS)).isInstanceOf(WorkerEvent.RoomMade.class);
    WorkerEvent first = events.poll(60, TimeUnit.SECONDS);
    assertThat(first).isInstanceOfSatisfying(WorkerEvent.SessionConnecting.class,
        connecting -> assertThat(connecting.remote()).isEqualTo("127.0.0.1"));
  }

  /** Whoever is not served is told when to come back; a worker of ours that hangs is no mistake of his. */
  @Test
  void saysWhenToComeBackWhereAWorkerIsTooBusyToAnswer() throws Exception {
    HttpResponse<String> refused = send(request("/whip/silent").GET());
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValueAsLong("Retry-After")).hasValue(5);
    assertThat(new ObjectMapper().readTree(refused.body()).get("code").asText()).isEqualTo("overloaded");
  }

  @Test
  void namesTheSlotThatTheOfferDoesNotHave() throws Exception {
    String slots = watch() + "/slots";

    HttpResponse<String> unknown = send(request(slots).PUT(BodyPublishers.ofString(
        "{\"slots\":[{\"mid\":\"cam\",\"peer\":\"p\"},{\"mid\":\"7\",\"peer\":\"p\"}]}")));
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(new ObjectMapper().readTree(unknown.body()).get("code").asText()).isEqualTo("unknown_mid");
    assertThat(unknown.body()).contains("mid 7", "cam");
    assertThat(send(request(slots).GET()).body()).doesNotContain("\"waiting\"");
    assertThat(send(request(slots).PUT(BodyPublishers.ofString("{\"slots\":[{\"mid\":\"cam\",\"peer\":\"p\"}]}")))
        .statusCode()).isEqualTo(200);
  }

  /** S1-7b: who wants to be hidden needs a token that says so, and is audited either way. */
  @Test
  void watchesHiddenOnlyWithTheClaim() throws Exception {
    HttpResponse<String> refused = watch("?hidden=true", grant(false, false));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(new ObjectMapper().readTree(refused.body()).get("code").asText()).isEqualTo("not_granted");
    assertThat(audited()).isEqualTo(
        new WorkerEvent.Audited("acme", "room", "peer:watcher", "join_hidden", "", "", TokenJoinGate.refusal(HIDDEN)));
    assertThat(watch("?recorder=true", grant(true, false)).statusCode()).as("hidden is less").isEqualTo(403);
    assertThat(audited().action()).isEqualTo("join_recorder");
    assertThat(watch("?hidden=yes", grant(true, true)).statusCode()).isEqualTo(400);

    assertThat(watch("?hidden=true", grant(false, true)).statusCode()).as("recorder is more").isEqualTo(201);
    assertThat(audited().refusal()).isEmpty();
    assertThat(watch("?recorder=true", grant(false, true)).statusCode()).isEqualTo(201);
    assertThat(audited()).isEqualTo(
        new WorkerEvent.Audited("acme", "room", "peer:watcher", "join_recorder", "", "", ""));
  }

  /** a watcher goes by the name its token gives, and the next process knows of it before any connector does. */
  @Test
  void whoeverIsKickedIsRefusedByTheNextProcessToo() throws Exception {
    watch();
    CommandResult kicked = new WorkerCommands(server.workers(), revocations, seconds -> { }).handle(Command.newBuilder()
        .setKickPeer(KickPeer.newBuilder().setApp("acme").setRoom("room").setPeer("watcher")).build());

    assertThat(kicked.getError()).isEmpty();
    TokenFingerprint token = new TokenFingerprint(
        kicked.getRevokedList().getFirst().getHash(), kicked.getRevokedList().getFirst().getExpiresMs());
    assertThat(revocations.isRevoked(token)).isTrue();
    assertThat(revocations().isRevoked(token)).as("to the next process").isTrue();
    WorkerEvent.SessionClosed closed = awaited(WorkerEvent.SessionClosed.class);
    assertThat(closed.reason()).isEqualTo(CloseReason.KICKED);
  }

  /** S1-5: what is sent would tell who is there. */
  @Test
  void refusesWhoWantsToBeHiddenAndToSend() throws Exception {
    ConnectRequest.Builder connect = ConnectRequest.newBuilder().setSdp("v=0").setJoin(RoomJoin.newBuilder()
        .setRoom("room").setPeer("watcher").setRole(JoinRole.newBuilder().setVersion(1).setRecorder(true)));
    assertThat(connect(connect).statusCode()).as("the offer is none").isEqualTo(400);
    assertThat(audited().refusal()).isEmpty();
    connect.getTracksBuilder().addSenders(Sender.newBuilder().setName("mic").setState(
        Sender.State.newBuilder().setSource(Sender.Source.newBuilder().setId("mic"))));
    HttpResponse<String> refused = connect(connect);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("who is hidden sends nothing");
  }

  private HttpResponse<String> connect(ConnectRequest.Builder connect) throws Exception {
    return send(request("/webrtc/connect", TokenKind.WEBRTC, grant(false, true))
        .POST(BodyPublishers.ofByteArray(connect.build().toByteArray())));
  }

  private static Grant grant(boolean hidden, boolean recorder) {
    return new Grant("room", "watcher", false, false, Optional.empty(), null, hidden, recorder);
  }

  private WorkerEvent.Audited audited() throws InterruptedException {
    return awaited(WorkerEvent.Audited.class);
  }

  private <E extends WorkerEvent> E awaited(Class<E> kind) throws InterruptedException {
    for (WorkerEvent event; (event = events.poll(60, TimeUnit.SECONDS)) != null; ) {
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
    throw new AssertionError("nothing was told of the kind " + kind.getSimpleName());
  }

  private HttpResponse<String> watch(String query, Grant grant) throws Exception {
    return send(request("/whep/endpoint" + query, TokenKind.WHEP, grant).header("Content-Type", "application/sdp")
        .POST(BodyPublishers.ofString(OFFER)));
  }

  /** Makes a session that watches; returns its resource. */
  private String watch() throws Exception {
    HttpResponse<String> created = send(request("/whep/endpoint").header("Content-Type", "application/sdp")
        .header("X-Forwarded-For", "203.0.113.9").POST(BodyPublishers.ofString(OFFER)));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return created.headers().firstValue("Location").orElseThrow();
  }

  private HttpRequest.Builder request(String path) {
    return request(path, TokenKind.WHEP, Grant.of("room", "watcher", false));
  }

  private HttpRequest.Builder request(String path, TokenKind kind, Grant grant) {
    String token = new TokenIssuer(APPS, System::currentTimeMillis).media(kind, "acme", grant, 600);
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + javalin.port() + path))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
