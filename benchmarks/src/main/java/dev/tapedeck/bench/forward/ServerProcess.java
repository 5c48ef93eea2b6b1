package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.client.JoinTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A media server of this build as a process of its own, with its log in its folder.
 *
 * <p>{@link #commandLine} is the one place that knows the server's arguments.
 */
public final class ServerProcess implements AutoCloseable {
  private static final String APP = "bench";
  private static final String MAIN_CLASS = "dev.tapedeck.media.MediaServerMain";
  private static final List<String> JVM_FLAGS = List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseZGC",
      "-XX:+UseCompactObjectHeaders", "-Xms512m", "-Xmx512m");
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Process process;
  private final URI address;
  private final String secret;
  private final Path log;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * What the command line of the benchmark decides.
   *
   * @param data   folder of the server, null for a temporary one
   * @param crypto SRTP back end, null for the server's own choice
   * @param more   further arguments, as they are
   */
  public record Arguments(Path data, String crypto, List<String> more) {
    public Arguments {
      more = List.copyOf(more);
    }
  }

  private ServerProcess(Process process, URI address, String secret, Path log) {
    this.process = process;
    this.address = address;
    this.secret = secret;
    this.log = log;
  }

  /** Starts the server and waits until it is healthy.
   *  @throws IOException if it ends or is not healthy in time; the message has the end of its log */
  public static ServerProcess start(Arguments arguments) throws IOException {
    Path data = arguments.data() == null
        ? Files.createTempDirectory("tapedeck-bench-")
        : Files.createDirectories(arguments.data());
    int port = freePort();
    String secret = randomSecret();
    Path log = data.resolve("server.log");
    Process process = new ProcessBuilder(commandLine(arguments, data, port, secret))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    // Ctrl-C ends this JVM without closing anything; no server may stay behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-server"));
    ServerProcess server = new ServerProcess(process, URI.create("http://127.0.0.1:" + port), secret, log);
    try {
      server.awaitHealthy();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static List<String> commandLine(Arguments arguments, Path data, int port, String secret) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN_CLASS);
    command.add("--http.port=" + port);
    command.add("--data=" + data);
    command.add("--apps." + APP + ".secrets=" + secret);
    if (arguments.crypto() != null) {
      command.add("--media.crypto=" + arguments.crypto());
    }
    command.addAll(arguments.more());
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String randomSecret() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private void awaitHealthy() throws IOException {
    long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() - deadlineNanos < 0) {
      if (!process.isAlive()) {
        throw new IOException("the media server ended with " + process.exitValue() + ":\n" + endOfLog());
      }
      if (isHealthy()) {
        return;
      }
      pause();
    }
    throw new IOException("the media server was not healthy within " + START_TIMEOUT + ":\n" + endOfLog());
  }

  private boolean isHealthy() {
    try {
      return get("/health").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return http.send(HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(5)).build(),
          BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the server", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  LoadTarget target() {
    return new LoadTarget(address, process.pid(), new JoinTokens(APP, secret, Duration.ofHours(1)));
  }

  /** What the server says of its own back ends. */
  ServerFacts facts() throws IOException {
    return ServerFacts.parse(get("/health").body());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
