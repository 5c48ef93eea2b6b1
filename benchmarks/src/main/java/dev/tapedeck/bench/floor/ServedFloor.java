package dev.tapedeck.bench.floor;

import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The floor as a child process that forwards one stream to receivers it was told at its start. */
final class ServedFloor implements AutoCloseable {
  private static final String LISTENING = "listening on ";
  private static final long STOP_SECONDS = 10;

  private final Process process;
  private final InetSocketAddress address;

  /**
   * Somebody who gets the stream.
   *
   * @param keys of its connection: the floor sends under the server's
   */
  record Receiver(InetSocketAddress address, SrtpMasterKeys keys) {}

  private ServedFloor(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** @param publisher keys of the sending client, who sends under the client's */
  static ServedFloor start(List<String> command, SrtpMasterKeys publisher, List<Receiver> receivers)
      throws IOException {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-floor"));
    try (Writer input = process.outputWriter(StandardCharsets.US_ASCII)) {
      input.write(hex(publisher.clientKey(), publisher.clientSalt()) + "\n");
      for (Receiver receiver : receivers) {
        input.write(receiver.address.getAddress().getHostAddress() + " " + receiver.address.getPort() + " "
            + hex(receiver.keys.serverKey(), receiver.keys.serverSalt()) + "\n");
      }
      input.write("go\n");
    }
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    if (line == null || !line.startsWith(LISTENING)) {
      process.destroy();
      throw new IOException("the floor did not start; it said: " + line);
    }
    int port = Integer.parseInt(line.substring(LISTENING.length()));
    return new ServedFloor(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static String hex(byte[] key, byte[] salt) {
    return HexFormat.of().formatHex(key) + HexFormat.of().formatHex(salt);
  }

  /** Where the publisher sends to, and what receivers send back comes to. */
  InetSocketAddress address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
