package dev.tapedeck.bench.conference;

import dev.tapedeck.bench.process.OptionRange;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code bench audio}: voices alone, where packets are small and go out one by one. */
@Command(name = "audio", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Rooms of people who all speak (20 ms of Opus, 32 kbit/s) and hear all others.")
public final class AudioCommand extends ConferenceCommand {
  private static final int MAX_PEOPLE = 50;

  @Option(names = "--rooms", defaultValue = "8", paramLabel = "N",
      description = "1..1000, with at most 2000 people in all of them. Default: ${DEFAULT-VALUE}.")
  private int rooms;

  @Option(names = "--speakers", defaultValue = "10", paramLabel = "M",
      description = "Of each room, 2..50. Default: ${DEFAULT-VALUE}.")
  private int speakers;

  @Override
  List<Conference> conferences(CommandSpec command) {
    OptionRange.check(command, "--speakers", speakers, 2, MAX_PEOPLE);
    OptionRange.check(command, "--rooms", rooms, 1, MAX_PERSONS / speakers);
    return List.of(new Conference(rooms, speakers, 0, true));
  }

  @Override
  String title() {
    return "Tapedeck: " + rooms + " rooms of " + speakers + " speakers";
  }
}
