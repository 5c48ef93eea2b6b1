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
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * S4-4: one app's chunks go to the connector's store by URLs it signs, another's to a store that stands in the media
 * server's own settings and is signed there. The connector verifies both.
 */
class TwoBucketsTest {
  private static final long SEED = 44;
  private static final int PACKETS = 120;

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
      }
    }
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
