package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.lab.Api;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.proofs.lab.ToldMember;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A media server that is stopped by SIGTERM and never comes back leaves nothing behind. */
class MediaServerStopTest {
  private static final String ROOM = "stopped";
  private static final long SEED = 5;

  private static final int DRAIN_SECONDS = 12;

  @Test
  void storesWhatIsTapedBeforeItEnds() throws IOException {
    Random random = new Random(SEED);
    try (Lab lab = Lab.start("media-server-stop", Map.of(), Map.of("node.drain", DRAIN_SECONDS + "s", "record.drain", "60s"));
        ToldMember carol = ToldMember.join(
            URI.create(lab.mediaOrigin()), lab.token(TokenKind.WEBRTC, Grant.of(ROOM, "carol", false)), ROOM, "carol")) {
      SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, random), SEED);
      SyntheticPublisher bob = lab.join(ROOM, "bob", Clips.of(1, random), SEED + 1);
      ann.play();
      bob.play();
      Await.until("carol is in the room", carol::session,
          told -> told.stream().anyMatch(ServerEvent.Session::hasJoined));

      lab.mediaServer().terminate();
      assertDraining(lab, carol);
      long before = ann.sentLog().packetsSent();
      Await.until("packets", ann.sentLog()::packetsSent, sent -> sent >= before + 100);
      assertThat(ann.client().isClosedByServer()).as("the call goes on").isFalse();
      bob.leave(SyntheticPublisher.USUAL_LINGER); // within the grace time, and ann is still in the call

      lab.mediaServer().awaitEnd();
      Await.until("carol heard the end", carol::isClosedByServer, closed -> closed);
      assertThat(carol.session().getLast().getDisconnected().getReason()).isEqualTo("shutdown");
      assertThat(ann.client().isClosedByServer()).isTrue();
      ann.close();

      JsonNode recording = lab.finalized(ROOM);
      assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
      assertThat(lab.tape(recording).missing(bob.sentLog().packets())).isEmpty();
    }
  }

  private static void assertDraining(Lab lab, ToldMember carol) {
    ServerEvent.Session last = Await.until("GoAway", () -> carol.session().getLast(), ServerEvent.Session::hasGoway);
    assertThat(last.getGoway().getRemainSeconds()).isEqualTo(DRAIN_SECONDS);
    Api anybody = lab.atMediaServer(lab.token(TokenKind.WHIP, Grant.of(ROOM, "dan", true)));
    assertThat(anybody.get("/ready").status()).isEqualTo(503);
    assertThat(anybody.get("/health").status()).isEqualTo(200);
    assertThat(anybody.post("/whip/endpoint", "{}").status()).isEqualTo(503);
  }
}
