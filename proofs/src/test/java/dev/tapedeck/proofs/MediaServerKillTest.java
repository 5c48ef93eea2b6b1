package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The media server gets SIGKILL in the middle of a recording and is started again on the data it left. */
class MediaServerKillTest {
  private static final String ROOM = "kill";
  /** What the configuration reference promises for {@code record.durability = interval}. */
  private static final long RECOVERY_POINT_NANOS = TimeUnit.SECONDS.toNanos(1);
  /** Earliest and latest packet of a participant, of about 80 a second, at which the kill comes. */
  private static final int FIRST_KILL = 160;
  private static final int LAST_KILL = 500;

  @ParameterizedTest
  @ValueSource(longs = 2)
  void everythingOlderThanTheRecoveryPointIsStored(long seed) {
    Random random = new Random(seed);
    int killAtPacket = random.nextInt(FIRST_KILL, LAST_KILL);
    System.out.println("media server kill: seed " + seed + ", at packet " + killAtPacket);
    try (Lab lab = Lab.start("media-server-kill-" + seed, Map.of(), Map.of())) {
      SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, random), seed);
      SyntheticPublisher bob = lab.join(ROOM, "bob", Clips.of(1, random), seed + 1);
      ann.play();
      bob.play();
      Await.until("packet " + killAtPacket, ann.sentLog()::packetsSent, sent -> sent >= killAtPacket);

      String revoked = revoke(lab);

      long killedAtNanos = lab.mediaServer().kill();
      ann.close();
      bob.close();
      lab.startMediaServer();
      assertThatThrownBy(() -> lab.enter(revoked, Grant.of(ROOM, "eve", false), Clips.of(0, random), seed))
          .as("A-16").rootCause().hasMessageContainingAll("401", "the token was revoked");

      JsonNode recording = lab.finalized(ROOM);
      assertThat(recording.get("verdict").textValue()).isEqualTo("partial");
      assertGapPerSession(lab.manifest(recording), killedAtNanos);
      assertTaped(lab.tape(recording), sentBefore(killedAtNanos - RECOVERY_POINT_NANOS, ann, bob), ann, bob);
      assertThat(lab.api().events().stream().filter(event -> event.get("kind").textValue().equals("record.finalized")))
          .hasSize(1);
    }
  }

  /** @return a token that its media server refuses by now */
  private static String revoke(Lab lab) {
    String token = lab.token(Lab.APP, Grant.of(ROOM, "eve", false));
    assertThat(lab.administrator().post("/api/admin/tokens/revoke", "{\"token\":\"" + token + "\"}").status())
        .isEqualTo(200);
    Await.until("the list on disk", () -> Files.exists(lab.folder().resolve("media-server/revoked-tokens")), there -> there);
    return token;
  }

  /** Each session has one gap, caused by the crash, that begins where its tape ends and takes in the kill. */
  private static void assertGapPerSession(JsonNode manifest, long killedAtNanos) {
    Instant killedAt = Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(killedAtNanos));
    assertThat(manifest.get("sessions")).hasSize(2);
    assertThat(manifest.get("gaps")).as("one of each, and one of whoever nobody heard of").hasSize(3);
    for (JsonNode session : manifest.get("sessions")) {
      assertThat(session.get("end").textValue()).isEqualTo("crashed");
      assertThat(manifest.get("gaps")).filteredOn(gap -> gap.get("session").equals(session.get("session")))
          .singleElement().satisfies(gap -> {
            assertThat(gap.get("cause").textValue()).isEqualTo("crash");
            assertThat(gap.get("peer")).isEqualTo(session.get("peer"));
            assertThat(Instant.parse(gap.get("from").textValue()))
                .isAfterOrEqualTo(killedAt.minusNanos(RECOVERY_POINT_NANOS)).isBeforeOrEqualTo(killedAt.plusSeconds(1));
            assertThat(Instant.parse(gap.get("to").textValue())).isAfterOrEqualTo(killedAt);
          });
    }
  }

  private static void assertTaped(Tape tape, List<SentPacket> old, SyntheticPublisher... publishers) {
    List<SentPacket> all = Stream.of(publishers).flatMap(each -> each.sentLog().packets().stream()).toList();
    assertThat(old).hasSizeGreaterThan(FIRST_KILL / 2);
    assertThat(tape.missing(old)).isEmpty();
    assertThat(tape.doubles()).isEmpty();
    assertThat(tape.strangers(all)).isEmpty();
    assertThat(tape.states().values()).containsOnly("complete");
    System.out.println("media server kill: " + all.size() + " sent, " + old.size() + " older than the recovery point, "
        + tape.packets().size() + " taped in " + tape.states().size() + " chunks");
  }

  private static List<SentPacket> sentBefore(long wallNanos, SyntheticPublisher... publishers) {
    return Stream.of(publishers).flatMap(each -> each.sentLog().packets().stream())
        .filter(packet -> packet.sentWallNanos() < wallNanos).toList();
  }
}
