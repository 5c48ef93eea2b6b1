package dev.tapedeck.composer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.testing.TestRecording;
import dev.tapedeck.composer.testing.TestRecording.Guest;
import dev.tapedeck.composer.testing.TestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ComposerCliTest {
  @TempDir
  private Path folder;

  private record Run(int exit, String out, String err) {}

  /** S4-12: the flags and names of the environment that users of the reference's converter know. */
  @Test
  void helpNamesEveryDocumentedFlagAndItsName() {
    String help = run("convert", "--help").out();
    for (String flag : List.of("--in-s3", "--transmux", "--transmux-out-s3", "--transmux-out-path", "--compose-audio",
        "--compose-video", "--compose-out-s3", "--compose-out-path")) {
      assertThat(help).containsPattern("(?m)^ +" + flag + "[= ]")
          .contains("[env: " + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_') + "=]");
    }
    assertThat(help).contains("-h, --help", "-V, --version");
  }

  /** One line, and an exit code that says it. */
  @Test
  void theWorkerNamesThePortThatIsTaken(@TempDir Path folder) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run run = run("worker", "--http.port=" + taken.getLocalPort(), "--apps.acme.secrets=s",
          "--composer.store=http://k:s@127.0.0.1:9/tapes/?path_style=true", "--composer.data=" + folder.resolve("data"));

      assertThat(run.exit()).isEqualTo(2);
      assertThat(run.err().lines()).hasSize(1).first().asString()
          .startsWith("http.port is " + taken.getLocalPort() + ", which cannot be listened on: ")
          .contains("--http.port=PORT");
      for (Map.Entry<String, String> closed : Map.of("tmp", "rwx------", "jobs.db", "rw-------").entrySet()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data/" + closed.getKey()))))
            .as(closed.getKey()).isEqualTo(closed.getValue());
      }
    }
  }

  /** S4-12: help is an interface too, and changes knowingly. */
  @Test
  void printsTheHelpThatIsAPromise() throws IOException {
    try (var golden = ComposerCliTest.class.getResourceAsStream("/composer/convert-help.txt")) {
      assertThat(run("convert", "--help").out())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void convertsWithoutBeingToldTo() {
    assertThat(ComposerCli.withDefaultCommand(new String[] {"--in-s3", "x"})).containsExactly("convert", "--in-s3",
        "x");
    assertThat(ComposerCli.withDefaultCommand(new String[] {"synth", "--out", "x"})).containsExactly("synth", "--out",
        "x");
    assertThat(ComposerCli.withDefaultCommand(new String[] {"--help"})).containsExactly("--help");
  }

  /** Fault r: the flag means something, and says what it needs. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "--in-path x --transmux | --transmux needs a destination",
      "--in-path x --transmux-ogg | --transmux needs a destination",
      "--in-path x --compose-audio | need a destination",
      "--in-path x --compose-out-path y | needs --compose-audio",
      "--in-path x | nothing to do",
      "--transmux --transmux-out-path y | give --in-s3",
      "--in-path x --in-s3 y --transmux-out-path z | give --in-s3",
      "--in-path x --transmux-out-path y --transmux-out-s3 z | give one of",
      "--in-s3 ftp://x/y --transmux-out-path y | --in-s3: ",
      "--in-path x --transmux-out-s3 ftp://z | --transmux-out-s3: "})
  void saysWhatIsMissing(String arguments, String message) {
    Run run = run(Stream.concat(Stream.of("convert"), Arrays.stream(arguments.trim()
        .split(" "))).toArray(String[]::new));

    assertThat(run.exit()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.err()).contains(message.trim());
  }

  @Test
  void convertsAFolderIntoAFolder() throws IOException {
    recording().finalized().writeTo(folder.resolve("bucket"));

    Run run = run("convert", "--in-path", source(), "--transmux", "--transmux-out-path",
        folder.resolve("out").toString(),
        "--compose-audio", "--compose-out-path", folder.resolve("mix.webm").toString());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("track", "compose", "complete");
    assertThat(folder.resolve("mix.webm")).exists();
    assertThat(folder.resolve("out/summary.json")).exists();
  }

  @Test
  void tellsAPartialResultByItsExitCode() throws IOException {
    recording().writeTo(folder.resolve("bucket"));

    Run run = run("convert", "--in-path", source(), "--transmux-out-path", folder.resolve("out").toString(), "--json");

    assertThat(run.exit()).isEqualTo(ConvertCommand.EXIT_PARTIAL);
    assertThat(run.err()).contains("partial: not finalized");
    assertThat(run.out().lines()).hasSize(1).first().asString().startsWith("{\"metadata_json\":\"\"");
  }

  @Test
  void failsWhereThereIsNoRecording() {
    Run run = run("convert", "--in-path", folder.resolve("nothing").toString(), "--transmux-out-path",
        folder.resolve("out").toString());

    assertThat(run.exit()).isEqualTo(ConvertCommand.EXIT_FAILED);
    assertThat(run.err()).contains("neither a manifest nor a chunk").hasLineCount(1);
  }

  /** Each documented option by its environment name, in a process of its own, from a real S3 API and to it. */
  @Test
  void takesEveryOptionFromTheEnvironment() throws Exception {
    try (TestStore store = new TestStore(folder.resolve("store"))) {
      TestRecording recording = recording().finalized();
      recording.writeTo(store.file("tapes", ""));
      String in = store.uri("tapes", recording.path());

      Run files = process(Map.of("IN_S3", in, "TRANSMUX", "true", "TRANSMUX_OUT_PATH", folder.resolve("out").toString(),
          "COMPOSE_AUDIO", "true", "COMPOSE_VIDEO", "true", "COMPOSE_OUT_PATH", folder.resolve("all.webm").toString()));
      Run buckets = process(Map.of("IN_S3", in, "TRANSMUX_OUT_S3", store.uri("custom", "t/"), "COMPOSE_AUDIO", "true",
          "COMPOSE_OUT_S3", store.presignedPut("custom", "mix.webm")));

      assertThat(files.exit()).as(files.err()).isZero();
      assertThat(folder.resolve("out/summary.json")).exists();
      assertThat(folder.resolve("all.webm")).exists();
      assertThat(buckets.exit()).as(buckets.err()).isZero();
      assertThat(store.file("custom", "t/summary.json")).exists();
      assertThat(store.file("custom", "mix.webm")).exists();
      assertThat(buckets.out() + buckets.err()).doesNotContain("pass", "Signature");
    }
  }

  private static TestRecording recording() {
    return new TestRecording("app", "room", 1).with(new Guest("ann", new SynthSpec(1, 2, MediaCodec.VP8, 320, 180, 15),
        0));
  }

  private String source() {
    return folder.resolve("bucket/app/room/" + TestRecording.RECORDING).toString();
  }

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = ComposerCli.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF)).execute(arguments);
    return new Run(exit, out.toString(), err.toString());
  }

  private Run process(Map<String, String> environment) throws Exception {
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            ComposerCli.class.getName()));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Run(exit, Files.readString(out), Files.readString(err));
  }
}
