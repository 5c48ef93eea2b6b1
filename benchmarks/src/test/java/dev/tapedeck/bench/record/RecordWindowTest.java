package dev.tapedeck.bench.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tapedeck.bench.report.Spread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordWindowTest {
  @Test
  void costIsPerReceivedPacket() {
    RecordWindow without = window(Map.of("worker", 10_000_000L, "spool", 0L), 1000, 0, 1000);
    RecordWindow with = window(Map.of("worker", 10_200_000L, "spool", 800_000L), 1000, 0, 1000);
    RecordRounds.Round round = new RecordRounds.Round(without, with);

    assertThat(round.addedWorkerMicros()).isEqualTo(0.2, within(1e-9));
    assertThat(round.addedWorkerPercent()).isEqualTo(2, within(1e-9));
    assertThat(round.addedProcessMicros()).isEqualTo(1, within(1e-9));
  }

  @Test
  void saysWhenTheClientsDidNotKeepUp() {
    assertThat(window(Map.of(), 1000, 0, 1000).verdict()).isEqualTo("ok");
    assertThat(window(Map.of(), 1000, 0, 900).isGeneratorBound()).isTrue();
    assertThat(window(Map.of(), 1000, 0, 900).verdict()).contains("load generator was the bottleneck", "900 of 1000");
    assertThat(window(Map.of(), 1000, 7, 1000).verdict()).contains("load generator was the bottleneck", "7 datagrams");
    assertThat(window(Map.of(), 0, 0, 1000).verdict()).contains("nothing was received");
  }

  @Test
  void spreadIsMedianAndEnds() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
  }

  private static RecordWindow window(Map<String, Long> cpu, long received, long drops, long sent) {
    return new RecordWindow(true, 10, cpu, 0, sent, received, received, 5 * received, 0, drops, 1000);
  }
}
