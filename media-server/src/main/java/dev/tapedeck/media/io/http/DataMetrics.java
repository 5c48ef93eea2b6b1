package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.sctp.SctpCounters;
import dev.tapedeck.media.core.sctp.SctpDropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.io.net.WorkerUnit;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** {@code /metrics} of data channels, of messages, and of what was refused for a limit. */
final class DataMetrics {
  private final MeterRegistry registry;

  DataMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void register(List<WorkerUnit> workers, Refusals refusals) {
    for (Limit limit : Limit.values()) {
      FunctionCounter.builder("tapedeck_limit_refusals", refusals, http -> http.of(limit)
              + workers.stream().mapToLong(worker -> worker.counters().refusals(limit)).sum())
          .description("What was refused or dropped for a limit").tag("limit", name(limit)).register(registry);
    }
    for (int number = 0; number < workers.size(); number++) {
      messages(workers.get(number).counters(), Integer.toString(number));
      sctp(workers.get(number).counters().sctp, Integer.toString(number));
    }
  }

  private void messages(WorkerCounters counters, String worker) {
    counter("tapedeck_messages_delivered", "Messages given to members", worker, counters, c -> c.messagesDelivered);
    counter("tapedeck_messages_dropped", "Messages a member missed because too much waited for it", worker, counters,
        c -> c.messagesDropped);
    counter("tapedeck_messages_refused", "Messages not taken from their publisher", worker, counters,
        c -> c.messagesRefused);
    counter("tapedeck_messages_unreadable", "Messages of the session protocol that could not be read", worker, counters,
        c -> c.messagesUnreadable);
  }

  private void sctp(SctpCounters counters, String worker) {
    counter("tapedeck_sctp_packets_received", "SCTP packets of clients", worker, counters,
        SctpCounters::receivedPackets);
    counter("tapedeck_sctp_packets_sent", "SCTP packets to clients", worker, counters, SctpCounters::sentPackets);
    counter("tapedeck_sctp_data_chunks_sent", "DATA chunks sent, repetitions included", worker, counters,
        SctpCounters::sentDataChunks);
    counter("tapedeck_sctp_data_chunks_retransmitted", "DATA chunks sent again", worker, counters,
        SctpCounters::retransmittedDataChunks);
    counter("tapedeck_sctp_messages_received", "Whole messages of clients", worker, counters,
        SctpCounters::receivedMessages);
    counter("tapedeck_sctp_messages_abandoned", "Messages given up as their channel wants it", worker, counters,
        SctpCounters::abandonedMessages);
    for (SctpDropReason reason : SctpDropReason.values()) {
      FunctionCounter.builder("tapedeck_sctp_dropped", counters, c -> c.drops(reason))
          .description("SCTP packets, chunks or messages not used, by reason")
          .tag("worker", worker).tag("reason", name(reason)).register(registry);
    }
  }

  private <T> void counter(String name, String description, String worker, T counters, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, counters, value).description(description).tag("worker", worker).register(registry);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
