package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.latency.Delays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Delays of the sample in one window.
 *
 * @param relay       over the plain relay, {@link Delays#NONE} if there was none
 * @param subscribers by name, in the order of joining
 */
public record Latency(Delays relay, Map<String, Delays> subscribers) {
  public Latency {
    subscribers = new LinkedHashMap<>(subscribers);
  }

  /** The slowest of the sample at the 99th percentile, without what the relay takes. */
  public double worstAddedP99Micros() {
    return subscribers.values().stream().mapToDouble(delays -> delays.beyond(relay).p99Micros()).max().orElse(0);
  }

  /** The slowest of the sample at the 99th percentile. */
  public double worstP99Micros() {
    return subscribers.values().stream().mapToDouble(Delays::p99Micros).max().orElse(0);
  }

  void putInto(ObjectNode json) {
    put(json.putObject("relay"), relay);
    subscribers.forEach((name, delays) -> {
      ObjectNode node = json.putObject(name);
      put(node, delays);
      Delays.Added added = delays.beyond(relay);
      node.put("added_p50_us", Rounded.tenth(added.p50Micros()));
      node.put("added_p99_us", Rounded.tenth(added.p99Micros()));
      node.put("added_p999_us", Rounded.tenth(added.p999Micros()));
      node.put("added_max_us", Rounded.tenth(added.maxMicros()));
    });
  }

  private static void put(ObjectNode node, Delays delays) {
    node.put("packets", delays.count());
    node.put("p50_us", Rounded.tenth(delays.p50Micros()));
    node.put("p99_us", Rounded.tenth(delays.p99Micros()));
    node.put("p999_us", Rounded.tenth(delays.p999Micros()));
    node.put("max_us", Rounded.tenth(delays.maxMicros()));
  }
}
