package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.lab.Api;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.proofs.lab.SharedLab;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** what an administrator orders reaches real clients and the tape. */
@ExtendWith(SharedLab.class)
class AdministrationTest {
  private static final long SEED = 16;
  private static final int PACKETS = 60;

  private final Random random = new Random(SEED);
  private Lab lab;
  private Api admin;

  @BeforeEach
  void use(Lab lab) {
    this.lab = lab;
    admin = lab.administrator();
  }

  @Test
  void whoeverIsKickedIsOutAndStaysOut() {
    Grant grant = Grant.of("kicked", "ann", true);
    String token = lab.token(Lab.APP, grant);
    SyntheticPublisher ann = lab.enter(token, grant, Clips.of(0, random), SEED);
    ann.play();
    Await.until("packets", ann.sentLog()::packetsSent, sent -> sent >= PACKETS);
    Await.until("the room", () -> admin.get("/api/admin/rooms/kicked").status(), status -> status == 200);

    Api.Answer kicked = admin.post("/api/admin/rooms/kicked/peers/ann/kick", "{\"reason\":\"too loud\"}");
    assertThat(kicked.status()).as(kicked.body()).isEqualTo(200);
    assertThat(kicked.json().get("revokedTokens").intValue()).isEqualTo(1);
    Await.until("close_notify", ann.client()::isClosedByServer, closed -> closed);
    assertThatThrownBy(() -> lab.enter(token, grant, Clips.of(0, random), SEED))
        .rootCause().hasMessageContainingAll("401", "the token was revoked");

    JsonNode recording = lab.finalized("kicked");
    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(lab.manifest(recording).at("/sessions/0/end").textValue()).isEqualTo("stopped");
    assertThat(lab.api().post("/api/admin/rooms/kicked/close", "{}").status()).as("with the app's secret").isEqualTo(403);
    assertThat(admin.json("/api/admin/audit?limit=1000").get("entries").findValuesAsText("action"))
        .contains("kick_peer", "close_room");
  }

  /** Sound from the order on, and no other packet, is not in the store, and the manifest says where it went. */
  @Test
  void nothingIsTapedOfAMutedTrack() throws IOException {
    List<PublishedTrack> tracks = Clips.of(0, random);
    int sound = tracks.getFirst().media().ssrc();
    SyntheticPublisher ann = lab.join("muted", "ann", tracks, SEED);
    ann.play();
    awaitSound(ann, sound, PACKETS);
    Await.until("the track", this::mute, status -> status == 200);
    int mutedAt = sent(ann, sound).size();
    awaitSound(ann, sound, mutedAt + PACKETS);
    ann.leave(SyntheticPublisher.USUAL_LINGER);

    JsonNode recording = lab.finalized("muted");
    Tape tape = lab.tape(recording);
    List<SentPacket> missing = tape.missing(ann.sentLog().packets());
    assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
    assertThat(missing).containsAll(sent(ann, sound).subList(mutedAt, sent(ann, sound).size()))
        .hasSizeLessThan(sent(ann, sound).size()).allMatch(packet -> packet.ssrc() == sound);
    assertThat(lab.manifest(recording).get("gaps")).singleElement().satisfies(gap -> {
      assertThat(gap.get("cause").textValue()).isEqualTo("muted");
      assertThat(gap.get("requested").booleanValue()).isTrue();
      assertThat(gap.get("packets").intValue()).isEqualTo(missing.size());
    });
  }

  private int mute() {
    return admin.post("/api/admin/rooms/muted/peers/ann/tracks/audio_main/mute", "{}").status();
  }

  private static void awaitSound(SyntheticPublisher ann, int ssrc, int packets) {
    Await.until(packets + " packets of sound", () -> sent(ann, ssrc).size(), sent -> sent >= packets);
  }

  private static List<SentPacket> sent(SyntheticPublisher ann, int ssrc) {
    return ann.sentLog().packets().stream().filter(packet -> packet.ssrc() == ssrc).toList();
  }
}
