package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.io.net.TransportCounters;
import dev.tapedeck.media.io.net.WorkerUnit;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** {@code /health}, {@code /ready} and {@code /metrics}: what an operator's machines ask. */
public final class OpsRoutes {
  private final PrometheusMeterRegistry registry;
  private final Map<String, Object> health = new TreeMap<>();
  private final Supplier<Optional<String>> obstacle;

  /**
   * @param registry where the counters are kept
   * @param crypto   SRTP back end in use
   * @param features parts that are on, by name, for reports of benchmarks
   * @param admission what was refused for a limit
   * @param obstacle  why no new session should come here; empty if it may
   */
  public OpsRoutes(
      PrometheusMeterRegistry registry,
      List<WorkerUnit> workers,
      Connections connections,
      String crypto,
      Map<String, String> features,
      Admission admission,
      Supplier<Optional<String>> obstacle) {
    this.registry = registry;
    this.obstacle = obstacle;
    health.put("status", "ok");
    health.put("crypto", crypto);
    health.put("send", workers.getFirst().transport().sendMethod());
    health.put("features", new TreeMap<>(features));
    Gauge.builder("tapedeck_sessions", connections, Connections::count)
        .description("WHIP and WHEP connections alive").register(registry);
    Gauge.builder("tapedeck_srtp_crypto", () -> 1)
        .description("1 for the SRTP back end in use").tag("crypto", crypto).register(registry);
    new DataMetrics(registry).register(workers, admission.refusals);
    for (int number = 0; number < workers.size(); number++) {
      register(workers.get(number), Integer.toString(number));
    }
  }

  public void register(JavalinDefaultRoutingApi routes) {
    routes.get("/health", context -> context.json(health));
    routes.get("/ready", this::ready);
    routes.get("/openapi.json", OpsRoutes::openApi);
    routes.get("/metrics", context ->
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape()));
  }

  private static void openApi(Context context) throws IOException {
    try (InputStream in = OpsRoutes.class.getResourceAsStream("/openapi/media-server.json")) {
      context.contentType("application/json").result(in.readAllBytes());
    }
  }

  private void ready(Context context) {
    Optional<String> reason = obstacle.get();
    context.status(reason.isEmpty() ? 200 : 503)
        .json(reason.isEmpty() ? Map.of("status", "ready") : Map.of("status", "not ready", "reason", reason.get()));
  }

  private void register(WorkerUnit unit, String worker) {
    WorkerCounters counters = unit.counters();
    counter("tapedeck_datagrams_received", "Datagrams taken from the sockets", worker, counters,
        c -> c.datagramsReceived);
    counter("tapedeck_datagrams_passed_on", "Datagrams handed to the worker that a guest's session is on", worker,
        counters, c -> c.datagramsPassedOn);
    counter("tapedeck_guests_received", "Sessions that came from another worker to a room here", worker, counters,
        c -> c.guestsReceived);
    counter("tapedeck_rtp_packets_received", "RTP packets accepted from publishers", worker, counters,
        c -> c.packetsReceived);
    counter("tapedeck_rtp_packets_forwarded", "RTP packets written to receivers", worker, counters,
        c -> c.packetsForwarded);
    counter("tapedeck_rtp_packets_retransmitted", "Packets sent again to receivers", worker, counters,
        c -> c.packetsRetransmitted);
    counter("tapedeck_rtp_retransmission_misses", "Packets asked for that were not held", worker, counters,
        c -> c.retransmissionMisses);
    counter("tapedeck_rtp_packets_taped", "Packets handed to the tape", worker, counters, c -> c.packetsTaped);
    counter("tapedeck_rtp_packets_shed", "Packets left off the tape under pressure", worker, counters,
        c -> c.packetsShed);
    counter("tapedeck_rtp_packets_repaired", "Packets that came after they were asked for", worker, counters,
        c -> c.packetsRepaired);
    counter("tapedeck_key_frame_requests", "Key frames asked of publishers", worker, counters,
        c -> c.keyFrameRequests);
    counter("tapedeck_nacks_sent", "NACK messages sent to publishers", worker, counters, c -> c.nacksSent);
    counter("tapedeck_transport_feedbacks_sent", "Transport-wide feedback messages sent", worker, counters,
        c -> c.transportFeedbacksSent);
    registerTransport(unit.transport().counters(), worker);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder("tapedeck_datagrams_dropped", counters, c -> c.drops(reason))
          .description("Datagrams not used, by reason")
          .tag("worker", worker)
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private void registerTransport(TransportCounters counters, String worker) {
    counter("tapedeck_udp_receive_calls", "System calls that took datagrams or found none", worker, counters,
        c -> c.receiveCalls);
    counter("tapedeck_udp_send_calls", "System calls that sent datagrams", worker, counters, c -> c.sendCalls);
    counter("tapedeck_udp_wait_calls", "System calls that waited for datagrams or for company to one", worker, counters,
        c -> c.waitCalls);
    counter("tapedeck_udp_messages_sent", "Messages given to the kernel, of one datagram or several", worker, counters,
        c -> c.messagesSent);
    counter("tapedeck_udp_datagrams_sent", "Datagrams given to the kernel", worker, counters, c -> c.datagramsSent);
    counter("tapedeck_udp_datagrams_gathered", "Datagrams that shared a message with others", worker, counters,
        c -> c.datagramsGathered);
    counter("tapedeck_send_drops", "Datagrams the kernel took no room for", worker, counters, c -> c.sendDrops);
  }

  private <T> void counter(
      String name, String description, String worker, T counters, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, counters, value).description(description).tag("worker", worker).register(registry);
  }
}
