package dev.tapedeck.bench.srtp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Spread;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code bench srtp} found, per back end and profile. */
final class SrtpReport implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Row(String crypto, SrtpProfile profile, Spread protectNanos, Spread unprotectNanos,
      double allocatedBytes) {}

  private final int receivers;
  private final int burst;
  private final int packetBytes;
  private final List<Row> rows = new ArrayList<>();

  SrtpReport(int receivers, int burst, int packetBytes) {
    this.receivers = receivers;
    this.burst = burst;
    this.packetBytes = packetBytes;
  }

  /** @param allocatedBytes per packet encrypted */
  void add(String crypto, SrtpProfile profile, List<Double> protectNanos, List<Double> unprotectNanos,
      double allocatedBytes) {
    rows.add(new Row(crypto, profile, Spread.of(protectNanos), Spread.of(unprotectNanos), allocatedBytes));
  }

  @Override
  public String title() {
    return "Tapedeck: encryption by back end";
  }

  @Override
  public String verdict() {
    return "ok";
  }

  @Override
  public String toText() {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
        "%d packets of %d bytes to each of %d receivers, ns of CPU per packet, median (lowest)%n", burst, packetBytes,
        receivers));
    for (Row row : rows) {
      text.append(String.format(Locale.ROOT,
          "%-23s %-10s protect %7.0f (%.0f)   unprotect %7.0f (%.0f)   %.3f bytes allocated%n", row.profile,
          row.crypto, row.protectNanos.median(), row.protectNanos.lowest(), row.unprotectNanos.median(),
          row.unprotectNanos.lowest(), row.allocatedBytes));
    }
    return text.toString();
  }

  @Override
  public String toJson() {
    ObjectNode json = JSON.createObjectNode()
        .put("receivers", receivers).put("burst", burst).put("packet_bytes", packetBytes);
    ArrayNode array = json.putArray("back_ends");
    for (Row row : rows) {
      ObjectNode one = array.addObject().put("crypto", row.crypto).put("profile", row.profile.name());
      put(one.putObject("protect_ns"), row.protectNanos);
      put(one.putObject("unprotect_ns"), row.unprotectNanos);
      one.put("allocated_bytes_per_packet", row.allocatedBytes);
    }
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("report not written", e);
    }
  }

  private static void put(ObjectNode json, Spread spread) {
    json.put("median", spread.median()).put("lowest", spread.lowest()).put("highest", spread.highest());
  }
}
