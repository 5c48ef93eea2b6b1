package dev.tapedeck.bench;

import dev.tapedeck.bench.chaos.ChaosCommand;
import dev.tapedeck.bench.conference.AudioCommand;
import dev.tapedeck.bench.conference.RoomsCommand;
import dev.tapedeck.bench.floor.FloorCommand;
import dev.tapedeck.bench.forward.ForwardCommand;
import dev.tapedeck.bench.join.JoinCommand;
import dev.tapedeck.bench.overload.OverloadCommand;
import dev.tapedeck.bench.peers.PeersCommand;
import dev.tapedeck.bench.record.RecordCommand;
import dev.tapedeck.bench.room.RoomCommand;
import dev.tapedeck.bench.soak.SoakCommand;
import dev.tapedeck.bench.srtp.SrtpCommand;
import dev.tapedeck.bench.start.StartCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./tapedeck bench}: load and measurement. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures, and does harm.",
    subcommands = {
        ForwardCommand.class,
        RoomsCommand.class,
        RoomCommand.class,
        AudioCommand.class,
        JoinCommand.class,
        RecordCommand.class,
        StartCommand.class,
        OverloadCommand.class,
        FloorCommand.class,
        PeersCommand.class,
        SoakCommand.class,
        ChaosCommand.class,
        SrtpCommand.class,
        JmhCommand.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    CommandLine commandLine = new CommandLine(new Bench());
    commandLine.setExecutionExceptionHandler((failure, failed, parsed) -> {
      failed.getErr().println("bench: " + failure.getMessage());
      return 1;
    });
    System.exit(commandLine.execute(args));
  }
}
