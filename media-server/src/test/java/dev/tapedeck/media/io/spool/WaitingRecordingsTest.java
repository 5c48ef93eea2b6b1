package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.protocol.wire.RecordingOrders;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** a recording whose process died goes on when its peers come back in time, and is closed when they do not. */
class WaitingRecordingsTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final RecordingOrders EVERYBODY = RecordingOrders.newBuilder().setEverybody(true).build();
  private static final List<UnfinishedRecording> TWO = List.of(
      left("app", 1, RecordingOrders.getDefaultInstance()), left("other", 2, EVERYBODY));

  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final SlabSink sink = new SlabSink() {
    @Override
    public Slab take() {
      return null;
    }

    @Override
    public void offer(TapeMessage message) {
      var told = ((TapeMessage.RecordingEnded) message).closed();
      closed.add(told.getApp() + "/" + told.getRoom() + "/" + told.getRecording() + " " + told.getReason());
    }
  };

  @Test
  void isTakenOnceByItsRoom() throws InterruptedException {
    try (WaitingRecordings waiting = WaitingRecordings.start(TWO, sink, LONG)) {
      assertThat(waiting.take("app", "b", true)).isEmpty();
      assertThat(waiting.take("app", "a", true)).contains(TWO.getFirst());
      assertThat(waiting.take("app", "a", true)).isEmpty();
    }
    assertThat(closed).as("what nobody took").containsExactly("other/a/2 crash");
  }

  @Test
  void isTakenByWhoeverComesWhereEverybodyWasTaped() throws InterruptedException {
    try (WaitingRecordings waiting = WaitingRecordings.start(TWO, sink, LONG)) {
      assertThat(waiting.take("app", "a", false)).isEmpty();
      assertThat(waiting.take("other", "a", false)).contains(TWO.getLast());
    }
    assertThat(closed).containsExactly("app/a/1 crash");
  }

  @Test
  void isClosedWhenNobodyComesBack() throws InterruptedException {
    try (WaitingRecordings waiting = WaitingRecordings.start(TWO, sink, Duration.ZERO)) {
      assertThat(List.of(closed.poll(60, TimeUnit.SECONDS), closed.poll(60, TimeUnit.SECONDS)))
          .containsExactlyInAnyOrder("app/a/1 crash", "other/a/2 crash");
      assertThat(waiting.take("app", "a", true)).isEmpty();
    }
    assertThat(closed).isEmpty();
  }

  @Test
  void aRoomGoesOnWithItsLast() throws InterruptedException {
    List<UnfinishedRecording> twice =
        List.of(left("app", 1, EVERYBODY), left("app", 2, RecordingOrders.getDefaultInstance()));
    try (WaitingRecordings waiting = WaitingRecordings.start(twice, sink, LONG)) {
      assertThat(closed).containsExactly("app/a/1 crash");
      assertThat(waiting.take("app", "a", true)).contains(twice.getLast());
    }
  }

  private static UnfinishedRecording left(String app, long recording, RecordingOrders orders) {
    return new UnfinishedRecording(app, "a", recording, orders);
  }
}
