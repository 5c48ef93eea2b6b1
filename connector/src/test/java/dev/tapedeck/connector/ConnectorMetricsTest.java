package dev.tapedeck.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.wire.ClockState;
import dev.tapedeck.protocol.wire.Heartbeat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What alerts stand on: a stuck lane, an overdue verdict, a full spool, a clock that jumps. */
class ConnectorMetricsTest {
  private static final Hook HOOK = new Hook("acme", "main", Redacted.of("http://192.0.2.1/"), Redacted.of("s"),
      HookStyle.REFERENCE, List.of());
  private static final Heartbeat HEARTBEAT = Heartbeat.newBuilder().setSpoolBytes(11).setSpoolBudgetBytes(100)
      .setOldestUnsentMs(2500).setClock(ClockState.newBuilder().setSynchronized(true).setMaxErrorUs(1500).setSteps(3))
      .build();

  @TempDir Path folder;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @ParameterizedTest
  @EnumSource
  void tellsWhatWaitsAndForHowLong(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of(HOOK));
        ConnectorClient node = rig.client(rig.link.port(), 7, 1, new EventOutbox(1000), HEARTBEAT)) {
      new ConnectorMetrics(metrics, rig.database, rig.clock::get).count(rig.link.streams(), rig.life.watch(), rig.hooks,
          new ConnectorConfig.Recording(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMinutes(5)));
      NodeScript script = new NodeScript(node, rig, "acme", "r", 5_000_000_001L);
      assertThat(value("tapedeck_hook_lane_oldest_seconds")).isZero();
      script.openRecording(5_000_000_002L);
      script.openTape("p", 5_000_000_003L);
      script.seal("p", 5_000_000_003L, 0);
      script.closeRecording("stop");
      node.flush(Duration.ofSeconds(60));
      Await.until("a heartbeat came", () -> rig.link.streams().heartbeat(7).filter(Heartbeat::hasClock).isPresent());

      assertThat(value("tapedeck_ledger_chunks_open")).isEqualTo(1);
      assertThat(metrics.get("tapedeck_recordings").tag("state", "closing").gauge().value()).isEqualTo(1);
      assertThat(value("tapedeck_node_spool_bytes")).isEqualTo(11);
      assertThat(value("tapedeck_node_spool_budget_bytes")).isEqualTo(100);
      assertThat(value("tapedeck_node_oldest_unsent_seconds")).isEqualTo(2.5);
      assertThat(value("tapedeck_node_clock_synchronized")).isEqualTo(1);
      assertThat(value("tapedeck_node_clock_max_error_seconds")).isEqualTo(0.0015);
      assertThat(value("tapedeck_node_clock_steps")).isEqualTo(3);

      rig.clock.addAndGet(Duration.ofMinutes(11).toMillis());
      assertThat(value("tapedeck_hook_lane_oldest_seconds")).isEqualTo(660);
      assertThat(value("tapedeck_recordings_finalize_overdue")).isZero();
      rig.clock.incrementAndGet();
      assertThat(value("tapedeck_recordings_finalize_overdue")).isEqualTo(1);
      rig.life.tick();
      assertThat(value("tapedeck_recordings_finalize_overdue")).isZero();
    }
    assertThat(value("tapedeck_node_spool_bytes")).isNaN();
  }

  private double value(String name) {
    return metrics.get(name).gauge().value();
  }
}
