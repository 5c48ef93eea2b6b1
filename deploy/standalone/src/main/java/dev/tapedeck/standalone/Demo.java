package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * The whole way of a recording on one machine: a server with everything embedded, participants that join, talk and
 * leave, the verdict, the files, and a look into every frame of them.
 */
final class Demo {
  private static final String ROOM = "demo";
  /** Of an event's body; the summary of a conversion fills a page. */
  private static final int SHOWN_CHARS = 160;
  private static final Duration TO_VERDICT = Duration.ofSeconds(120);
  private static final Duration TO_FILES = Duration.ofMinutes(10);

  private final int participants;
  private final int seconds;
  private final Optional<Path> out;
  private final Screen screen;
  private final ComposerTool composer = new ComposerTool(ProgramHome.find());

  /** @param out where the files go; without it a folder named after the recording */
  Demo(int participants, int seconds, Optional<Path> out, Screen screen) {
    this.participants = participants;
    this.seconds = seconds;
    this.out = out;
    this.screen = screen;
  }

  /** @param checks what was compared */
  record Outcome(DemoReport report, List<DemoChecks.Check> checks, Path folder) {
    boolean isGood() {
      return report.isWhole() && checks.stream().allMatch(DemoChecks.Check::passed);
    }
  }

  /** A recording as its last event tells it. */
  private record Taped(String path, long id, String verdict, long durationMs, long packets) {}

  /** @throws IOException if something did not work at all; what worked badly is in the outcome */
  Outcome run() throws IOException, ConfigException, RefusedException {
    Path work = Files.createTempDirectory("tapedeck-demo-");
    try {
      return run(work);
    } finally {
      delete(work);
    }
  }

  private Outcome run(Path work) throws IOException, ConfigException, RefusedException {
    screen.step("making " + seconds + " s of picture and sound for " + participants
        + " participants, and starting the server");
    CompletableFuture<List<DemoClips.Clip>> clips =
        CompletableFuture.supplyAsync(() -> makeClips(work.resolve("clips")));
    String secret = randomSecret();
    try (HookReceiver hooks = HookReceiver.start(secret, this::show);
        Standalone server = Standalone.start(settings(work.resolve("data"), hooks.url(), secret));
        ApiClient api = new ApiClient(server.loopback(), server.defaultAppSecret())) {
      List<DemoTally> tallies = call(server, api, work.resolve("clips"), await(clips));
      Taped taped = verdict(hooks);
      screen.step("making files of recording " + taped.id());
      server.awaitComposer();
      convert(api, hooks, taped);
      return look(api, hooks, taped, tallies);
    }
  }

  private List<DemoClips.Clip> makeClips(Path folder) {
    try {
      return DemoClips.make(composer, folder, participants, seconds, List.of());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Short patience, so that the recording closes when the participants have left; they do not come back. */
  private static List<String> settings(Path data, String hookUrl, String hookSecret) {
    return List.of("--data=" + data, "--http.port=0", "--media.port=0", "--record.grace=200ms",
        "--room.destroy-after=1s", "--hooks.demo.url=" + hookUrl, "--hooks.demo.secret=" + hookSecret,
        "--outbound.allow=127.0.0.1");
  }

  private List<DemoTally> call(Standalone server, ApiClient api, Path folder, List<DemoClips.Clip> clips)
      throws IOException {
    screen.step("participants join: " + String.join(", ", clips.stream().map(DemoClips.Clip::peer).toList()));
    try (DemoCall call = new DemoCall(server.loopback(), api, folder, clips, ROOM, true, Duration.ofSeconds(seconds))) {
      call.join();
      screen.step("participants talk for " + seconds + " s and are taped");
      call.play();
      screen.step("participants leave");
      call.leave();
      return call.tallies();
    }
  }

  private Taped verdict(HookReceiver hooks) throws IOException {
    screen.step("waiting for the verdict");
    JsonNode finalized =
        hooks.await("Record.Finalized", event -> event.name().equals("Record.Finalized"), TO_VERDICT).body();
    String path = finalized.path("path").asText();
    return new Taped(path, Long.parseLong(path.substring(path.lastIndexOf('/') + 1)),
        finalized.path("verdict").asText(), finalized.path("duration_ms").asLong(), finalized.path("packets").asLong());
  }

  private static void convert(ApiClient api, HookReceiver hooks, Taped taped) throws IOException {
    String job = api.convert(taped.path());
    HookReceiver.Event end = hooks.await("Compose.Completed of " + job, event ->
        event.name().matches("Compose\\.(Completed|Failed)") && event.app().path("job_id").asText().equals(job), TO_FILES);
    if (end.name().equals("Compose.Failed")) {
      throw new IOException("the conversion failed: " + end.body().path("error").asText());
    }
  }

  private Outcome look(ApiClient api, HookReceiver hooks, Taped taped, List<DemoTally> tallies) throws IOException {
    screen.step("decoding every frame of the files");
    Path folder = out.orElse(Path.of("demo-out", Long.toString(taped.id())));
    Files.createDirectories(folder);
    List<DemoReport.File> files = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    List<JsonNode> stored = new ArrayList<>();
    api.get("/api/recordings/" + taped.id()).path("files").forEach(stored::add);
    stored.removeIf(file -> file.path("kind").asText().equals("summary"));
    stored.sort(Comparator.comparing((JsonNode file) -> !file.path("kind").asText().equals("composed"))
        .thenComparing(file -> file.path("name").asText()));
    for (JsonNode file : stored) {
      Path path = folder.resolve(file.path("name").asText());
      api.download(file.path("url").asText(), path);
      paths.add(path);
    }
    List<MediaReport> reports = MediaReport.of(composer, paths);
    for (int i = 0; i < stored.size(); i++) {
      MediaReport found = reports.get(i);
      files.add(new DemoReport.File(found.path(), stored.get(i).path("kind").asText(), found.codecs(),
          found.durationMs(), found.bytes()));
    }
    return judge(hooks, taped, tallies, files, reports, folder);
  }

  private Outcome judge(HookReceiver hooks, Taped taped, List<DemoTally> tallies, List<DemoReport.File> files,
      List<MediaReport> reports, Path folder) throws IOException {
    if (files.isEmpty() || !files.getFirst().kind().equals("composed")) {
      throw new IOException("the library shows no composed file of recording " + taped.id());
    }
    if (hooks.forged() > 0) {
      throw new IOException(hooks.forged() + " hook requests had a signature that is not ours");
    }
    List<MediaReport> tracks = reports.subList(1, reports.size());
    DemoReport report = new DemoReport(taped.verdict(), taped.id(), taped.durationMs(),
        tallies.stream().mapToLong(DemoTally::packetsSent).sum(),
        tallies.stream().mapToLong(DemoTally::frames).sum(),
        tracks.stream().mapToLong(file -> file.isVideo() ? file.frames() : file.audioFrames()).sum(),
        tallies.stream().mapToLong(DemoTally::packetsReceived).sum(), taped.packets(), hooks.names(), files);
    return new Outcome(report, DemoChecks.of(tallies, tracks, reports.getFirst(), seconds * 1000L), folder);
  }

  private void show(HookReceiver.Event event) {
    String body = event.body().toString();
    boolean isLong = body.length() > SHOWN_CHARS;
    screen.line("hook  " + event.name() + "  " + (isLong ? body.substring(0, SHOWN_CHARS) + " ..." : body));
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException problem ? problem : new IOException(Problems.say(e.getCause()), e);
    }
  }

  private static String randomSecret() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
