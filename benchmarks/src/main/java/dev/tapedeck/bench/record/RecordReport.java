package dev.tapedeck.bench.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.JsonSections;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.report.Section;
import dev.tapedeck.bench.report.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** All that one call has measured, beside what is aimed at. */
record RecordReport(RecordOptions options, RecordCost cost, StoreAway.Result away,
    Map<JournalSpeed.Mode, List<JournalSpeed.Round>> speed, Map<String, Integer> verdicts, Machine machine)
    implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the project promises; the JSON repeats them, so that a figure is never read without them. */
  static final double MAX_WORKER_PERCENT = 5;
  static final double MAX_WORKER_MICROS = 0.25;
  static final double MAX_PROCESS_MICROS = 2;
  static final double MAX_VIDEO_RATIO = 1.03;
  static final double MAX_AUDIO_RATIO = 1.25;
  static final double MIN_JOURNAL_OVER_DD = 0.85;

  /**
   * One line of the report.
   *
   * @param value  as measured, the median where there are rounds
   * @param likely where the median lies, for what was measured often enough to tell
   * @param target as promised
   */
  private record Figure(String what, Spread value, Optional<Interval> likely, double target, boolean isMet) {}

  private Map<String, Figure> figures() {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("worker_percent",
        ofTurns("worker threads, % more CPU", cost.turns().addedPercent(), MAX_WORKER_PERCENT));
    figures.put("worker_us_per_recorded_packet",
        ofTurns("worker threads, us per recorded packet", cost.turns().addedMicros(), MAX_WORKER_MICROS));
    figures.put("process_us_per_recorded_packet", atMost("whole process, us per recorded packet",
        ofRounds(RecordRounds.Round::addedProcessMicros), MAX_PROCESS_MICROS));
    figures.put("memory_bytes_store_away", atMost("memory with the store away, bytes", once(away.memoryPeakBytes()),
        StoreAway.MEMORY_BUDGET_BYTES));
    figures.put("video_disk_over_rtp", atMost("journal over RTP bytes, video", once(away.video().journalOverRtp()),
        MAX_VIDEO_RATIO));
    figures.put("video_store_over_rtp", atMost("objects over RTP bytes, video", once(away.video().objectsOverRtp()),
        MAX_VIDEO_RATIO));
    figures.put("audio_disk_over_rtp", atMost("journal over RTP bytes, audio", once(away.audio().journalOverRtp()),
        MAX_AUDIO_RATIO));
    figures.put("audio_store_over_rtp", atMost("objects over RTP bytes, audio", once(away.audio().objectsOverRtp()),
        MAX_AUDIO_RATIO));
    figures.put("journal_over_dd", overDd("journal over dd, write speed", JournalSpeed.Mode.INTERVAL));
    figures.put("journal_always_over_dd", overDd("journal over dd, each slab forced", JournalSpeed.Mode.ALWAYS));
    return figures;
  }

  @Override
  public String title() {
    return "Tapedeck: what recording costs";
  }

  @Override
  public String verdict() {
    List<String> missed = figures().values().stream().filter(figure -> !figure.isMet).map(Figure::what).toList();
    return missed.isEmpty() ? "ok" : "beyond what is aimed at: " + String.join("; ", missed);
  }

  @Override
  public List<Section> sections() {
    List<List<String>> rows = figures().values().stream().map(figure -> List.of(figure.what,
        text(figure.value.median()), text(figure.value.lowest()), text(figure.value.highest()), text(figure.target),
        figure.isMet ? "met" : "missed")).toList();
    List<Section> sections = new ArrayList<>();
    sections.add(new Section.Table("Against what is aimed at", "", List.of("", "median", "lowest", "highest", "aim", ""),
        rows));
    sections.add(addedByRound());
    sections.addAll(JsonSections.of(toJson()));
    return sections;
  }

  private Section addedByRound() {
    List<String> rounds = IntStream.rangeClosed(1, cost.rounds().size()).mapToObj(i -> "round " + i).toList();
    Set<String> threads = new TreeSet<>();
    cost.rounds().forEach(round -> threads.addAll(round.with().serverNanos().keySet()));
    List<Section.Part> parts = threads.stream().map(name -> new Section.Part(name, cost.rounds().stream()
            .map(round -> round.with().micros(name) - round.without().micros(name)).toList()))
        .filter(part -> part.values().stream().anyMatch(micros -> Math.abs(micros) >= 0.05)).toList();
    return new Section.Bars("What recording adds, by thread", "One window with recording less the one before without.",
        "µs per recorded packet", rounds, parts);
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%,.3f", value);
  }

  private Figure overDd(String what, JournalSpeed.Mode mode) {
    Spread ratio = Spread.of(speed.get(mode).stream().map(JournalSpeed.Round::ratio).toList());
    return new Figure(what, ratio, Optional.empty(), MIN_JOURNAL_OVER_DD, ratio.median() >= MIN_JOURNAL_OVER_DD);
  }

  private static Figure atMost(String what, Spread value, double target) {
    return new Figure(what, value, Optional.empty(), target, value.median() <= target);
  }

  private static Figure ofTurns(String what, List<Double> values, double target) {
    Spread value = Spread.of(values);
    return new Figure(what, value, Optional.of(Interval.of(values)), target, value.median() <= target);
  }

  private static Spread once(double value) {
    return new Spread(value, value, value);
  }

  private Spread ofRounds(ToDoubleFunction<RecordRounds.Round> value) {
    return Spread.of(cost.rounds().stream().map(round -> value.applyAsDouble(round)).toList());
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("publishers", options.publishers());
    root.put("subscribers", options.subscribers());
    root.put("bits_per_second", options.bitsPerSecond());
    root.put("seconds", options.window().toMillis() / 1000.0);
    root.put("rounds", cost.rounds().size());
    root.put("turns", cost.turns().pairs().size());
    figures().forEach((name, figure) -> put(root.putObject(name), figure));
    putLoad(root);
    putAddedByThread(root.putObject("added_us_per_recorded_packet_by_thread"));
    putAway(root.putObject("store_away"));
    putSpeed(root.putObject("journal_speed"));
    putParts(root);
    machine.putInto(root);
    cost.rounds().forEach(round -> {
      root.withArray("runs").add(toJson(round.without()));
      root.withArray("runs").add(toJson(round.with()));
    });
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static void put(ObjectNode node, Figure figure) {
    node.put("median", rounded(figure.value.median()));
    node.put("lowest", rounded(figure.value.lowest()));
    node.put("highest", rounded(figure.value.highest()));
    figure.likely.ifPresent(likely -> node.putObject("median_with_95_percent_confidence")
        .put("from", rounded(likely.from())).put("to", rounded(likely.to())));
    node.put("target", figure.target);
    node.put("met", figure.isMet);
  }

  private void putLoad(ObjectNode root) {
    root.put("recorded_packets", cost.rounds().stream().mapToLong(round -> round.with().taped()).sum());
    root.put("generator_bound", cost.rounds().stream()
        .anyMatch(round -> round.without().isGeneratorBound() || round.with().isGeneratorBound()));
    root.put("generator_cores_busy", rounded(ofRounds(
        round -> round.with().generatorNanos() / 1e9 / round.with().seconds()).median()));
    root.put("worker_us_per_packet_without_recording", rounded(cost.turns().baseMicros()));
    root.put("worker_ms_per_second_idle", rounded(cost.turns().idleNanosPerSecond() / 1e6));
    root.put("process_us_per_packet_without_recording",
        rounded(ofRounds(round -> round.without().processMicros()).median()));
    ObjectNode counts = root.putObject("verdicts");
    verdicts.forEach(counts::put);
  }

  /** Where the added time goes: median by kind of thread. */
  private void putAddedByThread(ObjectNode node) {
    Set<String> threads = new TreeSet<>();
    cost.rounds().forEach(round -> {
      threads.addAll(round.with().serverNanos().keySet());
      threads.addAll(round.without().serverNanos().keySet());
    });
    Map<String, Double> added = new TreeMap<>();
    threads.forEach(name -> added.put(name,
        rounded(ofRounds(round -> round.with().micros(name) - round.without().micros(name)).median())));
    added.entrySet().stream().filter(entry -> Math.abs(entry.getValue()) >= 0.01)
        .forEach(entry -> node.put(entry.getKey(), entry.getValue()));
  }

  private void putAway(ObjectNode node) {
    node.put("memory_budget_bytes", StoreAway.MEMORY_BUDGET_BYTES);
    node.put("memory_peak_bytes", away.memoryPeakBytes());
    node.put("heap_growth_bytes", away.heapGrowthBytes());
    node.put("taped_bytes", away.tapedBytes());
    putSize(node.putObject("video"), away.video());
    putSize(node.putObject("audio").put("opus_bits_per_second", RecordLoad.VOICE_BITS_PER_SECOND), away.audio());
  }

  private static void putSize(ObjectNode node, TapeSize size) {
    node.put("packets", size.packets());
    node.put("rtp_bytes", size.rtpBytes());
    node.put("object_bytes", size.objectBytes());
    node.put("journal_bytes", size.journalBytes());
  }

  private void putSpeed(ObjectNode node) {
    speed.forEach((mode, rounds) -> node.putObject(mode.name().toLowerCase(Locale.ROOT))
        .put("dd", mode.dd())
        .put("journal_mb_per_s", megabytes(rounds, JournalSpeed.Round::journal))
        .put("dd_mb_per_s", megabytes(rounds, JournalSpeed.Round::dd))
        .put("rounds", rounds.size()));
  }

  private static double megabytes(List<JournalSpeed.Round> rounds, ToDoubleFunction<JournalSpeed.Round> speed) {
    return rounded(Spread.of(rounds.stream().map(round -> speed.applyAsDouble(round) / 1e6).toList()).median());
  }

  private void putParts(ObjectNode root) {
    root.put("crypto", cost.server().crypto());
    root.put("send", cost.server().send());
    root.put("srtp_profile", options.profile());
    ObjectNode parts = root.putObject("features");
    cost.server().features().forEach(parts::put);
    parts.put("recording", "journal (interval, 1 s), CRC32C, SHA-256, upload to S3 by presigned PUT, verified by the"
        + " connector; store and connector are processes of their own");
    parts.put("clients", "transport-cc feedback, receiver reports, no nack from watchers");
  }

  private static ObjectNode toJson(RecordWindow window) {
    ObjectNode node = JSON.createObjectNode()
        .put("recording", window.isRecorded())
        .put("seconds", rounded(window.seconds()))
        .put("worker_us_per_packet", rounded(window.workerMicros()))
        .put("process_us_per_packet", rounded(window.processMicros()))
        .put("received", window.received())
        .put("taped", window.taped())
        .put("watched", window.watched())
        .put("lost", window.lost())
        .put("client_drops", window.clientDrops())
        .put("verdict", window.verdict());
    ObjectNode threads = node.putObject("us_per_packet_by_thread");
    new TreeMap<>(window.serverNanos()).keySet().forEach(name -> threads.put(name, rounded(window.micros(name))));
    return node;
  }

  private static String toText(Interval likely) {
    return String.format(Locale.ROOT, ", median with 95 %% confidence %.3f to %.3f", likely.from(), likely.to());
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  @Override
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-42s %12s %12s %12s %12s%n", "", "median", "lowest", "highest", "target"));
    figures().values().forEach(figure -> text.append(String.format(Locale.ROOT,
        "%-42s %,12.3f %,12.3f %,12.3f %,12.2f %s%s%n", figure.what, figure.value.median(),
        figure.value.lowest(), figure.value.highest(), figure.target, figure.isMet ? "ok" : "MISSED",
        figure.likely.map(RecordReport::toText).orElse(""))));
    text.append(String.format(Locale.ROOT,
        "crypto %s, send %s, %d publishers of %d bit/s, %d subscribers each, verdicts %s",
        cost.server().crypto(), cost.server().send(), options.publishers(), options.bitsPerSecond(),
        options.subscribers(), verdicts));
    return text.toString();
  }
}
