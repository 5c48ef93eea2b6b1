package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.StoreDoor.Mood;
import dev.tapedeck.bench.lab.Tape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** More is taped than memory may hold, and the store takes nothing. */
class SpillTest {
  private static final long SEED = 7;
  private static final String ROOM = "spill";
  private static final int PUBLISHERS = 4;
  private static final int PACKETS_PER_SECOND = 200;
  private static final int PACKETS_PER_FRAME = 8;
  private static final int PAYLOAD_BYTES = 1100;
  private static final double BUDGET_BYTES = 1 << 20;
  /** Taped and not stored: several times the budget. */
  private static final double UNSENT_BYTES = 5 * BUDGET_BYTES;

  @Test
  void goesToDiskAndComesBackWhole() throws IOException {
    System.out.println("spill: seed " + SEED);
    try (Lab lab = Lab.start("spill", Map.of(), Map.of("record.memory-budget", "1MiB"))) {
      List<SyntheticPublisher> publishers = join(lab);
      lab.store().door().set(Mood.FORBIDDEN);
      publishers.forEach(SyntheticPublisher::play);
      double peakBytes = tapeBeyondTheBudget(lab);
      for (SyntheticPublisher publisher : publishers) {
        publisher.leave(SyntheticPublisher.USUAL_LINGER);
      }
      lab.store().door().set(Mood.OPEN);

      JsonNode recording = lab.finalized(ROOM);
      Tape tape = lab.tape(recording);
      List<SentPacket> sent = publishers.stream().flatMap(each -> each.sentLog().packets().stream()).toList();
      assertThat(recording.get("verdict").textValue()).isEqualTo("complete");
      assertThat(tape.missing(sent)).isEmpty();
      assertThat(tape.doubles()).isEmpty();
      assertThat(tape.packets()).hasSameSizeAs(sent);
      Await.until("the memory to be given back", () -> lab.metric("tapedeck_spool_memory_bytes"), bytes -> bytes == 0);
      System.out.println("spill: at most " + (long) peakBytes + " bytes in memory, " + sent.size() + " packets taped");
    }
  }

  private static List<SyntheticPublisher> join(Lab lab) {
    Random random = new Random(SEED);
    List<SyntheticPublisher> publishers = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      OfferedMedia media = OfferedMedia.sending(
          "0", MediaKind.VIDEO, Codec.vp8(96, 97), random.nextInt() | 1, random.nextInt() | 1);
      publishers.add(lab.join(ROOM, "peer" + i, List.of(PublishedTrack.of(media,
          new BurstSource(PACKETS_PER_FRAME, PAYLOAD_BYTES, PACKETS_PER_SECOND, Long.MAX_VALUE))), SEED + i));
    }
    return publishers;
  }

  /** @return the most that memory ever held, looked at all the while */
  private static double tapeBeyondTheBudget(Lab lab) {
    double[] peakBytes = {0};
    Await.until(UNSENT_BYTES + " bytes that are not stored", () -> {
      double memoryBytes = lab.metric("tapedeck_spool_memory_bytes");
      peakBytes[0] = Math.max(peakBytes[0], memoryBytes);
      assertThat(memoryBytes).isLessThanOrEqualTo(BUDGET_BYTES);
      return lab.metric("tapedeck_spool_unsent_bytes");
    }, unsent -> unsent >= UNSENT_BYTES);
    assertThat(peakBytes[0]).isGreaterThan(BUDGET_BYTES / 2);
    assertThat(lab.metric("tapedeck_spool_disk_bytes")).isGreaterThanOrEqualTo(UNSENT_BYTES - BUDGET_BYTES);
    assertThat(lab.metric("tapedeck_spool_dropped_packets")).isZero();
    return peakBytes[0];
  }
}
