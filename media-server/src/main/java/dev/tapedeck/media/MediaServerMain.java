package dev.tapedeck.media;

import dev.tapedeck.media.io.http.MediaHttp;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.util.JavalinException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code tapedeck media-server}: the SFU and recorder as a program of its own. */
@Command(name = "media-server", description = "Data plane: the SFU and recorder.")
public final class MediaServerMain implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "File of key = value lines.")
  private Path file;

  @Option(names = "--crypto", paramLabel = "NAME", description = "The same as --media.crypto.")
  private String crypto;

  @Option(names = {"-h", "--help"}, description = "Show every key and stop.")
  private boolean help;

  @Unmatched
  private List<String> settings = new ArrayList<>();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MediaServerMain()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (help) {
      System.out.print("media-server [--config FILE] [--crypto NAME] [--KEY=VALUE ...]" + System.lineSeparator()
          + Config.help(MediaConfig.class));
      return 0;
    }
    if (crypto != null) {
      settings.add("--media.crypto=" + crypto);
    }
    try {
      String text = file == null ? "" : Files.readString(file);
      run(Config.load(ConfigSource.of(text, System.getenv(), settings), MediaConfig.class).get(MediaConfig.class));
      return 0;
    } catch (ConfigException | IOException | IllegalArgumentException | JavalinException e) {
      System.err.println(Problems.say(e));
      return 2;
    }
  }

  /** Serves until the last session has left after a stop was asked for; the rest of the stop is the shutdown hook's. */
  private static void run(MediaConfig config) throws IOException, InterruptedException {
    Map<String, List<Redacted>> secrets = new LinkedHashMap<>();
    config.apps().forEach((id, app) -> secrets.put(id, app.secrets()));
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("apps: name at least one, as apps.<name>.secrets; without it no token opens");
    }
    TokenVerifier verifier = new TokenVerifier(Apps.of(secrets), List.of(), System::currentTimeMillis);
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MediaNode node = MediaNode.start(config, verifier, metrics);
    MediaHttp http = serve(config, node);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
      http.close();
      node.close();
    }));
    StopSignals.handle(node::drain, node::hurry);
    System.out.println("media server on http://" + config.http().host() + ":" + http.port());
    node.awaitDrained();
  }

  private static MediaHttp serve(MediaConfig config, MediaNode node) throws IOException {
    try {
      return MediaHttp.start(config.http(), node.routes(), node.ops());
    } catch (IOException | RuntimeException e) {
      node.close();
      throw e;
    }
  }
}
