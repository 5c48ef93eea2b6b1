package dev.tapedeck.bench.conference;

import dev.tapedeck.bench.process.OptionRange;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code bench rooms}: the same number of packets, in few rooms and in many. */
@Command(name = "rooms", mixinStandardHelpOptions = true, sortOptions = false,
    description = "N rooms of M people, each of whom sends a picture and watches all others. All rooms together forward"
        + " the same number of packets whatever N is, so that what a packet costs can be compared.")
public final class RoomsCommand extends ConferenceCommand {
  private static final int MAX_PEOPLE = 50;
  private static final int MAX_FORWARDED = 1_000_000;
  private static final int MAX_PICTURE_PACKETS = 20_000;

  @Option(names = "--rooms", split = ",", defaultValue = "1,20,200", paramLabel = "N",
      description = "Numbers of rooms to measure, with at most 2000 people in all of them. Default: ${DEFAULT-VALUE}.")
  private List<Integer> rooms;

  @Option(names = "--people", defaultValue = "3", paramLabel = "M",
      description = "Of each room, 2..50. Default: ${DEFAULT-VALUE}.")
  private int people;

  @Option(names = "--forwarded-per-second", defaultValue = "20000", paramLabel = "P",
      description = "Packets of pictures that all rooms together forward, up to 1000000; each person sends between"
          + " 8 and 20000. Default: ${DEFAULT-VALUE}.")
  private int forwardedPerSecond;

  @Option(names = "--voices", description = "Everybody speaks as well.")
  private boolean hasVoices;

  @Override
  List<Conference> conferences(CommandSpec command) {
    OptionRange.check(command, "--people", people, 2, MAX_PEOPLE);
    OptionRange.check(command, "--forwarded-per-second", forwardedPerSecond, 1, MAX_FORWARDED);
    rooms.forEach(count -> OptionRange.check(command, "--rooms", count, 1, MAX_PERSONS / people));
    return rooms.stream().map(count -> conference(command, count)).toList();
  }

  private Conference conference(CommandSpec command, int count) {
    int each = forwardedPerSecond / (count * people * (people - 1));
    if (each < Conference.PACKETS_PER_FRAME || each > MAX_PICTURE_PACKETS) {
      throw new ParameterException(command.commandLine(), "--forwarded-per-second is " + forwardedPerSecond + ", so in "
          + count + " rooms of " + people + " each person would send " + each + " packets a second; must be "
          + Conference.PACKETS_PER_FRAME + ".." + MAX_PICTURE_PACKETS);
    }
    return new Conference(count, people, each, hasVoices);
  }

  @Override
  String title() {
    return "Tapedeck: the same load in few rooms and in many";
  }
}
