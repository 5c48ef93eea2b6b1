package dev.tapedeck.bench.start;

import dev.tapedeck.bench.client.JoinTokens;
import dev.tapedeck.bench.client.RtcClient;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.WhipClient;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.process.ProcessCpu;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One start of {@code tapedeck standalone}, timed from the launcher's exec.
 *
 * @param readyMillis  until {@code /ready} answered 200
 * @param joinedMillis until the first WHIP offer was answered 201
 * @param cpuMillis    CPU time of the server's process until then, all threads, user and system
 */
record OneStart(double readyMillis, double joinedMillis, double cpuMillis) {
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final String APP = "default";

  /**
   * Starts it, joins, and stops it.
   *
   * @param data      its folder, which later starts may find filled
   * @param javaFlags for the server's JVM, besides those of the launcher
   * @throws IOException if it ends or is not ready in time; its log is in the folder
   */
  static OneStart of(Path launcher, Path data, String javaFlags) throws IOException {
    int port = ServerProcess.freePort();
    URI origin = URI.create("http://127.0.0.1:" + port);
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "standalone", "--http.port=" + port,
        "--data=" + data).redirectErrorStream(true).redirectOutput(data.resolveSibling("server.log").toFile());
    builder.environment().put("TAPEDECK_JAVA_OPTS", javaFlags);
    try (HttpClient http = HttpClient.newHttpClient(); ClientLoop loop = new ClientLoop("clients")) {
      long beganNanos = System.nanoTime();
      Process server = builder.start();
      try (RtcClient client = new RtcClient(loop, RtcSettings.usual("first", 1))) {
        String offer = client.createOffer(
            List.of(OfferedMedia.sending("0", MediaKind.AUDIO, Codec.opus(111), 1001, 0)));
        awaitReady(server, http, origin, beganNanos);
        double readyMillis = millisSince(beganNanos);
        new WhipClient(http, origin, new JoinTokens(APP, secret(data), Duration.ofMinutes(5))
            .whip("start", "first", false)).publish(offer);
        return new OneStart(readyMillis, millisSince(beganNanos), ProcessCpu.micros(server.pid()) / 1e3);
      } finally {
        stop(server);
      }
    }
  }

  private static void awaitReady(Process server, HttpClient http, URI origin, long beganNanos) throws IOException {
    while (!isReady(http, origin)) {
      if (!server.isAlive()) {
        throw new IOException("the server ended with " + server.exitValue());
      }
      if (System.nanoTime() - beganNanos > LONGEST.toNanos()) {
        throw new IOException("the server was not ready within " + LONGEST);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static boolean isReady(HttpClient http, URI origin) throws IOException {
    try {
      return http.send(HttpRequest.newBuilder(origin.resolve("/ready")).build(), BodyHandlers.discarding())
          .statusCode() == 200;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server started", e);
    } catch (IOException e) {
      return false; // nobody listens yet
    }
  }

  /** What the server drew for its only app at its first start. */
  private static String secret(Path data) throws IOException {
    return Files.readAllLines(data.resolve("secrets")).stream()
        .filter(line -> line.startsWith("app = "))
        .map(line -> line.substring("app = ".length()))
        .findFirst().orElseThrow(() -> new IOException(data + "/secrets has no app"));
  }

  private static void stop(Process server) throws IOException {
    server.destroy();
    try {
      if (!server.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException e) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server stopped", e);
    }
  }

  private static double millisSince(long beganNanos) {
    return (System.nanoTime() - beganNanos) / 1e6;
  }
}
