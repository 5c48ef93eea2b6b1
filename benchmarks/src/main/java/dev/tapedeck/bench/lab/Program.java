package dev.tapedeck.bench.lab;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of ours as it is started by hand: a class path and a main class. */
public enum Program {
  MEDIA_SERVER("dev.tapedeck.media.MediaServerMain", "media-server", "media server on (http://\\S+)"),
  /** Looks into a media server's spool, and ends. */
  SPOOL("dev.tapedeck.media.SpoolCommand", "media-server", ""),
  CONNECTOR("dev.tapedeck.connector.Connector", "connector",
      "connector on (http://[^,\\s]+), media servers dial port (\\d+)"),
  COMPOSER("dev.tapedeck.composer.ComposerCli", "record-composer", "composer listens on (http://\\S+)");

  private final String main;
  private final String module;
  final String ready;

  /** @param ready matches in what it prints once it serves; the groups say where */
  Program(String main, String module, String ready) {
    this.main = main;
    this.module = module;
    this.ready = ready;
  }

  /** The command line that runs it with these arguments. */
  public List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        // As the launcher does: Logback would tell on standard output of its several configurations on this class path.
        "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener", "-cp", classPath(), main));
    command.addAll(arguments);
    return command;
  }

  /**
   * Ours if the program is on it, as in tests that depend on it; else what the build put into its module. The composer
   * always runs from its module: who depends on it does so without its native libraries.
   */
  private String classPath() {
    if (this != COMPOSER && Program.class.getClassLoader().getResource(main.replace('.', '/') + ".class") != null) {
      return System.getProperty("java.class.path");
    }
    Path target = Checkout.resolve(module + "/target");
    if (Files.notExists(target.resolve("lib"))) {
      throw new IllegalStateException(target.resolve("lib") + " is missing: this program runs from its own"
          + " libraries, which `mvn package` copies there; run `mvn verify` at the root");
    }
    return target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*";
  }
}
