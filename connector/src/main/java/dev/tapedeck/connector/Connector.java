package dev.tapedeck.connector;

import dev.tapedeck.connector.io.http.ConnectorHttp;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Problems;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Runs the connector on its own. */
@Command(name = "connector", description = "Control plane: rooms, ledger, hooks, library.")
public final class Connector implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

  /** What is under way may take this long to end. */
  private static final long STOP_SECONDS = 20;

  @Option(names = "--config", description = "File of key = value lines.")
  private Path file;

  @Option(names = {"-h", "--help"}, description = "Show every key and stop.")
  private boolean help;

  @Unmatched
  private List<String> settings = new ArrayList<>();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Connector()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (help) {
      System.out.print("connector [--config FILE] [--KEY=VALUE ...]" + System.lineSeparator()
          + Config.help(ConnectorConfig.class));
      return 0;
    }
    try {
      String text = file == null ? "" : Files.readString(file);
      Config config = Config.load(ConfigSource.of(text, System.getenv(), settings), ConnectorConfig.class);
      run(config.get(ConnectorConfig.class), config.print());
      return 0;
    } catch (ConfigException | IOException | IllegalArgumentException | JavalinException e) {
      System.err.println(Problems.say(e));
      return 2;
    }
  }

  private static Javalin serve(ConnectorServer server, ConnectorConfig config) throws IOException {
    Javalin javalin = Javalin.create(setup -> {
      ConnectorHttp.prepare(setup);
      server.http().register(setup.routes);
      server.http().registerFallback(setup.routes);
    });
    try {
      return javalin.start(ConnectorServer.host(config), config.http().port());
    } catch (JavalinBindException e) {
      throw new IOException(Problems.ofPort("http.port", config.http().port(), e), e);
    }
  }

  private static void run(ConnectorConfig config, String printed) throws IOException, InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (ConnectorServer server = ConnectorServer.start(config)) {
      Javalin javalin = serve(server, config);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stop, stopped), "stop"));
      LOG.atInfo().addKeyValue("http", javalin.port()).addKeyValue("grpc", server.link().port())
          .log("connector runs with\n{}", printed);
      System.out.println("connector on http://" + ConnectorServer.host(config) + ":" + javalin.port()
          + ", media servers dial port " + server.link().port());
      stop.await();
      server.http().close();
      javalin.stop();
    } finally {
      stopped.countDown();
    }
  }

  private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
