package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.proofs.lab.SharedLab;
import dev.tapedeck.protocol.token.RecordPolicies;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** D-13, S3-2: what a token does not want taped is not in the store, and the recording is complete without it. */
@ExtendWith(SharedLab.class)
class TapedByChoiceTest {
  private static final long SEED = 13;

  /** Fewer than the shortest of the clips has. */
  private static final int PACKETS = 200;

  private final Random random = new Random(SEED);
  private Lab lab;

  @BeforeEach
  void use(Lab lab) {
    this.lab = lab;
  }

  @Test
  void soundAloneIsTaped() throws IOException {
    List<PublishedTrack> tracks = Clips.of(0, random);
    SyntheticPublisher ann = publish("sound", tracks, Optional.of("audio"));
    int sound = tracks.getFirst().media().ssrc();
    List<SentPacket> wanted = ann.sentLog().packets().stream().filter(packet -> packet.ssrc() == sound).toList();
    assertThat(wanted).isNotEmpty().hasSizeLessThan(ann.sentLog().packets().size());

    JsonNode recording = lab.finalized("sound");
    Tape tape = lab.tape(recording);

    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(tape.missing(wanted)).isEmpty();
    assertThat(tape.strangers(wanted)).isEmpty();
    assertThat(lab.manifest(recording).get("gaps")).isEmpty();
  }

  private SyntheticPublisher publish(String room, List<PublishedTrack> tracks, Optional<String> media)
      throws IOException {
    SyntheticPublisher ann =
        lab.join(Lab.APP, Grant.of(room, "ann", true, RecordPolicies.of(Optional.empty(), media)), tracks, SEED);
    ann.play();
    Await.until(PACKETS + " packets", ann.sentLog()::packetsSent, sent -> sent >= PACKETS);
    ann.leave(SyntheticPublisher.USUAL_LINGER);
    return ann;
  }
}
