package dev.tapedeck.media.io.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ClockWatchTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long EPOCH = 1_795_000_000L * SECOND;

  @Test
  void slewingIsNoStepAndJumpsAreSeenWithTheirSign() {
    StepDetector detector = new StepDetector(0, EPOCH);
    assertThat(detector.stepNanos(SECOND, EPOCH + SECOND)).isZero();
    assertThat(detector.stepNanos(3601 * SECOND, EPOCH + 3601 * SECOND + 1_800_000_000L)).as("500 ppm for an hour")
        .isZero();
    long wall = EPOCH + 3601 * SECOND + 1_800_000_000L;
    assertThat(detector.stepNanos(3602 * SECOND, wall + 3 * SECOND)).isEqualTo(2 * SECOND);
    assertThat(detector.stepNanos(3603 * SECOND, wall + 3 * SECOND)).isEqualTo(-SECOND);
    assertThat(detector.stepNanos(3604 * SECOND, wall + 4 * SECOND)).as("goes on from there").isZero();
  }

  @Test
  void stepStandsInHeartbeatAndMetrics() {
    AtomicLong offset = new AtomicLong();
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // Both clocks are read one after the other, but at one moment.
    AtomicLong now = new AtomicLong();
    try (ClockWatch watch = ClockWatch.start(
        () -> now.updateAndGet(before -> System.nanoTime()), () -> EPOCH + now.get() + offset.get(), metrics)) {
      assertThat(watch.state().getSteps()).isZero();
      offset.set(-5 * SECOND);
      long deadline = System.nanoTime() + 90 * SECOND;
      while (watch.state().getSteps() == 0 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(SECOND / 100);
      }
      assertThat(watch.state().getSteps()).isEqualTo(1);
      assertThat(watch.state().getLastStepMs()).isEqualTo(-5000);
      assertThat(metrics.scrape()).contains("tapedeck_clock_steps_total 1.0", "tapedeck_clock_last_step_seconds -5.0",
          "tapedeck_clock_synchronized", "tapedeck_clock_max_error_seconds");
    }
  }

  /** The kernel may be forbidden to tell, as in some sandboxes; what it tells makes sense. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void linuxTellsHowFarItsClockMayBeOff() {
    Optional<KernelClock.Reading> reading = KernelClock.read();
    System.out.println("kernel clock: " + reading);
    reading.ifPresent(clock -> assertThat(clock.maxErrorMicros()).isBetween(0L, 1L << 32));
  }
}
