package dev.tapedeck.bench.forward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.process.ServerFacts;
import java.util.List;

/** All measurements of one call; the top level of the JSON speaks of the largest number of subscribers. */
record ForwardReport(
    List<ForwardRun> runs, String profile, int packetsPerSecond, int warmUpSeconds, ServerFacts server) {
  private static final ObjectMapper JSON = new ObjectMapper();

  ForwardReport {
    runs = List.copyOf(runs);
  }

  String toJson() {
    ForwardRun widest = runs.stream().max((a, b) -> Integer.compare(a.subscribers(), b.subscribers())).orElseThrow();
    ObjectNode root = JSON.createObjectNode();
    root.put("subscribers", widest.subscribers());
    root.put("cpu_us_per_forwarded_packet", rounded(widest.cpuMicrosPerPacket()));
    root.put("forwarded", widest.forwarded());
    root.put("lost", widest.lost());
    root.put("crypto", server.crypto());
    root.put("send", server.send());
    root.put("srtp_profile", profile);
    root.put("packets_per_second", packetsPerSecond);
    root.put("warm_up_seconds", warmUpSeconds);
    ObjectNode features = root.putObject("features");
    server.features().forEach(features::put);
    features.put("clients", "transport-cc feedback, receiver reports, no nack");
    runs.forEach(run -> root.withArray("runs").add(toJson(run)));
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static ObjectNode toJson(ForwardRun run) {
    ObjectNode json = JSON.createObjectNode()
        .put("subscribers", run.subscribers())
        .put("seconds", run.seconds())
        .put("cpu_us_per_forwarded_packet", rounded(run.cpuMicrosPerPacket()))
        .put("server_cpu_us", run.serverCpuMicros())
        .put("forwarded", run.forwarded())
        .put("lost", run.lost())
        .put("client_drops", run.clientDrops())
        .put("verdict", run.verdict());
    ObjectNode threads = json.putObject("cpu_us_by_thread");
    run.threadMicrosPerPacket().forEach((name, micros) -> threads.put(name, rounded(micros)));
    return json;
  }

  private static double rounded(double micros) {
    return Math.round(micros * 1000) / 1000.0;
  }

  String toText() {
    return "crypto " + server.crypto() + ", send " + server.send() + ", SRTP profile " + profile + ", "
        + packetsPerSecond + " packets/s in";
  }
}
