package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.lab.Api;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Program;
import dev.tapedeck.bench.lab.StoreDoor.Mood;
import dev.tapedeck.bench.lab.ToolRun;
import dev.tapedeck.proofs.lab.HookReceiver.Received;
import dev.tapedeck.proofs.lab.HookReceiver;
import dev.tapedeck.proofs.lab.SharedLab;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A backend as the documents tell people to write it: it remembers the path that {@code Record.Started} names and posts
 * its job when the room stops, while the store refuses.
 */
@ExtendWith(SharedLab.class)
class BackendTest {
  private static final long SEED = 5;
  private static final String ROOM = "backend";
  /** How long the store refuses from before the end of the call; the issue says 30. */
  private static final Duration REFUSAL = Duration.ofSeconds(Long.getLong("proofs.backend-refusal-seconds", 9));
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(90);
  private static final Duration CONVERT_DEADLINE = Duration.ofSeconds(120);
  /** S4-9. Both times were written down by the media server as things happened, so its load does not add to them. */
  private static final long START_LAG_MILLIS = 1000;

  @Test
  void jobPostedWhenTheRoomStopsMakesTheWholeFile(Lab lab, HookReceiver hooks) throws IOException {
    System.out.println("backend: store refuses " + REFUSAL.toSeconds() + " s, seed " + SEED);
    CompletableFuture<String> job = new CompletableFuture<>();
    hooks.onEvent(event -> act(event, hooks, lab.jobs(Lab.APP), job));
    Random random = new Random(SEED);
    SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, random), SEED);
    SyntheticPublisher bob = lab.join(ROOM, "bob", Clips.of(1, random), SEED + 1);
    ann.play();
    bob.play();
    Await.until("half the clip", ann.sentLog()::framesSent, frames -> frames > Clips.SECONDS * 50 / 2);
    try {
      refuseUntilTheJobHasMetIt(lab, job, ann, bob);
    } finally {
      lab.store().door().set(Mood.OPEN);
    }

    Received end = Await.until("the job's end", CONVERT_DEADLINE, () -> ofJob(hooks, job.join()),
        events -> events.size() == 2).getLast();
    assertThat(end.kind()).isEqualTo("Compose.Completed");
    JsonNode done = lab.jobs(Lab.APP).json("/api/convert/job/" + job.join());
    assertThat(done.get("verdict").textValue()).as(done.toString()).isEqualTo("complete");
    assertWhole(lab, end);
    assertOrder(hooks);
    assertStartedAtOnce(lab, hooks);
  }

  private static void act(Received event, HookReceiver hooks, Api jobs, CompletableFuture<String> job) {
    if (!event.of("room").equals(ROOM) || !event.kind().equals("Room.Stopped")) {
      return;
    }
    String path = recordPath(hooks);
    Api.Answer answer = jobs.post("/api/convert/job", "{\"record_path\":\"" + path
        + "\",\"transmux\":{},\"compose\":{\"audio\":true,\"video\":true}}");
    job.complete(answer.json().at("/data/job_id").asText("refused: " + answer));
  }

  private static void refuseUntilTheJobHasMetIt(Lab lab, CompletableFuture<String> job, SyntheticPublisher... peers)
      throws IOException {
    lab.store().door().set(Mood.FAILING);
    long until = System.nanoTime() + REFUSAL.toNanos();
    for (SyntheticPublisher peer : peers) {
      peer.awaitEnd(CALL_DEADLINE);
    }
    for (SyntheticPublisher peer : peers) {
      peer.leave(SyntheticPublisher.USUAL_LINGER);
    }
    Await.until("the backend's job", job::isDone, done -> done);
    assertThat(job.join()).startsWith("job_");
    String path = "/api/convert/job/" + job.join();
    Await.until("the job to wait for the store", () -> lab.jobs(Lab.APP).json(path),
        view -> view.path("step").asText().contains("store") && System.nanoTime() >= until);
    assertThat(lab.api().recordings(ROOM).getFirst().get("state").textValue()).isEqualTo("closing");
  }

  /** The composed file shows and sounds both from the first to the last picture, and the tracks lack nothing. */
  private static void assertWhole(Lab lab, Received end) {
    String uri = end.detail().at("/compose/media_uri").asText();
    String file = lab.store().file(uri.substring(uri.indexOf("/", "s3://".length()) + 1)).toString();
    JsonNode report = new Api.Answer(200, ToolRun.of(Program.COMPOSER, "check", "--json", "--clip-fps",
        "" + Clips.FRAMES_PER_SECOND, file).requireSuccess().out()).json().at("/files/0");

    assertThat(report.get("durationMs").intValue())
        .isBetween((Clips.SECONDS - 1) * 1000, (Clips.SECONDS + 1) * 1000);
    assertThat(report.get("tiles")).extracting(tile -> tile.get("participant").intValue()).contains(0, 1);
    assertThat(end.detail().at("/transmux/peers")).hasSize(2);
    assertThat(end.detail().path("verdict").asText()).isEqualTo("complete");
  }

  /** What came by the webhook, came in the order it was written down, and in an order a backend can rely on. */
  private static void assertOrder(HookReceiver hooks) {
    List<Received> events = hooks.ofRoom(Lab.APP, ROOM);
    List<String> kinds = events.stream().map(Received::kind).toList();

    assertThat(hooks.received()).allMatch(Received::isSigned);
    assertThat(events).extracting(Received::id).isSorted().doesNotHaveDuplicates();
    assertThat(kinds.getFirst()).isEqualTo("Room.Started");
    assertThat(kinds).containsSubsequence("Room.Started", "Record.Started", "Record.Stopped", "Record.Finalized");
    assertThat(kinds).containsSubsequence("Record.Stopped", "Room.Stopped", "Record.Finalized");
    assertThat(kinds).filteredOn(kind -> kind.matches("Record\\.(Started|Stopped|Finalized)|Room\\.(Started|Stopped)"))
        .hasSize(5);
  }

  private static void assertStartedAtOnce(Lab lab, HookReceiver hooks) {
    long startedMillis = started(hooks).body().get("ts").longValue();
    long firstMillis = TimeUnit.NANOSECONDS.toMillis(
        lab.tape(lab.finalized(ROOM)).firstArrivalWallNanos());
    System.out.println("backend: Record.Started " + (startedMillis - firstMillis) + " ms after the first packet");
    assertThat(startedMillis - firstMillis).isBetween(-1L, START_LAG_MILLIS);
  }

  private static String recordPath(HookReceiver hooks) {
    return started(hooks).detail().get("path").textValue();
  }

  private static Received started(HookReceiver hooks) {
    return hooks.ofRoom(Lab.APP, ROOM).stream().filter(event -> event.kind().equals("Record.Started")).findFirst()
        .orElseThrow();
  }

  private static List<Received> ofJob(HookReceiver hooks, String job) {
    return hooks.received().stream().filter(event -> event.of("job_id").equals(job)).toList();
  }
}
