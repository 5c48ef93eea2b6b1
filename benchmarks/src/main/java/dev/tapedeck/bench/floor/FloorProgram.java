package dev.tapedeck.bench.floor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.lab.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The forwarder in C under {@code benchmarks/floor}, compiled on this machine. */
public final class FloorProgram {
  /** What it takes to compile it, on Debian. */
  public static final String INSTALL = "apt-get install gcc make libssl-dev (and libipsec-mb-dev for ipsec-mb)";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path OPENSSL_HEADER = Path.of("/usr/include/openssl/evp.h");
  private static final Path IPSEC_MB_HEADER = Path.of("/usr/include/intel-ipsec-mb.h");

  private final Path program;

  private FloorProgram(Path program) {
    this.program = program;
  }

  /** Whether compiler and headers are here. */
  public static boolean canBeBuilt() {
    return Files.exists(OPENSSL_HEADER) && isOnPath("make") && (isOnPath("cc") || isOnPath("gcc"));
  }

  private static boolean isOnPath(String command) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  /** Whether it can use a crypto library under this name. */
  public static boolean knows(String crypto) {
    return crypto.equals("libcrypto") || crypto.equals("ipsec-mb") && Files.exists(IPSEC_MB_HEADER);
  }

  /** Compiles it, if its sources are newer than what is there.
   *  @throws IOException with the compiler's words, or with what to install */
  public static FloorProgram build() throws IOException {
    if (!canBeBuilt()) {
      throw new IOException("the floor is compiled here, which needs: " + INSTALL);
    }
    Path folder = Checkout.resolve("benchmarks/target/floor");
    run(List.of("make", "-s", "-C", Checkout.resolve("benchmarks/floor").toString(), "BUILD=" + folder));
    return new FloorProgram(folder.resolve("floor"));
  }

  /** Runs the forwarder at full speed.
   *  @return microseconds of its thread's CPU per forwarded packet, the median of its batches */
  public double hotMicrosPerPacket(String crypto, String profile, int receivers, int batch) throws IOException {
    List<String> command = new ArrayList<>(arguments("hot", crypto, profile, batch));
    command.addAll(List.of("--receivers", Integer.toString(receivers)));
    JsonNode result = JSON.readTree(run(command));
    return result.path("cpu_us_per_packet").asDouble();
  }

  /** The command that forwards a stream from outside; what it reads is in {@code served.c}. */
  List<String> servedCommand(String crypto, String profile, int batch) {
    return arguments("served", crypto, profile, batch);
  }

  private List<String> arguments(String mode, String crypto, String profile, int batch) {
    return List.of(
        program.toString(), mode, "--crypto", crypto, "--profile", profile, "--batch", Integer.toString(batch));
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
      return said;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the floor ran", e);
    }
  }
}
