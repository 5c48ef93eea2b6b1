package dev.tapedeck.media.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.media.MediaNode;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
  @TempDir Path data;
  private MediaNode node;
  private Javalin javalin;

  @BeforeEach
  void start() throws Exception {
    MediaConfig config = Config.load(
        ConfigSource.of("", Map.of(), List.of("--data=" + data, "--media.addresses=127.0.0.1")), MediaConfig.class)
        .get(MediaConfig.class);
    TokenVerifier verifier = new TokenVerifier(
        Apps.of(Map.of("acme", List.of(Redacted.of("0123456789abcdef0123456789abcdef")))), List.of(),
        System::currentTimeMillis);
    node = MediaNode.start(config, verifier, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    javalin = Javalin.create(setup -> {
      node.routes().register(setup.routes);
      node.ops().register(setup.routes);
    }).start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    javalin.stop();
    node.close();
  }

  @Test
  void describesTheRoutesThereAreAndNoOther() throws Exception {
    Set<String> described = new TreeSet<>();
    new ObjectMapper().readTree(get("/openapi.json").body()).get("paths").properties().forEach(path ->
        path.getValue().properties().stream()
            .filter(operation -> !operation.getKey().equals("parameters"))
            .forEach(operation ->
                described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> there = new TreeSet<>();
    javalin.unsafe.internalRouter.allHttpHandlers().forEach(handler -> {
      String method = handler.endpoint.method.name();
      if (!method.equals("BEFORE")) {
        there.add(method + " " + handler.endpoint.path);
      }
    });

    assertThat(described).isEqualTo(there);
  }

  @Test
  void tellsHealthReadinessAndCounters() throws Exception {
    JsonNode health = new ObjectMapper().readTree(get("/health").body());

    assertThat(health.get("status").asText()).isEqualTo("ok");
    assertThat(health.get("crypto").asText()).isIn("ipsec-mb", "libcrypto", "portable");
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body())
        .contains("tapedeck_srtp_crypto{crypto=\"" + health.get("crypto").asText() + "\"} 1")
        .contains("tapedeck_rtp_packets_forwarded_total")
        .contains("tapedeck_spool_unsent_bytes")
        .contains("reason=\"bad_stun\"");
  }

  @Test
  void refusesNewSessionsWhileDraining() throws Exception {
    node.drain();

    assertThat(get("/ready").statusCode()).isEqualTo(503);
    HttpResponse<String> refused = HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(uri("/whip/endpoint")).POST(HttpRequest.BodyPublishers.ofString("v=0")).build(),
        HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
  }

  /** RFC 9110 §15.5.6. */
  @Test
  void namesTheMethodsOfAKnownPath() throws Exception {
    try (MediaHttp http = MediaHttp.start(new MediaConfig.Http("127.0.0.1", 0), node.routes(), node.ops())) {
      Map<String, String> allowed = Map.of("/whip/endpoint", "OPTIONS, POST", "/whep/conn/x/slots", "GET, HEAD, OPTIONS, PUT",
          "/health", "GET, HEAD");
      for (Map.Entry<String, String> path : allowed.entrySet()) {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path.getKey())).DELETE().build(),
            HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).as(path.getKey()).contains(path.getValue());
        assertThat(new ObjectMapper().readTree(answer.body()).get("code").asText()).isEqualTo("method_not_allowed");
      }
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + javalin.port() + path);
  }
}
