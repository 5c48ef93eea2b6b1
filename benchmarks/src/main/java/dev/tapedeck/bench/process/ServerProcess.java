package dev.tapedeck.bench.process;

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

/**
 * A media server of this build as a process of its own, with its log in its folder.
 *
 * <p>{@link #arguments} is the one place that knows the server's arguments.
 */
public final class ServerProcess implements AutoCloseable {
  /** The app whose tokens it accepts. */
  public static final String APP = "bench";

  private static final String MAIN_CLASS = "dev.tapedeck.media.MediaServerMain";
  // A fixed number of helper threads: one that ended between two readings would take its CPU time with it.
  private static final List<String> JVM_FLAGS = List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseZGC",
      "-XX:+UseCompactObjectHeaders", "-Xms512m", "-Xmx512m", "-XX:-UseDynamicNumberOfCompilerThreads",
      "-XX:-UseDynamicNumberOfGCThreads");

  private final ChildProgram program;
  private final URI address;
  private final String secret;
  private Duration startUp = Duration.ZERO;
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

  private ServerProcess(ChildProgram program, URI address, String secret) {
    this.program = program;
    this.address = address;
    this.secret = secret;
  }

  /** Starts the server and waits until it is healthy.
   *  @throws IOException if it ends or is not healthy in time; the message has the end of its log */
  public static ServerProcess start(Arguments arguments) throws IOException {
    return start(arguments, List.of());
  }

  /** @param flags of the JVM, besides the usual ones */
  public static ServerProcess start(Arguments arguments, List<String> flags) throws IOException {
    Path data = arguments.data() == null
        ? Files.createTempDirectory("tapedeck-bench-")
        : Files.createDirectories(arguments.data());
    int port = freePort();
    long startNanos = System.nanoTime();
    String secret = randomSecret();
    List<String> allFlags = new ArrayList<>(JVM_FLAGS);
    allFlags.addAll(flags);
    ChildProgram program = ChildProgram.startJava("the media server", allFlags, MAIN_CLASS,
        arguments(arguments, data, port, secret), data.resolve("server.log"));
    ServerProcess server = new ServerProcess(program, URI.create("http://127.0.0.1:" + port), secret);
    try {
      program.await(server::isHealthy);
      server.startUp = Duration.ofNanos(System.nanoTime() - startNanos);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static List<String> arguments(Arguments arguments, Path data, int port, String secret) {
    List<String> all = new ArrayList<>();
    all.add("--http.port=" + port);
    all.add("--data=" + data);
    all.add("--limits.address-requests=1000000"); // all clients come from here
    all.add("--node.drain=0s");
    all.add("--apps." + APP + ".secrets=" + secret);
    if (arguments.crypto() != null) {
      all.add("--media.crypto=" + arguments.crypto());
    }
    all.addAll(arguments.more());
    return all;
  }

  /** A port that was free a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String randomSecret() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
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

  public LoadTarget target() {
    return new LoadTarget(address, program.pid(), new JoinTokens(APP, secret, Duration.ofHours(6)));
  }

  /** From the start of its process until it said that it was healthy. */
  public Duration startUp() {
    return startUp;
  }

  /** What the server says of its own back ends. */
  public ServerFacts facts() throws IOException {
    return ServerFacts.parse(get("/health").body());
  }

  public Metrics metrics() throws IOException {
    return Metrics.parse(get("/metrics").body());
  }

  @Override
  public void close() {
    program.close();
    http.close();
  }
}
