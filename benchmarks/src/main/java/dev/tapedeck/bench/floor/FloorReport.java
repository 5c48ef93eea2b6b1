package dev.tapedeck.bench.floor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.Rounded;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Spread;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The server beside the floor.
 *
 * @param crypto  that both used
 * @param profile of SRTP, {@code gcm} or {@code cm}
 */
record FloorReport(List<FloorRound> rounds, String crypto, String profile, int subscribers, int packetsPerSecond)
    implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One turn of each, in microseconds of CPU per forwarded packet.
   *
   * @param hot    the floor, which feeds itself
   * @param served the floor under the same load as the server
   */
  record FloorRound(double server, double hot, double served, long serverLost, long floorLost) {
    double ratioToHot() {
      return server / hot;
    }

    double ratioToServed() {
      return server / served;
    }
  }

  FloorReport {
    rounds = List.copyOf(rounds);
  }

  @Override
  public String title() {
    return "The server beside the floor";
  }

  @Override
  public String verdict() {
    long lost = rounds.stream().mapToLong(round -> round.serverLost() + round.floorLost()).sum();
    return lost == 0 ? "ok" : lost + " packets lost, so a part of the forwarding was not measured";
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("crypto", crypto).put("srtp_profile", profile).put("subscribers", subscribers)
        .put("packets_per_second", packetsPerSecond);
    put(root, "cpu_us_per_forwarded_packet", FloorRound::server);
    put(root, "floor_hot_us", FloorRound::hot);
    put(root, "floor_served_us", FloorRound::served);
    put(root, "ratio_to_hot_floor", FloorRound::ratioToHot);
    put(root, "ratio_to_floor", FloorRound::ratioToServed);
    root.put("lost", rounds.stream().mapToLong(FloorRound::serverLost).sum());
    root.put("floor_lost", rounds.stream().mapToLong(FloorRound::floorLost).sum());
    root.put("verdict", verdict());
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private void put(ObjectNode root, String name, ToDoubleFunction<FloorRound> figure) {
    Spread spread = spread(figure);
    root.putObject(name)
        .put("median", Rounded.thousandth(spread.median()))
        .put("lowest", Rounded.thousandth(spread.lowest()))
        .put("highest", Rounded.thousandth(spread.highest()));
  }

  private Spread spread(ToDoubleFunction<FloorRound> figure) {
    return Spread.of(rounds.stream().map(figure::applyAsDouble).toList());
  }

  @Override
  public String toText() {
    return String.format(Locale.ROOT,
        "%s, %s: server %.2f us, floor served %.2f us, floor hot %.2f us per packet; %.2f times the floor under the"
            + " same load, %.2f times the hot one (medians of %d rounds)",
        crypto, profile, spread(FloorRound::server).median(), spread(FloorRound::served).median(),
        spread(FloorRound::hot).median(), spread(FloorRound::ratioToServed).median(),
        spread(FloorRound::ratioToHot).median(), rounds.size());
  }
}
