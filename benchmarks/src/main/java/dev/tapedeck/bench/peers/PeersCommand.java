package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.peers.PeerCatalog.Wanted;
import dev.tapedeck.bench.peers.tapedeck.TapedeckSystem;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench peers}: the same load in turn on this build and on other servers of this machine. */
@Command(name = "peers", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Gives the same load in turn to Tapedeck and to each peer found on this machine, round by round, and"
        + " prints figures, ratios and their spread. How to install peers: docs/benchmarks-peers.md.")
public final class PeersCommand implements Callable<Integer> {
  static final String OURS = "tapedeck";
  private static final int MAX_ROUNDS = 100;
  private static final int MAX_SECONDS = 600;
  private static final int MAX_SUBSCRIBERS = 500;
  private static final int MAX_PACKETS_PER_SECOND = 20_000;
  private static final int MAX_ROOMS = 100;
  private static final int MAX_SPEAKERS = 50;

  @Spec
  private CommandSpec spec;

  @Option(names = "--peers", split = ",", defaultValue = "janus,rtpengine", paramLabel = "NAME[=URL]",
      description = "Who to compare with, by name; with the address of one that runs where this command does not start"
          + " it. Default: ${DEFAULT-VALUE}.")
  private List<String> peers;

  @Option(names = "--load", defaultValue = "video", paramLabel = "video|audio",
      description = "One video to many subscribers, or rooms of speakers. Default: ${DEFAULT-VALUE}.")
  private String load;

  @Option(names = "--rounds", defaultValue = "5", paramLabel = "R",
      description = "1..100; in each, every system has its turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
      description = "Length of each measured window, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--settle", defaultValue = "3", paramLabel = "S",
      description = "Time before each window, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int settleSeconds;

  @Option(names = "--warm-up", defaultValue = "20", paramLabel = "S",
      description = "A small load on each system before the first round, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(names = "--subscribers", defaultValue = "50", paramLabel = "N",
      description = "Of the video, 1..500. Default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(names = "--packets-per-second", defaultValue = "1000", paramLabel = "P",
      description = "Of the video, in frames of 8 packets of 1,200 bytes, 8..20000. Default: ${DEFAULT-VALUE}.")
  private int packetsPerSecond;

  @Option(names = "--rooms", defaultValue = "8", paramLabel = "N",
      description = "Of the audio load, 1..100. Default: ${DEFAULT-VALUE}.")
  private int rooms;

  @Option(names = "--speakers", defaultValue = "10", paramLabel = "N",
      description = "In each room of the audio load, 2..50, all of whom speak. Default: ${DEFAULT-VALUE}.")
  private int speakers;

  @Option(names = "--system-calls", defaultValue = "2", paramLabel = "S",
      description = "Window in which perf counts system calls, 0 for none. Default: ${DEFAULT-VALUE}.")
  private int systemCallSeconds;

  @Mixin
  private ServerOptions serverOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    List<Wanted> wanted = check();
    Path folder = Files.createTempDirectory("tapedeck-peers-");
    List<PeerSystem> systems = new ArrayList<>();
    try {
      systems.add(TapedeckSystem.start(new ServerProcess.Arguments(
          Files.createDirectories(folder.resolve(OURS)), serverOptions.crypto(), serverOptions.arguments()),
          serverOptions.flags()));
      Map<String, String> missing = openPeers(wanted, folder, systems);
      missing.forEach((name, install) -> output.say(name + " is not here; to compare with it: " + install));
      output.tell(measure(systems, missing));
      return 0;
    } finally {
      systems.forEach(PeerSystem::close);
    }
  }

  private List<Wanted> check() {
    OptionRange.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--settle", settleSeconds, 0, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    OptionRange.check(spec, "--subscribers", subscribers, 1, MAX_SUBSCRIBERS);
    OptionRange.check(
        spec, "--packets-per-second", packetsPerSecond, LoadShape.PACKETS_PER_FRAME, MAX_PACKETS_PER_SECOND);
    OptionRange.check(spec, "--rooms", rooms, 1, MAX_ROOMS);
    OptionRange.check(spec, "--speakers", speakers, 2, MAX_SPEAKERS);
    OptionRange.check(spec, "--system-calls", systemCallSeconds, 0, MAX_SECONDS);
    serverOptions.check();
    if (!load.equals("video") && !load.equals("audio")) {
      throw new ParameterException(spec.commandLine(), "--load is " + load + ", must be video or audio");
    }
    List<Wanted> wanted = peers.stream().map(Wanted::parse).toList();
    wanted.stream().filter(peer -> !peer.isKnown()).findFirst().ifPresent(unknown -> {
      throw new ParameterException(spec.commandLine(),
          "--peers has " + unknown.name() + ", must be of " + String.join(", ", PeerCatalog.names()));
    });
    return wanted;
  }

  /** @return those not found, with what to install */
  private static Map<String, String> openPeers(List<Wanted> wanted, Path folder, List<PeerSystem> systems)
      throws IOException {
    Map<String, String> missing = new LinkedHashMap<>();
    for (Wanted peer : wanted) {
      Optional<PeerSystem> system = peer.open(folder.resolve(peer.name()));
      system.ifPresent(systems::add);
      if (system.isEmpty()) {
        missing.put(peer.name(), peer.install());
      }
    }
    return missing;
  }

  private PeersReport measure(List<PeerSystem> systems, Map<String, String> missing) throws IOException {
    LoadShape shape =
        load.equals("audio") ? LoadShape.audio(rooms, speakers) : LoadShape.video(subscribers, packetsPerSecond);
    SrtpProtection protection = ServerOptions.protections(serverOptions.profile()).getFirst();
    PeerRounds turns = new PeerRounds(shape, protection, new PeerRounds.Timing(
        Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(settleSeconds), Duration.ofSeconds(seconds),
        Duration.ofSeconds(systemCallSeconds)));
    PeersReport report = new PeersReport(shape, serverOptions.profile(), seconds, missing, output.machine());
    for (PeerSystem system : systems) {
      output.say("warming up " + system.name() + " for " + warmUpSeconds + " s ...");
      turns.rehearse(system);
    }
    for (int round = 1; round <= rounds; round++) {
      for (PeerSystem system : systems) {
        RoundFigures figures = turns.measure(system, round);
        report.add(system, figures);
        output.say(String.format(Locale.ROOT, "round %d of %d, %s: %.2f us CPU per forwarded packet, %s", round, rounds,
            system.name(), figures.cpuMicrosPerPacket(), figures.verdict()));
      }
    }
    return report;
  }
}
