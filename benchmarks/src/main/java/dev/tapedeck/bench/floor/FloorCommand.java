package dev.tapedeck.bench.floor;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.floor.FloorReport.FloorRound;
import dev.tapedeck.bench.peers.LoadShape;
import dev.tapedeck.bench.peers.PeerRounds;
import dev.tapedeck.bench.peers.RoundFigures;
import dev.tapedeck.bench.peers.tapedeck.TapedeckSystem;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench floor}: the server beside the least that a forwarder can do, in turn. */
@Command(name = "floor", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Compiles the forwarder in C under benchmarks/floor and runs it in turn with the server: with the"
        + " same crypto, at full speed and under the same load. Prints what the server takes more.")
public final class FloorCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 100;
  private static final int MAX_SECONDS = 600;
  private static final int MAX_SUBSCRIBERS = 500;
  private static final int MAX_PACKETS_PER_SECOND = 20_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--rounds", defaultValue = "5", paramLabel = "R",
      description = "1..100; in each, both have their turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
      description = "Length of each measured window, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--warm-up", defaultValue = "20", paramLabel = "S",
      description = "A small load on the server before the first round, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(names = "--settle", defaultValue = "3", paramLabel = "S",
      description = "Time before each window, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int settleSeconds;

  @Option(names = "--subscribers", defaultValue = "50", paramLabel = "N",
      description = "1..500. Default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(names = "--packets-per-second", defaultValue = "1000", paramLabel = "P",
      description = "Of the publisher, in frames of 8 packets of 1,200 bytes, 8..20000. Default: ${DEFAULT-VALUE}.")
  private int packetsPerSecond;

  @Mixin
  private ServerOptions serverOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    OptionRange.check(spec, "--settle", settleSeconds, 0, MAX_SECONDS);
    OptionRange.check(spec, "--subscribers", subscribers, 1, MAX_SUBSCRIBERS);
    OptionRange.check(
        spec, "--packets-per-second", packetsPerSecond, LoadShape.PACKETS_PER_FRAME, MAX_PACKETS_PER_SECOND);
    serverOptions.check();
    FloorProgram floor = FloorProgram.build();
    output.tell(measure(floor));
    return 0;
  }

  private FloorReport measure(FloorProgram floor) throws IOException {
    LoadShape shape = LoadShape.video(subscribers, packetsPerSecond);
    SrtpProtection protection = ServerOptions.protections(serverOptions.profile()).getFirst();
    Duration settle = Duration.ofSeconds(settleSeconds);
    Duration window = Duration.ofSeconds(seconds);
    PeerRounds turns = new PeerRounds(shape, protection,
        new PeerRounds.Timing(Duration.ofSeconds(warmUpSeconds), settle, window, Duration.ZERO));
    ServerProcess.Arguments arguments = new ServerProcess.Arguments(
        Files.createTempDirectory("tapedeck-floor-"), serverOptions.crypto(), serverOptions.arguments());
    try (TapedeckSystem server = TapedeckSystem.start(arguments, serverOptions.flags())) {
      String crypto = cryptoLike(server);
      turns.rehearse(server);
      List<FloorRound> done = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        RoundFigures figures = turns.measure(server, round);
        double hot = floor.hotMicrosPerPacket(
            crypto, serverOptions.profile(), subscribers, LoadShape.PACKETS_PER_FRAME);
        FloorLoad.Served served = serve(floor, crypto, shape, protection, settle, window);
        done.add(new FloorRound(figures.cpuMicrosPerPacket(), hot, served.microsPerPacket(),
            figures.count().lost(), served.lost()));
        output.say(String.format(Locale.ROOT,
            "round %d of %d: server %.2f us, floor served %.2f us, hot %.2f us per packet", round, rounds,
            figures.cpuMicrosPerPacket(), served.microsPerPacket(), hot));
      }
      return new FloorReport(done, crypto, serverOptions.profile(), subscribers, packetsPerSecond);
    }
  }

  private FloorLoad.Served serve(FloorProgram floor, String crypto, LoadShape shape, SrtpProtection protection,
      Duration settle, Duration window) throws IOException {
    List<String> command = floor.servedCommand(crypto, serverOptions.profile(), LoadShape.PACKETS_PER_FRAME);
    try (FloorLoad load = new FloorLoad(command, shape, protection)) {
      return load.measure(settle, window);
    }
  }

  /** The library the server uses; libcrypto beside a server in pure Java. */
  private static String cryptoLike(TapedeckSystem server) throws IOException {
    String crypto = server.crypto();
    if (FloorProgram.knows(crypto)) {
      return crypto;
    }
    if (crypto.equals("ipsec-mb")) {
      throw new IOException("the server uses ipsec-mb, so the floor must: " + FloorProgram.INSTALL);
    }
    return "libcrypto";
  }
}
