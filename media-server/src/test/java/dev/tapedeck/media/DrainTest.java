package dev.tapedeck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever sessions and workers do, a server that was told to stop comes to its end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DrainTest {
  private final CountDownLatch ended = new CountDownLatch(1);

  private class Talking implements Drain.Sessions {
    @Override
    public void drain(Duration remaining) {}

    @Override
    public int count() {
      return 1;
    }

    @Override
    public void end() {
      ended.countDown();
    }
  }

  @Test
  void isOverAlsoIfMembersCannotBeTold() throws InterruptedException {
    Drain drain = new Drain(new Talking() {
      @Override
      public void drain(Duration remaining) {
        throw new IllegalStateException("worker 0 does not answer");
      }
    });
    drain.begin(Duration.ofMillis(1));
    drain.awaitOver();
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void aHurryDoesNotWaitForMembersBeingTold() throws InterruptedException {
    CountDownLatch isTelling = new CountDownLatch(1);
    Drain drain = new Drain(new Talking() {
      @Override
      public void drain(Duration remaining) {
        isTelling.countDown();
        if (!remaining.isZero()) {
          awaitUninterrupted(ended);
        }
      }
    });
    Thread.ofVirtual().start(() -> drain.begin(Duration.ofHours(1)));
    isTelling.await();
    drain.begin(Duration.ZERO);
    drain.awaitOver();
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void isOverAlsoIfSessionsCannotBeEnded() throws InterruptedException {
    Drain drain = new Drain(new Talking() {
      @Override
      public void end() {
        throw new IllegalStateException("worker 0 does not answer");
      }
    });
    drain.begin(Duration.ZERO);
    drain.awaitOver();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
