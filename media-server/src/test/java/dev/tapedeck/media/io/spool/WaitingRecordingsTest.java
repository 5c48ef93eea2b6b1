package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** a recording whose process died goes on when its peers come back in time, and is closed when they do not. */
class WaitingRecordingsTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final List<UnfinishedRecording> TWO = List.of(
      new UnfinishedRecording("app", "a", 1), new UnfinishedRecording("other", "a", 2));

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
      assertThat(waiting.take("app", "b")).isZero();
      assertThat(waiting.take("app", "a")).isEqualTo(1);
      assertThat(waiting.take("app", "a")).isZero();
    }
    assertThat(closed).as("what nobody took").containsExactly("other/a/2 crash");
  }

  @Test
  void isClosedWhenNobodyComesBack() throws InterruptedException {
    try (WaitingRecordings waiting = WaitingRecordings.start(TWO, sink, Duration.ZERO)) {
      assertThat(List.of(closed.poll(60, TimeUnit.SECONDS), closed.poll(60, TimeUnit.SECONDS)))
          .containsExactlyInAnyOrder("app/a/1 crash", "other/a/2 crash");
      assertThat(waiting.take("app", "a")).isZero();
    }
    assertThat(closed).isEmpty();
  }

  @Test
  void aRoomGoesOnWithItsLast() throws InterruptedException {
    List<UnfinishedRecording> twice =
        List.of(new UnfinishedRecording("app", "a", 1), new UnfinishedRecording("app", "a", 2));
    try (WaitingRecordings waiting = WaitingRecordings.start(twice, sink, LONG)) {
      assertThat(closed).containsExactly("app/a/1 crash");
      assertThat(waiting.take("app", "a")).isEqualTo(2);
    }
  }
}
