package dev.tapedeck.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessFilesTest {
  @Test
  void readsTheKernelsTables() {
    String stat = "4711 (java (odd) name) S 1 4711 4711 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9 0 1 2 3";
    assertThat(ProcessCpu.parse(stat)).isEqualTo(3_000_000);

    List<String> udp = List.of(
        "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref drops",
        "  120: 0100007F:C350 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 17",
        "  121: 00000000:C351 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 99");
    assertThat(SocketDrops.parse(udp, Set.of(50_000))).isEqualTo(17);
  }

  @Test
  void aServerThatTellsNothingIsUnknown() {
    assertThat(ServerFacts.parse("{\"crypto\":\"jitsi\",\"send\":\"nio\",\"features\":{\"recording\":true}}"))
        .isEqualTo(new ServerFacts("jitsi", "nio", Map.of("recording", "true")));
    assertThat(ServerFacts.parse("ok")).isEqualTo(new ServerFacts("unknown", "unknown", Map.of()));
  }

  @Test
  void readsTheSchedulersTimes() {
    assertThat(ThreadCpu.nanos("121798 1169213 2\n")).isEqualTo(121_798);
    assertThat(ThreadCpu.waitedNanos("121798 1169213 2\n")).isEqualTo(1_169_213);
    assertThat(ThreadCpu.group("worker-0")).isEqualTo("worker");
    assertThat(ThreadCpu.group("ForkJoinPool-1-")).isEqualTo("ForkJoinPool");
    assertThat(ThreadCpu.group("17")).isEqualTo("17");

    ThreadCpu before = new ThreadCpu(Map.of(1, new ThreadCpu.Thread("worker-0", 100, 30, 5)));
    ThreadCpu after = new ThreadCpu(Map.of(1, new ThreadCpu.Thread("worker-0", 350, 90, 7),
        2, new ThreadCpu.Thread("worker-1", 40, 0, 1), 3, new ThreadCpu.Thread("spool", 7, 0, 0)));
    assertThat(after.since(before)).isEqualTo(Map.of("worker", 290L, "spool", 7L));
    assertThat(after.waitedSince(before)).isEqualTo(Map.of("worker", 60L, "spool", 0L));
    assertThat(after.switchesSince(before)).isEqualTo(3);
    assertThat(ThreadCpu.switches("Threads:\t1\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n"))
        .isEqualTo(15);
  }

  @Test
  void addsUpAMetricOverItsLabels() {
    Metrics metrics = Metrics.parse("""
        # HELP tapedeck_rtp_packets_received_total RTP packets accepted from publishers
        tapedeck_rtp_packets_received_total{worker="0"} 3.0
        tapedeck_rtp_packets_received_total{worker="1"} 4.0
        tapedeck_spool_memory_bytes 1.6E7
        """);

    assertThat(metrics.get("tapedeck_rtp_packets_received")).isEqualTo(7);
    assertThat(metrics.get("tapedeck_spool_memory_bytes")).isEqualTo(16_000_000);
    assertThatThrownBy(() -> metrics.get("tapedeck_nothing")).hasMessageContaining("tapedeck_nothing");
  }
}
