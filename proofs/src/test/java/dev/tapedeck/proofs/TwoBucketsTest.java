package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Folders;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Store;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * S4-4: one app's chunks go to the connector's store by URLs it signs, another's to a store that stands in the media
 * server's own settings and is signed there. The connector verifies both, and the composer reads and writes both.
 */
class TwoBucketsTest {
  private static final long SEED = 44;
  private static final int PACKETS = 120;
  private static final Duration CONVERT_DEADLINE = Duration.ofMinutes(3);

  @Test
  void eachAppsRecordingLiesWhollyInItsOwnStore() throws Exception {
    Random random = new Random(SEED);
    try (Store own = new Store(Folders.empty(Path.of("target", "proofs", "second-store")).toAbsolutePath())) {
      Map<String, String> ownStore = Map.of("apps." + Lab.OTHER_APP + ".store-uri", own.uri("deep/in/it"));
      try (Lab lab = Lab.start("two-buckets", ownStore, ownStore)) {
        SyntheticPublisher ann = lab.join(Lab.APP, Grant.of("two", "ann", true), Clips.of(0, random), SEED);
        SyntheticPublisher eve = lab.join(Lab.OTHER_APP, Grant.of("two", "eve", true), Clips.of(1, random), SEED + 1);
        play(ann);
        play(eve);
        JsonNode ofAnn = lab.finalized(Lab.APP, "two");
        JsonNode ofEve = lab.finalized(Lab.OTHER_APP, "two");

        assertWhole(ofAnn, Tape.read(lab.store(), Lab.path(ofAnn)), ann);
        assertWhole(ofEve, Tape.read(own, "deep/in/it/" + Lab.path(ofEve)), eve);
        assertThat(own.keys("deep/in/it/" + Lab.path(ofEve))).anyMatch(key -> key.endsWith("/manifest.json"));
        assertThat(lab.store().keys(Lab.OTHER_APP + "/")).isEmpty();
        assertThat(own.keys("deep/in/it/" + Lab.APP + "/")).isEmpty();
        assertThat(lab.api(Lab.OTHER_APP).json("/api/recordings/" + ofEve.get("id").longValue() + "/manifest")
            .get("verdict").textValue()).as("the connector reads it from there").isEqualTo("complete");

        lab.startComposer(ownStore);
        convert(lab, Lab.APP, ofAnn);
        convert(lab, Lab.OTHER_APP, ofEve);
        assertThat(lab.store().keys(Lab.APP + "/transmux/")).anyMatch(key -> key.endsWith("/summary.json"));
        assertThat(own.keys("deep/in/it/" + Lab.OTHER_APP + "/transmux/"))
            .anyMatch(key -> key.endsWith("/summary.json"));
        assertThat(lab.store().keys(Lab.OTHER_APP + "/")).isEmpty();
      }
    }
  }

  /** Until the library has the files, which the connector reads from where they lie. */
  private static void convert(Lab lab, String app, JsonNode recording) {
    String job = lab.jobs(app).post("/api/convert/job",
        "{\"record_path\":\"" + Lab.path(recording) + "\",\"transmux\":{}}").json().at("/data/job_id").textValue();
    Await.until("the job's end", CONVERT_DEADLINE, () -> lab.jobs(app).json("/api/convert/job/" + job),
        view -> view.get("state").textValue().equals("completed"));
    String files = "/api/recordings/" + recording.get("id").longValue() + "/files/";
    Await.until("the library's summary", () -> lab.api(app).get(files + "summary.json").status(), ok -> ok == 200);
  }

  private static void play(SyntheticPublisher publisher) throws IOException {
    publisher.play();
    Await.until(PACKETS + " packets", publisher.sentLog()::packetsSent, sent -> sent >= PACKETS);
    publisher.leave(SyntheticPublisher.USUAL_LINGER);
  }

  private static void assertWhole(JsonNode recording, Tape tape, SyntheticPublisher publisher) {
    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(tape.missing(publisher.sentLog().packets())).isEmpty();
    assertThat(tape.strangers(publisher.sentLog().packets())).isEmpty();
    assertThat(tape.states().values()).containsOnly("complete");
  }
}
