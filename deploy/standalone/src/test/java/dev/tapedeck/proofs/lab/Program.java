package dev.tapedeck.proofs.lab;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of ours as it is started by hand: a class path and a main class. */
public enum Program {
  MEDIA_SERVER("dev.tapedeck.media.MediaServerMain", System.getProperty("java.class.path"),
      "media server on (http://\\S+)"),
  /** Looks into a media server's spool, and ends. */
  SPOOL("dev.tapedeck.media.SpoolCommand", System.getProperty("java.class.path"), ""),
  CONNECTOR("dev.tapedeck.connector.Connector", System.getProperty("java.class.path"),
      "connector on (http://[^,\\s]+), media servers dial port (\\d+)"),
  COMPOSER("dev.tapedeck.composer.ComposerCli", composerClassPath(), "composer listens on (http://\\S+)");

  private static final Path COMPOSER_TARGET = Path.of("../../record-composer/target");

  private final String main;
  private final String classPath;
  final String ready;

  /** @param ready matches in what it prints once it serves; the groups say where */
  Program(String main, String classPath, String ready) {
    this.main = main;
    this.classPath = classPath;
    this.ready = ready;
  }

  /** The command line that runs it with these arguments. */
  public List<String> command(List<String> arguments) {
    if (this == COMPOSER && Files.notExists(COMPOSER_TARGET.resolve("lib"))) {
      throw new IllegalStateException(COMPOSER_TARGET.resolve("lib") + " is missing: the composer runs from its own"
          + " libraries, which `mvn package` copies there; run `mvn verify` at the root");
    }
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }

  private static String composerClassPath() {
    Path target = Path.of("../../record-composer/target").toAbsolutePath().normalize();
    return target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*";
  }
}
