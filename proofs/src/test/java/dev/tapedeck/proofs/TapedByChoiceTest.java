package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.media.MediaSource;
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
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
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
    SyntheticPublisher ann = publish("sound", tracks, Optional.empty(), Optional.of("audio"));
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

  /** Two pictures stand for two layers. The lower one may be taped until the upper one has a key frame. */
  @Test
  void topLayerAloneIsTaped() throws IOException {
    PublishedTrack upper = Clips.of(0, random).get(1);
    MediaSource lower = Clips.of(1, random).get(1).sources().get("");
    PublishedTrack layered = new PublishedTrack(
        upper.media().withRids(List.of("h", "l")), Map.of("h", upper.sources().get(""), "l", lower));
    SyntheticPublisher ann = publish("top", List.of(layered), Optional.of("top"), Optional.empty());

    JsonNode recording = lab.finalized("top");
    Tape tape = lab.tape(recording);
    JsonNode manifest = lab.manifest(recording);
    long top = ssrc(manifest, "h");
    long low = ssrc(manifest, "l");

    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(manifest.get("gaps")).isEmpty();
    assertThat(tape.strangers(ann.sentLog().packets())).isEmpty();
    long topSinceNanos = tape.packets().stream().filter(packet -> packet.id().ssrc() == top)
        .mapToLong(Tape.Packet::arrivalWallNanos).min().orElseThrow();
    assertThat(tape.packets()).filteredOn(packet -> packet.id().ssrc() == low)
        .allMatch(packet -> packet.arrivalWallNanos() <= topSinceNanos);
    Set<Integer> taped = tape.packets().stream().filter(packet -> packet.id().ssrc() == top)
        .map(packet -> packet.id().sequenceNumber()).collect(Collectors.toSet());
    List<SentPacket> topSent =
        ann.sentLog().packets().stream().filter(packet -> Integer.toUnsignedLong(packet.ssrc()) == top).toList();
    assertThat(topSent.stream().dropWhile(packet -> !taped.contains(packet.sequenceNumber())))
        .hasSizeGreaterThan(PACKETS / 5).allMatch(packet -> taped.contains(packet.sequenceNumber()));
  }

  private SyntheticPublisher publish(
      String room, List<PublishedTrack> tracks, Optional<String> layers, Optional<String> media) throws IOException {
    SyntheticPublisher ann =
        lab.join(Lab.APP, Grant.of(room, "ann", true, RecordPolicies.of(layers, media)), tracks, SEED);
    ann.play();
    Await.until(PACKETS + " packets", ann.sentLog()::packetsSent, sent -> sent >= PACKETS);
    ann.leave(SyntheticPublisher.USUAL_LINGER);
    return ann;
  }

  private static long ssrc(JsonNode manifest, String rid) {
    for (JsonNode track : manifest.at("/sessions/0/tracks")) {
      if (track.get("rid").textValue().equals(rid)) {
        return track.get("ssrc").longValue();
      }
    }
    throw new AssertionError("no layer " + rid + " in " + manifest);
  }
}
