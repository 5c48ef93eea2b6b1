package dev.tapedeck.bench.room;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.JoinTimes;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.MemoryUse;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.load.RunSections;
import dev.tapedeck.bench.report.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One measurement of a room.
 *
 * @param packetsPerSecond of each video
 */
record RoomReport(int publishers, int packetsPerSecond, Measured measured, ServerSide server, Machine machine)
    implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** @param joins from a subscriber's request to its first packet */
  record Measured(LoadRun run, MemoryUse memory, List<Duration> joins) {}

  private LoadRun run() {
    return measured.run;
  }

  private JoinTimes joins() {
    return JoinTimes.of(measured.joins);
  }

  @Override
  public String title() {
    return "Tapedeck: a room of " + publishers + " publishers and " + run().sessions() + " subscribers";
  }

  @Override
  public String verdict() {
    return run().verdict();
  }

  @Override
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("publishers", publishers);
    json.put("subscribers", run().sessions());
    json.put("dropped", run().traffic().lost());
    run().putInto(json);
    measured.memory.putInto(json, "subscriber");
    joins().putInto(json);
    json.put("video_packets_per_second", packetsPerSecond);
    server.putInto(json);
    machine.putInto(json);
    return json.toString();
  }

  @Override
  public String toText() {
    return String.format(Locale.ROOT, "%d publishers, %s, %,d bytes per subscriber (%,d heap, %,d outside), joined in"
            + " %.0f ms (99 %%: %.0f ms)", publishers, run().toText(), measured.memory.bytesPerSession(),
        measured.memory.heapBytesPerSession(), measured.memory.nativeBytesPerSession(), joins().millis(0.50),
        joins().millis(0.99));
  }

  @Override
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>(RunSections.of(Map.of(run().sessions() + " subscribers", run())));
    sections.add(1, joins().section());
    sections.add(2, measured.memory.section("subscriber"));
    return sections;
  }
}
