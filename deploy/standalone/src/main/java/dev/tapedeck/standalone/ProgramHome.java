package dev.tapedeck.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the programs of this build stand, to start one as a process of its own. */
final class ProgramHome {
  private final Path home;

  private ProgramHome(Path home) {
    this.home = home;
  }

  /** The folder the launcher names, else the one above the working folder that has the composer's module. */
  static ProgramHome find() {
    String named = System.getProperty("tapedeck.home");
    Path start = Path.of(named == null ? "" : named).toAbsolutePath().normalize();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("record-composer"))) {
        return new ProgramHome(at);
      }
    }
    throw new IllegalStateException("no record-composer folder at or above " + start + "; start with ./tapedeck");
  }

  /** Command line of the composer with these arguments. */
  List<String> composer(List<String> arguments) {
    return composer(List.of(), arguments);
  }

  /** The same for a command that is over in seconds: its JVM starts quickly and leaves the cores to the codecs. */
  List<String> shortComposer(List<String> arguments) {
    return composer(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), arguments);
  }

  private List<String> composer(List<String> flags, List<String> arguments) {
    Path target = home.resolve("record-composer/target");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseCompactObjectHeaders"));
    command.addAll(flags);
    command.addAll(List.of("-cp", target + "/*:" + target.resolve("lib") + "/*", "dev.tapedeck.composer.ComposerCli"));
    command.addAll(arguments);
    return command;
  }
}
