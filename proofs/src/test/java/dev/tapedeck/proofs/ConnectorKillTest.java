package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The connector gets SIGKILL in the middle of a recording; people come and go, and chunks are sealed, without it. */
class ConnectorKillTest {
  private static final long SEED = 3;
  private static final String ROOM = "kill";
  private static final Duration CLIP = Duration.ofSeconds(60);
  /** Chunks of the recording that are sealed while there is no connector. */
  private static final int UNTOLD_CHUNKS = 2;

  @Test
  void nothingIsLostAndNothingIsToldTwice() throws IOException {
    System.out.println("connector kill: seed " + SEED);
    Random random = new Random(SEED);
    try (Lab lab = Lab.start("connector-kill", Map.of(), Map.of())) {
      SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, random), SEED);
      SyntheticPublisher bob = lab.join(ROOM, "bob", Clips.of(1, random), SEED + 1);
      ann.play();
      bob.play();
      Await.until("a chunk in the store", () -> lab.metric("tapedeck_spool_chunks_verified"), chunks -> chunks > 0);

      lab.connector().kill();
      double sealed = lab.metric("tapedeck_spool_chunks_sealed");
      SyntheticPublisher cyd = lab.join(ROOM, "cyd", Clips.soundOf(0, random), SEED + 2);
      cyd.play();
      Await.until("chunks nobody hears of", () -> lab.metric("tapedeck_spool_chunks_sealed"),
          chunks -> chunks >= sealed + UNTOLD_CHUNKS);
      bob.leave(SyntheticPublisher.USUAL_LINGER);
      lab.startConnector();

      ann.awaitEnd(CLIP);
      ann.leave(SyntheticPublisher.USUAL_LINGER);
      cyd.leave(SyntheticPublisher.USUAL_LINGER);
      assertComplete(lab, lab.finalized(ROOM), ann, bob, cyd);
      Await.until("the room's end", () -> kinds(lab), kinds -> kinds.contains("room.stopped"));
      assertToldOnce(lab);
    }
  }

  private static void assertComplete(Lab lab, JsonNode recording, SyntheticPublisher... publishers) {
    List<SentPacket> sent = Stream.of(publishers).flatMap(each -> each.sentLog().packets().stream()).toList();
    Tape tape = lab.tape(recording);

    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(lab.manifest(recording).get("sessions")).hasSize(publishers.length);
    assertThat(tape.missing(sent)).isEmpty();
    assertThat(tape.doubles()).isEmpty();
    assertThat(tape.packets()).hasSameSizeAs(sent);
  }

  private static void assertToldOnce(Lab lab) {
    List<String> told = kinds(lab);
    assertThat(told).filteredOn(kind -> kind.startsWith("room."))
        .containsExactlyInAnyOrder("room.started", "room.peer_joined ann", "room.peer_joined bob",
            "room.peer_joined cyd", "room.peer_leaved ann", "room.peer_leaved bob", "room.peer_leaved cyd",
            "room.all_peers_leaved", "room.stopped");
    assertThat(told).filteredOn(kind -> kind.startsWith("record."))
        .containsExactlyInAnyOrder("record.started", "record.peer_joined ann", "record.peer_joined bob",
            "record.peer_joined cyd", "record.stopped", "record.finalized");
    assertThat(told).filteredOn(kind -> kind.startsWith("peer.")).filteredOn(kind -> kind.matches("peer\\.(join|leave).*"))
        .containsExactlyInAnyOrder("peer.join ann", "peer.join bob", "peer.join cyd", "peer.leave ann",
            "peer.leave bob", "peer.leave cyd");
    assertThat(told.indexOf("room.peer_joined cyd")).isGreaterThan(told.indexOf("room.peer_joined bob"))
        .isLessThan(told.indexOf("room.peer_leaved bob"));
  }

  /** Kind of each event of the feed, with its peer where it has one. */
  private static List<String> kinds(Lab lab) {
    return lab.api().events().stream().map(event -> {
      JsonNode peer = event.get("event").findValue("peer");
      String name = peer != null && peer.isTextual() ? " " + peer.textValue() : "";
      return event.get("kind").textValue() + name;
    }).toList();
  }
}
