package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.proofs.lab.SharedLab;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people send who are not to be taped is nowhere in the store. */
@ExtendWith(SharedLab.class)
class UntapedPeersTest {
  private static final long SEED = 6;
  private static final int PACKETS = 120;

  private final Random random = new Random(SEED);
  private Lab lab;

  @BeforeEach
  void use(Lab lab) {
    this.lab = lab;
  }

  /** S4-5. */
  @Test
  void tokenWithoutRecordLeavesNoBytes() throws IOException {
    SyntheticPublisher ann = lab.join(Lab.APP, Grant.of("untaped", "ann", false), Clips.of(0, random), SEED);
    play(ann);
    ann.leave(SyntheticPublisher.USUAL_LINGER);
    awaitEnd("untaped");

    assertThat(lab.store().keys(Lab.APP + "/untaped/")).isEmpty();
    assertThat(lab.api().recordings("untaped")).isEmpty();
    assertThat(kinds("untaped")).noneMatch(kind -> kind.startsWith("record."));
  }

  /** S4-5: not a byte, and the manifest says whom it does not hold, and when. */
  @Test
  void excludedPeerIsNotOnTheTapeOfTheOthers() throws IOException {
    SyntheticPublisher ann = lab.join("excluding", "ann", Clips.of(0, random), SEED);
    SyntheticPublisher bob = lab.join(
        Lab.APP, new Grant("excluding", "bob", true, true, null), Clips.of(1, random), SEED + 1);
    play(ann, bob);
    ann.leave(SyntheticPublisher.USUAL_LINGER);
    bob.leave(SyntheticPublisher.USUAL_LINGER);
    JsonNode recording = lab.finalized("excluding");
    Tape tape = lab.tape(recording);

    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(tape.missing(ann.sentLog().packets())).isEmpty();
    assertThat(tape.strangers(ann.sentLog().packets())).isEmpty();
    assertThat(lab.store().keys(Lab.path(recording))).noneMatch(key -> key.contains("bob"));
    assertThat(recording.get("peers")).singleElement().satisfies(peer -> assertThat(peer.asText()).contains("ann"));
    JsonNode manifest = lab.manifest(recording);
    assertThat(manifest.get("intervals")).singleElement().satisfies(interval -> {
      assertThat(interval.get("kind").textValue()).isEqualTo("excluded");
      assertThat(interval.get("peer").textValue()).isEqualTo("bob");
      assertThat(Instant.parse(interval.get("from").textValue()))
          .isBetween(Instant.parse(manifest.get("startedAt").textValue()), Instant.parse(interval.get("to").textValue()));
    });
  }

  @Test
  void recordingOfSilenceIsEmptyAndNeverStarted() throws IOException {
    SyntheticPublisher ann = lab.join("silent", "ann", Clips.of(0, random), SEED);
    ann.leave(SyntheticPublisher.USUAL_LINGER);
    JsonNode recording = lab.finalized("silent");

    assertThat(recording.get("verdict").textValue()).isEqualTo("empty");
    assertThat(lab.store().keys(Lab.path(recording))).noneMatch(key -> key.endsWith(".tdc"));
    assertThat(kinds("silent")).contains("record.finalized").doesNotContain("record.started", "record.peer_joined");
  }

  private void play(SyntheticPublisher... publishers) {
    for (SyntheticPublisher publisher : publishers) {
      publisher.play();
    }
    for (SyntheticPublisher publisher : publishers) {
      Await.until(PACKETS + " packets", publisher.sentLog()::packetsSent, sent -> sent >= PACKETS);
    }
  }

  private void awaitEnd(String room) {
    Await.until("the end of room " + room, () -> kinds(room), kinds -> kinds.contains("room.stopped"));
  }

  private List<String> kinds(String room) {
    return lab.api().events().stream()
        .filter(event -> event.get("event").findPath("room").asText().equals(room))
        .map(event -> event.get("kind").textValue()).toList();
  }
}
