package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How many packets the server sent together, by its own counters.
 *
 * @param packets        datagrams
 * @param messages       that carried them, each to one receiver
 * @param longerMessages with more than one packet, empty if the server does not count them
 */
public record SendRuns(double packets, double messages, OptionalDouble longerMessages) {
  private static final String PACKETS = "tapedeck_datagrams_sent";
  private static final String MESSAGES = "tapedeck_send_messages";
  private static final String LONGER_MESSAGES = "tapedeck_send_messages_segmented";

  /** Of one window; empty if the server does not count its messages. */
  public static Optional<SendRuns> of(LoadRun run) {
    Map<String, Double> counters = run.serverCounters();
    if (!counters.containsKey(MESSAGES)) {
      return Optional.empty();
    }
    return Optional.of(new SendRuns(
        counters.getOrDefault(PACKETS, (double) run.traffic().packets()), counters.get(MESSAGES),
        counters.containsKey(LONGER_MESSAGES)
            ? OptionalDouble.of(counters.get(LONGER_MESSAGES))
            : OptionalDouble.empty()));
  }

  public double packetsPerMessage() {
    return packets / messages;
  }

  /** Of all messages, 0..1. */
  public OptionalDouble longerThanOneShare() {
    return longerMessages.stream().map(longer -> longer / messages).findFirst();
  }

  public void putInto(ObjectNode json) {
    json.put("packets_per_send_message", Rounded.thousandth(packetsPerMessage()));
    longerThanOneShare().ifPresent(share -> json.put("runs_longer_than_one_share", Rounded.thousandth(share)));
  }
}
