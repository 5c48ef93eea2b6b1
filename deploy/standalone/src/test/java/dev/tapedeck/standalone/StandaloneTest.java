package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.bench.client.JoinTokens;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.protocol.chunk.ChunkReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server for people, as the process that they start and stop. */
class StandaloneTest {
  private static final Pattern RUNNING = Pattern.compile("Tapedeck is running on (http://\\S+)");
  private static final Duration CLIP = Duration.ofSeconds(60);
  /** Seven seconds of CPU, on a machine that has other work. */
  private static final Duration START_DEADLINE = Duration.ofMinutes(3);
  private static final int STOP_SECONDS = 60;
  /** Of a peer with sound and picture: some seconds. */
  private static final long ENOUGH_PACKETS = 300;

  @TempDir
  private Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killWhatIsLeft() {
    processes.forEach(Process::destroyForcibly);
  }

  /** L10: what is taped when the process is told to stop is flushed, found by the next, and stored. */
  @Test
  void losesNothingWhenItIsToldToStop() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Process first = start(data);
    long sent = publishUntilStopped(first, data);
    assertThat(log(first)).contains("Ctrl-C stops it").doesNotContainPattern("(?m)^\\s+at ");
    isClosedToOthers(data);

    Process second = start(data);
    Secrets secrets = Secrets.loadOrCreate(data, new SecureRandom());
    JsonNode recording = finalized(origin(second), secrets.app().reveal());
    assertThat(recording.path("verdict").asText()).as("%s", recording).isEqualTo("complete");
    JsonNode session = recording.path("sessions").get(0);
    assertThat(session.path("end").asText()).isEqualTo("node_shutdown");
    assertThat(session.path("packets").asLong()).as("packets on the tape").isGreaterThanOrEqualTo(sent);

    namesTheMethodsOfEachProgramsPaths(origin(second), secrets.app().reveal());
    listsIt(second, data, secrets, recording.path("id").asLong());
    refusesASecondOne(data);
    stop(second);
    verifiesIt(data, recording.path("id").asLong());
  }

  /** The folder was there before, open to all; what people said lies in it. */
  private static void isClosedToOthers(Path data) throws IOException {
    for (String name : List.of("store", "spool", "connector.db", "secrets", "composer/jobs.db", "composer/tmp",
        "composer.conf", "composer.log")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name)))).as(name)
          .endsWith("------");
    }
  }

  /** @return packets that had been sent when the server was told to stop */
  private long publishUntilStopped(Process server, Path data) throws Exception {
    DemoClips.Clip clip = DemoClips.make(new ComposerTool(ProgramHome.find()), folder, 1, (int) CLIP.toSeconds(),
        List.of("--width", "160", "--height", "90", "--fps", "15")).getFirst();
    JoinTokens tokens = new JoinTokens(Secrets.DEFAULT_APP,
        Secrets.loadOrCreate(data, new SecureRandom()).app().reveal(), Duration.ofMinutes(1));
    SplittableRandom random = new SplittableRandom(1);
    try (ClientLoop loop = new ClientLoop("publisher");
        HttpClient http = HttpClient.newHttpClient();
        SyntheticPublisher publisher = new SyntheticPublisher(loop, http, origin(server),
            tokens.whip("room", "ann", true), RtcSettings.usual("ann", 1),
            List.of(PublishedTrack.audio(folder.resolve(clip.audio()), CLIP, random),
                PublishedTrack.video(folder.resolve(clip.video()), CLIP, random)))) {
      publisher.join();
      publisher.play();
      Await.until("packets", () -> publisher.sentLog().packetsSent(), packets -> packets > ENOUGH_PACKETS);
      long sent = publisher.sentLog().packetsSent();
      stop(server);
      return sent;
    }
  }

  private static JsonNode finalized(URI origin, String secret) throws Exception {
    try (ApiClient api = new ApiClient(origin, secret)) {
      JsonNode listed = Await.until("the recording to be finalized", () -> api.get("/api/recordings"),
          list -> list.path("recordings").path(0).path("state").asText().equals("finalized"));
      return api.get("/api/recordings/" + listed.path("recordings").get(0).path("id").asLong());
    }
  }

  /** RFC 9110 §15.5.6, for the connector, the media server, and the composer behind its proxy. */
  private static void namesTheMethodsOfEachProgramsPaths(URI origin, String secret) throws Exception {
    Map<String, String> allowed = Map.of("/api/rooms", "GET, HEAD, OPTIONS", "/whip/endpoint", "OPTIONS, POST",
        "/api/convert/job", "POST");
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Map.Entry<String, String> path : allowed.entrySet()) {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(origin.resolve(path.getKey()))
            .header("Authorization", "Bearer " + secret).DELETE().build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(path.getKey() + " " + answer.body()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).as(path.getKey()).contains(path.getValue());
      }
    }
  }

  private void listsIt(Process server, Path data, Secrets secrets, long recording) throws Exception {
    JsonMapper json = JsonMapper.builder().build();
    Cli offline = Cli.run("record", "list", "--data", data, "--json");
    Cli online = Cli.run("record", "list", "--url", origin(server), "--token", secrets.app().reveal(), "--json");

    assertThat(offline.status()).as(offline.err()).isZero();
    assertThat(json.readTree(offline.out())).isEqualTo(json.readTree(online.out()));
    assertThat(json.readTree(offline.out()).path("recordings").get(0).path("id").asLong()).isEqualTo(recording);
  }

  private void refusesASecondOne(Path data) {
    Cli second = Cli.run("standalone", "--data", data, "--http.port=0");

    assertThat(second.status()).isEqualTo(2);
    assertThat(second.err()).contains("data folder " + data + " is in use by process");
  }

  private void verifiesIt(Path data, long recording) throws Exception {
    Path tape = data.resolve("store/tapedeck/default/room/" + recording);
    Cli whole = Cli.runProcess(folder, "record", "verify", tape);
    assertThat(whole.status()).as(whole.out() + whole.err()).isZero();
    assertThat(whole.out()).contains("verdict complete, the manifest says complete");

    Path chunk;
    try (Stream<Path> files = Files.walk(tape)) {
      chunk = files.filter(file -> file.toString().endsWith(".tdc")).sorted().findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(chunk);
    ChunkReader reader = ChunkReader.of(bytes);
    reader.next();
    reader.next();
    long offset = reader.entry().offset();
    bytes[(int) offset + 12] ^= 1;
    Files.write(chunk, bytes);

    Cli harmed = Cli.runProcess(folder, "record", "verify", tape);
    assertThat(harmed.status()).isEqualTo(1);
    assertThat(harmed.out()).contains(chunk.getFileName() + ": corrupt").contains("the first at byte " + offset);
  }

  @Test
  void endsTheComposerWithItselfHoweverItEnds() throws Exception {
    Process server = start(folder.resolve("data"));
    List<ProcessHandle> children = server.children().toList();
    assertThat(children).hasSize(1);

    server.destroyForcibly().waitFor();

    Await.until("the composer to end", () -> children.getFirst().isAlive(), isAlive -> !isAlive);
  }

  @Test
  void saysInOneLineWhyItDoesNotStart() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Cli port = Cli.run("standalone", "--data", folder.resolve("data"), "--http.port=" + taken.getLocalPort());
      assertThat(port.status()).isEqualTo(2);
      assertThat(port.err()).contains("port " + taken.getLocalPort() + " cannot be listened on", "--http.port=PORT");
    }
    Cli unwritable = Cli.run("standalone", "--data", file);
    assertThat(unwritable.status()).isEqualTo(2);
    assertThat(unwritable.err()).contains("data folder " + file + " cannot be used").contains("--data=DIR");
    Cli unknown = Cli.run("standalone", "--data", folder.resolve("data"), "--http.prt=1", "--media.workers=many");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("unknown key http.prt", "did you mean http.port?", "media.workers");
    Cli range = Cli.run("standalone", "--data", folder.resolve("data"), "--http.port=70000");
    assertThat(range.status()).isEqualTo(2);
    assertThat(range.err()).contains("70000");
    assertThat(Cli.run("standalone", "--participants", 0).status()).isEqualTo(2);
    assertThat(List.of(unwritable, unknown, range)).allSatisfy(cli -> assertThat(cli.stackTrace()).isEmpty());
  }

  private Process start(Path data) throws Exception {
    Path log = folder.resolve("log-" + processes.size() + ".txt");
    Process process = Cli.process("standalone", "--data", data, "--http.port=0", "--media.workers=1")
        .redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    Await.until("the server to run", START_DEADLINE, () -> log(process), text -> {
      assertThat(process.isAlive()).as(text).isTrue();
      return RUNNING.matcher(text).find();
    });
    return process;
  }

  private String log(Process process) throws Exception {
    return Files.readString(folder.resolve("log-" + processes.indexOf(process) + ".txt"));
  }

  private URI origin(Process process) throws Exception {
    Matcher running = RUNNING.matcher(log(process));
    assertThat(running.find()).isTrue();
    return URI.create(running.group(1));
  }

  private void stop(Process process) throws Exception {
    process.destroy();
    assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).as(log(process)).isTrue();
  }
}
