package dev.tapedeck.connector;

import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.connector.io.grpc.NodeStreams;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.life.RoomWatch;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.wire.Heartbeat;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jdbi.v3.core.Handle;

/** What the connector counts, read from its rows and streams when somebody scrapes. */
final class ConnectorMetrics {
  /** Beyond the time a verdict may wait; a manifest that the store takes at once is spoken within it. */
  private static final Duration OVERDUE_GRACE = Duration.ofMinutes(1);
  private static final double MILLIS = 1000;
  private static final double MICROS = 1_000_000;

  private final MeterRegistry metrics;
  private final Database database;
  private final LongSupplier wallMillis;

  ConnectorMetrics(MeterRegistry metrics, Database database, LongSupplier wallMillis) {
    this.metrics = metrics;
    this.database = database;
    this.wallMillis = wallMillis;
  }

  void count(NodeStreams streams, RoomWatch watch, Hooks hooks, ConnectorConfig.Recording limits) {
    metrics.gauge("tapedeck_nodes_attached", streams, NodeStreams::size);
    metrics.gauge("tapedeck_room_watchers", watch, RoomWatch::watchers);
    countHooks(hooks);
    countLedger(limits);
    streams.whenAttached(node -> countNode(streams, node));
  }

  private void countHooks(Hooks hooks) {
    rows("tapedeck_hook_deliveries_pending", "Events on their way to hooks", handle -> FeedRows.count(handle, "pending"));
    rows("tapedeck_hook_deliveries_dead", "Events that hooks did not take; see /api/hooks/dead-letters",
        handle -> FeedRows.count(handle, "dead"));
    hooks.all().forEach(hook -> Gauge.builder("tapedeck_hook_lane_oldest_seconds", database, rows -> rows.read(
            handle -> FeedRows.oldestPendingAgeMs(handle, hook.id(), wallMillis.getAsLong())) / MILLIS)
        .description("How long the oldest event waits for this hook").tag("hook", hook.id()).register(metrics));
  }

  private void countLedger(ConnectorConfig.Recording limits) {
    for (RecordingState state : RecordingState.values()) {
      Gauge.builder("tapedeck_recordings", database, rows -> rows.read(
              handle -> RecordingRows.countByState(handle)).getOrDefault(state.text(), 0L))
          .description("Recordings by state").tag("state", state.text()).register(metrics);
    }
    rows("tapedeck_ledger_chunks_open", "Chunks promised and not yet verified", TapeRows::countOpen);
    rows("tapedeck_ledger_chunks_lost", "Chunks promised and known to be lost", TapeRows::countLost);
    long patienceMillis = Math.max(limits.uploadTimeout().toMillis(), limits.crashTimeout().toMillis())
        + OVERDUE_GRACE.toMillis();
    rows("tapedeck_recordings_finalize_overdue", "Closed recordings whose verdict should have been spoken",
        handle -> RecordingRows.countClosingSince(handle, wallMillis.getAsLong() - patienceMillis));
  }

  /** NaN while the media server is away: the last word of a dead one says nothing. */
  private void countNode(NodeStreams streams, long node) {
    heartbeat(streams, node, "tapedeck_node_clock_synchronized", "1 while a time server keeps the node's clock",
        heartbeat -> !heartbeat.hasClock() ? Double.NaN : heartbeat.getClock().getSynchronized() ? 1 : 0);
    heartbeat(streams, node, "tapedeck_node_clock_max_error_seconds", "The kernel's bound of the clock's error",
        heartbeat -> Integer.toUnsignedLong(heartbeat.getClock().getMaxErrorUs()) / MICROS);
    heartbeat(streams, node, "tapedeck_node_clock_steps", "Times the node's clock jumped since its process started",
        heartbeat -> Integer.toUnsignedLong(heartbeat.getClock().getSteps()));
    heartbeat(streams, node, "tapedeck_node_spool_bytes", "Bytes on the node that are not stored yet",
        Heartbeat::getSpoolBytes);
    heartbeat(streams, node, "tapedeck_node_spool_budget_bytes", "Bytes that the node's spool may hold on disk",
        Heartbeat::getSpoolBudgetBytes);
    heartbeat(streams, node, "tapedeck_node_oldest_unsent_seconds", "Age of the node's oldest byte that is not stored",
        heartbeat -> heartbeat.getOldestUnsentMs() / MILLIS);
  }

  private void heartbeat(NodeStreams streams, long node, String name, String description,
      ToDoubleFunction<Heartbeat> value) {
    Gauge.builder(name, streams, all -> all.heartbeat(node).map(value::applyAsDouble).orElse(Double.NaN))
        .description(description).tag("node", Long.toString(node)).register(metrics);
  }

  private interface Count {
    long of(Handle handle);
  }

  private void rows(String name, String description, Count count) {
    Gauge.builder(name, database, rows -> rows.read(count::of)).description(description).register(metrics);
  }
}
