package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A media server that is stopped by SIGTERM and never comes back leaves nothing behind. */
class MediaServerStopTest {
  private static final String ROOM = "stopped";
  private static final long SEED = 5;

  @Test
  void storesWhatIsTapedBeforeItEnds() throws IOException {
    Random random = new Random(SEED);
    try (Lab lab = Lab.start("media-server-stop", Map.of(), Map.of())) {
      SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, random), SEED);
      SyntheticPublisher bob = lab.join(ROOM, "bob", Clips.of(1, random), SEED + 1);
      ann.play();
      bob.play();
      Await.until("packets", ann.sentLog()::packetsSent, sent -> sent >= 100);
      bob.leave(SyntheticPublisher.USUAL_LINGER); // within the grace time, and ann is still in the call

      lab.mediaServer().close();
      ann.close();

      JsonNode recording = lab.finalized(ROOM);
      assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
      assertThat(lab.tape(recording).missing(bob.sentLog().packets())).isEmpty();
    }
  }
}
