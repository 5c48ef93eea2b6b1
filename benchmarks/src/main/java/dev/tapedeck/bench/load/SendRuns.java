package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * How many packets the server sent together, by its own counters.
 *
 * @param datagrams given to the kernel
 * @param messages  that carried them, each to one receiver
 * @param gathered  of the datagrams, those that shared a message with others
 * @param calls     into the kernel, for datagrams
 */
public record SendRuns(double datagrams, double messages, double gathered, double calls) {
  private static final String DATAGRAMS = "tapedeck_udp_datagrams_sent";
  private static final String MESSAGES = "tapedeck_udp_messages_sent";
  private static final String GATHERED = "tapedeck_udp_datagrams_gathered";
  private static final String SEND_CALLS = "tapedeck_udp_send_calls";
  private static final String RECEIVE_CALLS = "tapedeck_udp_receive_calls";
  private static final String WAIT_CALLS = "tapedeck_udp_wait_calls";

  /** Of one window; empty if the server does not count its messages. */
  public static Optional<SendRuns> of(LoadRun run) {
    Map<String, Double> counters = run.serverCounters();
    if (!counters.containsKey(MESSAGES)) {
      return Optional.empty();
    }
    double calls = counters.getOrDefault(SEND_CALLS, 0.0) + counters.getOrDefault(RECEIVE_CALLS, 0.0)
        + counters.getOrDefault(WAIT_CALLS, 0.0);
    return Optional.of(new SendRuns(counters.getOrDefault(DATAGRAMS, 0.0), counters.get(MESSAGES),
        counters.getOrDefault(GATHERED, 0.0), calls));
  }

  public double packetsPerMessage() {
    return datagrams / messages;
  }

  /** Of all messages, those with more than one datagram, 0..1. */
  public double longerThanOneShare() {
    return (messages - (datagrams - gathered)) / messages;
  }

  void putInto(ObjectNode json, long forwarded) {
    json.put("packets_per_send_message", Rounded.thousandth(packetsPerMessage()));
    json.put("runs_longer_than_one_share", Rounded.thousandth(longerThanOneShare()));
    if (forwarded > 0) {
      json.put("udp_calls_per_packet", Rounded.thousandth(calls / forwarded));
    }
  }
}
