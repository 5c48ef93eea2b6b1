package dev.tapedeck.media;

import dev.tapedeck.media.io.spool.SpoolFolder;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code tapedeck spool retry}: asks the running media server, or does the work of the dead one. */
@Command(name = "retry", mixinStandardHelpOptions = true, description = {
    "Makes a running media server try all uploads now.",
    "Where none runs, uploads as the dead one would have; takes its settings, such as --node.connector=host:port,"
        + " --node.secret=S and --node.id=N."})
final class SpoolRetryCommand implements Callable<Integer> {
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);

  @Mixin
  private SpoolPlace place;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings of the dead media server")
  private Path file;

  @Option(names = "--patience", paramLabel = "S", defaultValue = "600",
      description = "Seconds to go on for; ${DEFAULT-VALUE}")
  private long patienceSeconds;

  @Unmatched
  private List<String> settings = new ArrayList<>();

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException, ConfigException {
    SpoolFolder folder = place.folder();
    return folder.isLive() ? ask(folder) : upload(folder);
  }

  private int ask(SpoolFolder folder) throws IOException {
    boolean isTaken = folder.askRetry(REQUEST_PATIENCE);
    say(isTaken ? "the media server tries all uploads now"
        : "the process that holds " + folder.path() + " has not answered");
    return isTaken ? 0 : SpoolCommand.NOT_WELL;
  }

  private int upload(SpoolFolder folder) throws IOException, InterruptedException, ConfigException {
    String text = file == null ? "" : Files.readString(file);
    MediaConfig config = Config.load(ConfigSource.of(text, System.getenv(), settings), MediaConfig.class)
        .get(MediaConfig.class);
    long leftBytes = SpoolRetry.run(folder.path(), config, Duration.ofSeconds(patienceSeconds));
    say(leftBytes == 0 ? "everything is stored" : leftBytes + " bytes are still not stored; they stay here");
    return leftBytes == 0 ? 0 : SpoolCommand.NOT_WELL;
  }

  private void say(String text) {
    PrintWriter out = command.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
