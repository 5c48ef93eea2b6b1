package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir
  private Path folder;

  @Test
  void findsNothingToFailOnAMachineThatRunsTheseTests() {
    Cli doctor = Cli.run("doctor", "--data", folder.resolve("new"), "--http.port", 0);

    assertThat(doctor.status()).as(doctor.out()).isZero();
    assertThat(doctor.out().lines().filter(line -> !line.startsWith(" ")))
        .allMatch(line -> line.matches("(ok|warn)  .*"));
    assertThat(doctor.out()).contains("JDK", "Maven", "Cores", "HTTP port", "UDP 127.0.0.1", "UDP sending", "SRTP",
        "Disk space", "Disk writing", "Clock");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void failsWhereThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Cli doctor = Cli.run("doctor", "--data", folder, "--http.port", taken.getLocalPort());

      assertThat(doctor.status()).isEqualTo(1);
      assertThat(doctor.out()).containsPattern("fail  HTTP port .*\\R.*--http.port=PORT");
    }
  }

  @Test
  void takesThePortForItsOwnWhereTapedeckRuns() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DataFolder held = DataFolder.open(folder)) {
      assertThat(Cli.run("doctor", "--data", held.path(), "--http.port", taken.getLocalPort()).status()).isZero();
    }
  }

  @Test
  void failsWhereNothingCanBeWritten() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    Cli doctor = Cli.run("doctor", "--data", file, "--http.port", 0);

    assertThat(doctor.status()).isEqualTo(1);
    assertThat(doctor.out()).contains("fail  Disk");
  }
}
