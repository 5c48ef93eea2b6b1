package dev.tapedeck.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.io.clock.ClockWatch;
import dev.tapedeck.media.io.http.MediaHttp;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.Heartbeat;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load balancer and an operator see of a node whose spool fills, by the node's own HTTP. */
class MediaNodeReadyTest {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final long PACKETS = 3700;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void fullSpoolMakesTheNodeUnreadyAndNotUnhealthy() throws Exception {
    MediaConfig config = Config.load(ConfigSource.of("", Map.of(), List.of("--data=" + folder, "--http.port=0",
        "--media.addresses=127.0.0.1", "--media.workers=1", "--record.disk-budget=4MiB")), MediaConfig.class)
        .get(MediaConfig.class);
    TokenVerifier nobody = new TokenVerifier(Apps.of(Map.of()), List.of(), System::currentTimeMillis);
    try (MediaNode node = MediaNode.start(config, nobody, metrics);
        MediaHttp front = MediaHttp.start(config.http(), node.routes(), node.ops())) {
      String origin = "http://127.0.0.1:" + front.port();
      HttpResponse<String> before = get(origin + "/ready");
      assertThat(before.statusCode()).as(before.body()).isEqualTo(200);

      tape(node);
      long deadline = System.nanoTime() + DEADLINE_NANOS;
      HttpResponse<String> ready = get(origin + "/ready");
      while (ready.statusCode() == 200 && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        ready = get(origin + "/ready");
      }
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("\"reason\":\"the spool is 8", "% full");
      assertThat(get(origin + "/health").statusCode()).isEqualTo(200);
      assertThat(get(origin + "/metrics").body()).contains("tapedeck_spool_fill_ratio 0.8",
          "tapedeck_spool_budget_bytes 4194304.0", "tapedeck_spool_oldest_unsent_seconds ", "tapedeck_clock_steps_total");
      assertHeartbeat(node);
    }
  }

  private void assertHeartbeat(MediaNode node) {
    try (ClockWatch clock = ClockWatch.start(System::nanoTime, System::nanoTime, metrics)) {
      Heartbeat heartbeat = NodeHeartbeat.of(node.spool(), clock, 3, System.currentTimeMillis());
      assertThat(heartbeat.getSpoolBytes()).isBetween(3L << 20, 4L << 20);
      assertThat(heartbeat.getSpoolBudgetBytes()).isEqualTo(4 << 20);
      assertThat(heartbeat.getOldestUnsentMs()).isPositive();
      assertThat(heartbeat.getSessions()).isEqualTo(3);
      assertThat(heartbeat.getSpoolProblem()).isEmpty();
      assertThat(heartbeat.hasClock()).isTrue();
    }
  }

  /** Packets of 912 bytes, as a worker would hand them over. */
  private static void tape(MediaNode node) {
    long wallMinusMonotonic = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    RecordTap tap = new RecordTap(new TapeIdentity("app", "room", 1L << 35, 1L << 34, "peer", 1L << 33, 1),
        RecordLimits.DEFAULT, node.spool().sink(), now -> now + wallMinusMonotonic,
        System.nanoTime());
    int track = tap.addTrack(System.nanoTime(), ChunkSamples.video());
    for (int i = 0; i < PACKETS; i++) {
      byte[] packet = ChunkSamples.packet(96, i, i * 90L, 1, 900);
      tap.rtp(track, System.nanoTime(), MemorySegment.ofArray(packet), 0, packet.length, false, false);
    }
    tap.handleTimeout(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
  }

  private HttpResponse<String> get(String uri) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
  }
}
