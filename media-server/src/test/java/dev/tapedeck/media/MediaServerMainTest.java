package dev.tapedeck.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator sees last of a start that goes wrong: one line, no stack trace, and an exit code. */
class MediaServerMainTest {
  @TempDir Path folder;

  @Test
  void namesTheHttpPortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThat(refused("--http.port=" + port)).startsWith("http.port is " + port + ", which cannot be listened on: ")
          .endsWith("; give another with --http.port=PORT, 0 for any that is free");
    }
  }

  @Test
  void namesTheUdpPortThatIsTaken() throws IOException {
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      int port = taken.getLocalPort();

      assertThat(refused("--media.port=" + port, "--http.port=0"))
          .startsWith("media.port is " + port + ", which cannot be listened on: ").contains("--media.port=PORT");
    }
  }

  /** What people said lies in the spool; a data folder that was there before, open to all, does not open it. */
  @Test
  void closesTheSpoolToOthers() throws IOException {
    Path spool = folder.resolve("data/spool");
    Files.createDirectories(spool);
    Files.setPosixFilePermissions(spool, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused("--http.port=" + taken.getLocalPort());
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool))).isEqualTo("rwx------");
  }

  private String refused(String... flags) {
    String[] all = Stream.concat(Stream.of("--data=" + folder.resolve("data"), "--apps.acme.secrets=s",
        "--media.addresses=127.0.0.1"), Stream.of(flags)).toArray(String[]::new);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      assertThat(new CommandLine(new MediaServerMain()).execute(all)).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(UTF_8)).doesNotContainPattern("(?m)^\\s+at ");
    return said.toString(UTF_8).strip().lines().toList().getLast();
  }
}
