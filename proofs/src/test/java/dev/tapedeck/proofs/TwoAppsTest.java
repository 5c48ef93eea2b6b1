package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.lab.Api;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.proofs.lab.RefusedMeeting;
import dev.tapedeck.proofs.lab.RoomEvents;
import dev.tapedeck.proofs.lab.SharedLab;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two apps share a deployment; neither can see, convert or name what belongs to the other. */
@ExtendWith(SharedLab.class)
class TwoAppsTest {
  private static final long SEED = 8;

  private Lab lab;
  private RefusedMeeting meeting;
  private Api owner;
  private Api other;

  @BeforeEach
  void use(Lab lab, RefusedMeeting meeting) {
    this.lab = lab;
    this.meeting = meeting;
    owner = lab.api(Lab.APP);
    other = lab.api(Lab.OTHER_APP);
  }

  @Test
  void listsHoldOnlyWhatIsOnesOwn() {
    assertThat(owner.recordings(RefusedMeeting.ROOM)).hasSize(1);
    assertThat(other.recordings(RefusedMeeting.ROOM)).isEmpty();
    assertThat(other.json("/api/recordings?pageSize=100").findValuesAsText("app")).doesNotContain(Lab.APP);
    assertThat(owner.events()).isNotEmpty();
    assertThat(other.events()).allMatch(event -> !event.toString().contains("\"" + Lab.APP + "\""));
    assertThat(lab.jobs(Lab.OTHER_APP).json("/api/convert/jobs").get("jobs").toString()).doesNotContain(Lab.APP);
  }

  @Test
  void recordingOfTheOtherDoesNotExist() {
    String path = "/api/recordings/" + meeting.recording().get("id").longValue();
    String file = path + "/files/" + convertedFile();

    assertThat(owner.get(path).status()).isEqualTo(200);
    assertThat(owner.get(path + "/manifest").status()).isEqualTo(200);
    assertThat(owner.send("HEAD", file, BodyPublishers.noBody()).status()).isEqualTo(200);
    assertNotFound(other.get(path));
    assertNotFound(other.get(path + "/manifest"));
    assertNotFound(other.get(file));
    assertThat(other.send("HEAD", file, BodyPublishers.noBody()).status()).isEqualTo(404);
    assertNotFound(other.send("PUT", file, BodyPublishers.ofString(
        "{\"key\":\"" + Lab.OTHER_APP + "/mine.webm\",\"contentType\":\"video/webm\"}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "/api/recordings", "/api/recordings/ID", "/api/recordings/ID/manifest", "/api/recordings/ID/files/summary.json",
      "/api/events", "/api/rooms", "/api/rooms/refused", "/api/rooms/refused/events"})
  void nothingOpensWithoutTheSecretOfAnApp(String route) {
    Api stranger = lab.api("nobody");
    Api.Answer answer = stranger.get(route.replace("ID", meeting.recording().get("id").asText()));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().get("code").textValue()).isNotEmpty();
  }

  @Test
  void jobForAForeignPathIsRefused() {
    String foreign = Lab.path(meeting.recording());

    assertThat(post(foreign).status()).isEqualTo(403);
    assertThat(post(foreign).json().get("code").textValue()).isEqualTo("foreign_record_path");
    assertThat(post("/" + foreign + "/").status()).isEqualTo(403);
    assertThat(post(foreign.replace(Lab.APP, "%61lpha")).status()).isIn(400, 403);
    assertThat(post(Lab.OTHER_APP + "/../" + foreign).status()).isEqualTo(400);
    assertThat(lab.jobs("nobody").post("/api/convert/job", body(foreign)).status()).isEqualTo(401);
  }

  @Test
  void jobOfTheOtherDoesNotExist() {
    String job = lab.jobs(Lab.APP).post("/api/convert/job", body(Lab.path(meeting.recording())))
        .json().at("/data/job_id").textValue();
    String path = "/api/convert/job/" + job;

    assertThat(lab.jobs(Lab.APP).get(path).status()).isEqualTo(200);
    assertNotFound(lab.jobs(Lab.OTHER_APP).get(path));
    assertNotFound(lab.jobs(Lab.OTHER_APP).send("DELETE", path, BodyPublishers.noBody()));
    Await.until("the job to go on to its end", () -> lab.jobs(Lab.APP).json(path).get("state").textValue(),
        "completed"::equals);
  }

  @Test
  void roomsOfOneNameAreTwoRooms() throws IOException {
    Random random = new Random(SEED);
    try (RoomEvents watch = new RoomEvents(other, "twin"); RoomEvents ownWatch = new RoomEvents(owner, "twin")) {
      SyntheticPublisher ann = lab.join(Lab.APP, Grant.of("twin", "ann", false), Clips.of(0, random), SEED);
      Await.until("ann in her own room", ownWatch::text, text -> text.contains("\"ann\""));
      assertNotFound(other.get("/api/rooms/twin"));
      SyntheticPublisher eve = lab.join(Lab.OTHER_APP, Grant.of("twin", "eve", false), Clips.of(1, random), SEED + 1);
      Await.until("eve in the other room", watch::text, text -> text.contains("\"eve\""));

      assertThat(watch.text()).doesNotContain("\"ann\"");
      assertThat(peers(other)).contains("eve").doesNotContain("ann");
      assertThat(peers(owner)).contains("ann").doesNotContain("eve");
      ann.leave(SyntheticPublisher.USUAL_LINGER);
      eve.leave(SyntheticPublisher.USUAL_LINGER);
    }
  }

  private static String peers(Api api) {
    return api.json("/api/rooms/twin").get("peers").toString();
  }

  /** A file that a job of the owner made of the recording. */
  private String convertedFile() {
    assertThat(lab.jobs(Lab.APP).post("/api/convert/job", body(Lab.path(meeting.recording()))).status()).isEqualTo(200);
    JsonNode files = Await.until("the library's files",
        () -> owner.json("/api/recordings/" + meeting.recording().get("id").longValue()).get("files"),
        all -> !all.isEmpty());
    return files.get(0).get("name").textValue();
  }

  private Api.Answer post(String recordPath) {
    return lab.jobs(Lab.OTHER_APP).post("/api/convert/job", body(recordPath));
  }

  private static String body(String recordPath) {
    return "{\"record_path\":\"" + recordPath + "\",\"transmux\":{}}";
  }

  private static void assertNotFound(Api.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(404);
    assertThat(answer.json().get("code").textValue()).isEqualTo("not_found");
  }
}
