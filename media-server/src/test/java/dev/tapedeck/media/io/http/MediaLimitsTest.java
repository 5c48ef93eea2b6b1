package dev.tapedeck.media.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.media.MediaServer;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.io.connector.NodeRevocations;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request beyond a limit is told, by a media server whose limits are low. */
class MediaLimitsTest {
  private static final Apps APPS =
      Apps.of(Map.of("acme", List.of(Redacted.of("0123456789abcdef0123456789abcdef"))));
  static final String OFFER = """
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

  private final TokenIssuer issuer = new TokenIssuer(APPS, System::currentTimeMillis);
  private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient http = HttpClient.newHttpClient();
  private MediaServer server;
  private Javalin javalin;

  private void start(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of("--media.addresses=127.0.0.1", "--media.workers=2"));
    all.addAll(List.of(flags));
    MediaConfig config = Config.load(ConfigSource.of("", Map.of(), all), MediaConfig.class).get(MediaConfig.class);
    TapeDeck nobodyIsTaped = new TapeDeck(1, null, null, nowNanos -> nowNanos, new SplittableRandom(1), 0);
    server = MediaServer.start(config, new TokenVerifier(APPS, List.of(), System::currentTimeMillis), nobodyIsTaped,
        metrics, NodeRevocations.open(folder.resolve("revoked-tokens"), System::currentTimeMillis), event -> {},
        Optional::empty);
    javalin = Javalin.create(setup -> server.routes().register(setup.routes)).start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() throws Exception {
    javalin.stop();
    server.close();
    http.close();
  }

  @Test
  void aTokenWithAnIdOpensOneConnection() throws Exception {
    start("--tokens.single-use=true");
    String once = token("a", Optional.of("t-1"));

    assertThat(watch(once, "v=0").statusCode()).as("no offer; the token is not spent").isEqualTo(400);
    HttpResponse<String> first = watch(once, OFFER);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    HttpResponse<String> second = watch(once, OFFER);
    assertThat(second.statusCode()).isEqualTo(401);
    assertThat(code(second)).isEqualTo("invalid_token");
    assertThat(second.body()).contains("is for one only");
    assertThat(watch(token("b", Optional.of("t-1")), OFFER).statusCode()).as("in another room, on another worker")
        .isEqualTo(401);

    String connection = first.headers().firstValue("Location").orElseThrow();
    HttpResponse<String> restart = send(request(connection, once)
        .header("Content-Type", "application/trickle-ice-sdpfrag").header("If-Match", "*")
        .method("PATCH", BodyPublishers.ofString("a=ice-ufrag:efgh\r\na=ice-pwd:0123456789012345678901\r\n")));
    assertThat(restart.statusCode()).as(restart.body()).isEqualTo(200);
    assertThat(send(request(connection, once).DELETE()).statusCode()).isEqualTo(200);
    assertThat(watch(once, OFFER).statusCode()).as("also after its end").isEqualTo(401);

    String usual = token("a", Optional.empty());
    assertThat(watch(usual, OFFER).statusCode()).isEqualTo(201);
    assertThat(watch(usual, OFFER).statusCode()).isEqualTo(201);
  }

  @Test
  void requestsOfOneAddressAreLimited() throws Exception {
    start("--limits.address-requests=1");
    String token = token("a", Optional.empty());
    watch(token, "v=0");
    watch(token, "v=0");

    HttpResponse<String> refused = refusedOf(token);
    assertThat(code(refused)).isEqualTo("too_many_requests");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(refused.body()).contains("limits.address-requests");
    assertThat(refusals("address_requests")).isPositive();
    assertThat(send(HttpRequest.newBuilder(uri("/whep/endpoint")).method("OPTIONS", BodyPublishers.noBody()))
        .statusCode()).as("what a browser asks first").isEqualTo(204);
  }

  /** what a client writes itself stands in the first line, what the proxy saw in the second. */
  @Test
  void readsAllLinesOfForwardedAddresses() throws Exception {
    start("--limits.address-requests=1", "--limits.proxies=127.0.0.1");
    String token = token("a", Optional.empty());
    HttpResponse<String> answer = null;
    for (int i = 0; i < 1_000 && (answer == null || answer.statusCode() != 429); i++) {
      answer = send(request("/whep/endpoint", token).header("X-Forwarded-For", "198.51." + i / 250 + "." + i % 250)
          .header("X-Forwarded-For", "192.0.2.7").POST(BodyPublishers.ofString("v=0")));
    }
    assertThat(answer.statusCode()).as("all count for the one address that the proxy saw").isEqualTo(429);
  }

  /** The third request in a second; on a machine that is slow another one may be needed. */
  private HttpResponse<String> refusedOf(String token) throws Exception {
    HttpResponse<String> answer = watch(token, "v=0");
    for (int i = 0; i < 1_000 && answer.statusCode() != 429; i++) {
      answer = watch(token, "v=0");
    }
    return answer;
  }

  @Test
  void roomsAndSessionsAreLimited() throws Exception {
    start("--limits.rooms=1", "--limits.room-sessions=2", "--limits.app-sessions=3");
    assertThat(watch(token("b", Optional.empty()), "v=0").statusCode()).as("takes no place").isEqualTo(400);
    assertThat(watch(token("a", Optional.empty()), OFFER).statusCode()).isEqualTo(201);

    HttpResponse<String> other = watch(token("b", Optional.empty()), OFFER);
    assertThat(other.statusCode()).isEqualTo(503);
    assertThat(other.body()).contains("limits.rooms");
    assertThat(other.headers().firstValue("Retry-After")).isPresent();
    assertThat(watch(token("a", Optional.empty()), OFFER).statusCode()).isEqualTo(201);
    HttpResponse<String> full = watch(token("a", Optional.empty()), OFFER);
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.body()).contains("room a has its 2 sessions");
    assertThat(refusals("rooms")).isOne();
    assertThat(refusals("room_sessions")).isOne();
  }

  private double refusals(String limit) {
    return metrics.get("tapedeck_limit_refusals").tag("limit", limit).functionCounter().count();
  }

  private String token(String room, Optional<String> id) {
    return issuer.media(TokenKind.WHEP, "acme", TokenIssuer.Grant.of(room, null, false), 600, id);
  }

  private HttpResponse<String> watch(String token, String offer) throws Exception {
    return send(request("/whep/endpoint", token).header("Content-Type", "application/sdp")
        .POST(BodyPublishers.ofString(offer)));
  }

  private HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + javalin.port() + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String code(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body()).get("code").asText();
  }
}
