package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.TapeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UploadQueueTest {
  private static final long SECOND = 1_000_000_000L;

  private final RetryPolicy retry =
      new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(15), new SplittableRandom(5));
  private final UploadQueue queue = new UploadQueue(retry, 2);

  /** L6, F j: however many chunks are sealed at once, all wait here; one room's do not hold up another's. */
  @Test
  void roomsTakeTurnsAndTheOldestGoesFirst() {
    for (int i = 0; i < 3; i++) {
      queue.add(chunk("busy", i));
    }
    queue.add(chunk("quiet", 0));
    assertThat(drain(0)).containsExactly("busy/0", "quiet/0", "busy/1", "busy/2");
  }

  @Test
  void afterAFailureTheRoomTriesOneChunkAtATime() {
    queue.add(chunk("r", 0));
    queue.add(chunk("r", 1));
    queue.add(chunk("r", 2));
    SpooledChunk first = queue.take(0).orElseThrow();
    assertThat(queue.failed(first, 0)).isEqualTo(1);
    assertThat(queue.take(0)).isEmpty();
    long ready = queue.nextReadyNanos(0);
    assertThat(ready).isBetween(SECOND / 2, SECOND);
    SpooledChunk second = queue.take(ready).orElseThrow();
    assertThat(second.index).isEqualTo(1);
    assertThat(queue.take(ready)).isEmpty();
    queue.succeeded(second);
    assertThat(drain(ready)).containsExactly("r/2", "r/0");
  }

  @Test
  void oneRoomsFailureDoesNotHoldUpAnother() {
    queue.add(chunk("bad", 0));
    queue.add(chunk("good", 0));
    queue.failed(queue.take(0).orElseThrow(), 0);
    assertThat(queue.take(0).map(chunk -> chunk.tape.getRoom())).contains("good");
  }

  /** A store that hangs for one app's rooms must not take all the uploads there are. */
  @Test
  void roomsInTroubleLeaveUploadsForTheOthers() {
    for (String room : List.of("a", "b", "c")) {
      queue.add(chunk(room, 0));
      queue.failed(queue.take(0).orElseThrow(), 0);
    }
    long later = 15 * SECOND;
    SpooledChunk first = queue.take(later).orElseThrow();
    assertThat(queue.take(later)).isPresent();
    assertThat(queue.take(later)).as("a third trial").isEmpty();
    assertThat(queue.nextReadyNanos(later)).isEqualTo(UploadQueue.NEVER);
    queue.add(chunk("well", 0));
    queue.add(chunk("well", 1));
    assertThat(drain(later)).containsExactly("well/0", "well/1");
    queue.failed(first, later);
    assertThat(queue.take(later).map(chunk -> chunk.tape.getRoom())).contains("c");
  }

  @Test
  void nothingIsGivenUp() {
    queue.add(chunk("r", 0));
    long now = 0;
    for (int i = 1; i <= 1000; i++) {
      now = queue.nextReadyNanos(now);
      assertThat(queue.failed(queue.take(now).orElseThrow(), now)).isEqualTo(i);
    }
    assertThat(queue.nextReadyNanos(now) - now).isBetween(15 * SECOND / 2, 15 * SECOND);
    queue.succeeded(queue.take(now + 15 * SECOND).orElseThrow());
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.nextReadyNanos(now)).isEqualTo(UploadQueue.NEVER);
  }

  @Test
  void backOffDoublesUpToItsLimit() {
    for (int failures = 1; failures < 10; failures++) {
      long full = Math.min(15 * SECOND, SECOND << failures - 1);
      for (int i = 0; i < 100; i++) {
        assertThat(retry.delayNanos(failures)).isBetween(full - full / 2, full);
      }
    }
    assertThat(retry.delayNanos(Integer.MAX_VALUE)).isPositive();
  }

  private List<String> drain(long nowNanos) {
    List<String> order = new ArrayList<>();
    for (Optional<SpooledChunk> next = queue.take(nowNanos); next.isPresent(); next = queue.take(nowNanos)) {
      order.add(next.get().tape.getRoom() + "/" + next.get().index);
    }
    return order;
  }

  private static SpooledChunk chunk(String room, int index) {
    return new SpooledChunk(TapeId.newBuilder().setApp("a").setRoom(room).build(), index);
  }
}
