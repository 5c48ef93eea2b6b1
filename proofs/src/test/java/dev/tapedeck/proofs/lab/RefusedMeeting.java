package dev.tapedeck.proofs.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.StoreDoor;
import dev.tapedeck.bench.lab.StoreDoor.Mood;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A recording of two people that ran and ended while the store refused everything, in three ways one after the other.
 *
 * @param recording  as the library shows it
 * @param sent       by both
 * @param framesSent by both, pictures and sound
 * @param refused    requests by the way they were refused
 */
public record RefusedMeeting(JsonNode recording, List<SentPacket> sent, long framesSent, Map<Mood, Long> refused) {
  public static final String ROOM = "refused";

  /** How long the store refuses; the issue says 20, which {@code -Dproofs.refusal-seconds=20} gives. */
  private static final Duration REFUSAL = Duration.ofSeconds(Long.getLong("proofs.refusal-seconds", 7));
  private static final List<Mood> REFUSALS = List.of(Mood.FORBIDDEN, Mood.FAILING, Mood.RESETTING);
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(90);
  private static final long SEED = 4;

  static RefusedMeeting hold(Lab lab) {
    System.out.println("store refusal: " + REFUSAL.toSeconds() + " s, seed " + SEED);
    Random random = new Random(SEED);
    StoreDoor door = lab.store().door();
    SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, random), SEED);
    SyntheticPublisher bob = lab.join(ROOM, "bob", Clips.of(1, random), SEED + 1);
    double verified = lab.metric("tapedeck_spool_chunks_verified");
    ann.play();
    bob.play();
    Await.until("the first chunk in the store", () -> lab.metric("tapedeck_spool_chunks_verified"),
        chunks -> chunks > verified);
    CompletableFuture<Void> call = CompletableFuture.runAsync(() -> end(ann, bob));
    try {
      for (Mood refusal : REFUSALS) {
        refuse(door, refusal);
      }
      call.join();
    } finally {
      door.set(Mood.OPEN);
    }
    Map<Mood, Long> refused = new EnumMap<>(Mood.class);
    REFUSALS.forEach(refusal -> refused.put(refusal, door.requests(refusal)));
    return new RefusedMeeting(lab.finalized(ROOM),
        Stream.of(ann, bob).flatMap(each -> each.sentLog().packets().stream()).toList(),
        ann.sentLog().framesSent() + bob.sentLog().framesSent(), refused);
  }

  /** Refuses for its share of the time, and until somebody has met it. */
  private static void refuse(StoreDoor door, Mood refusal) {
    long until = System.nanoTime() + REFUSAL.dividedBy(REFUSALS.size()).toNanos();
    door.set(refusal);
    Await.until("a request that meets " + refusal, () -> door.requests(refusal),
        requests -> requests > 0 && System.nanoTime() >= until);
  }

  private static void end(SyntheticPublisher... publishers) {
    try {
      for (SyntheticPublisher publisher : publishers) {
        publisher.awaitEnd(CALL_DEADLINE);
      }
      for (SyntheticPublisher publisher : publishers) {
        publisher.leave(SyntheticPublisher.USUAL_LINGER);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
