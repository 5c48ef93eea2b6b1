package dev.tapedeck.composer;

import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Problems;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code composer worker}: the REST worker, until it is told to stop. */
@Command(name = "worker", mixinStandardHelpOptions = true, versionProvider = ComposerCli.Version.class,
    usageHelpWidth = 110, description = "Run the REST worker. Every key of --keys is also a flag: --http.port=3200.")
final class WorkerCommand implements Callable<Integer> {

  @Option(names = "--config", paramLabel = "FILE", description = "File of key = value lines")
  private Path config;

  @Option(names = "--keys", description = "Print every key with its meaning and default, and exit")
  private boolean keys;

  @Option(names = "--until-eof", description = "Stop when standard input ends, as it does with the process behind it")
  private boolean untilEof;

  @Unmatched
  private List<String> settings = new ArrayList<>();

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (keys) {
      command.commandLine().getOut().print(Config.help(ComposerConfig.class));
      return 0;
    }
    ComposerConfig loaded;
    ComposerWorker worker;
    try {
      String file = config == null ? "" : Files.readString(config);
      loaded = Config.load(ConfigSource.of(file, System.getenv(), settings), ComposerConfig.class)
          .get(ComposerConfig.class);
      worker = ComposerWorker.start(loaded);
    } catch (ConfigException | IOException | IllegalArgumentException | JavalinException e) {
      command.commandLine().getErr().println(Problems.say(e));
      return 2;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      worker.close();
      stopped.countDown();
    }, "shutdown"));
    command.commandLine().getOut().println("composer listens on http://" + loaded.http().host() + ":" + worker.port());
    command.commandLine().getOut().flush();
    if (untilEof) {
      System.in.transferTo(OutputStream.nullOutputStream());
      return 0;
    }
    stopped.await();
    return 0;
  }
}
