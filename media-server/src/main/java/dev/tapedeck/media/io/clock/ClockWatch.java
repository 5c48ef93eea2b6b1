package dev.tapedeck.media.io.clock;

import dev.tapedeck.protocol.wire.ClockState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the wall clock, by which recordings are aligned: whether the kernel holds it synchronized, and whether it
 * jumps. Tapes pair both clocks anew after a step, so it is on them; this tells people.
 */
public final class ClockWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier monotonicNanos;
  private final LongSupplier wallNanos;
  private final StepDetector detector;
  private final Thread thread = Thread.ofVirtual().name("clock-watch").unstarted(this::run);
  private volatile Optional<KernelClock.Reading> kernel = Optional.empty();
  private volatile int steps;
  private volatile long lastStepMillis;
  private volatile boolean closed;

  private ClockWatch(LongSupplier monotonicNanos, LongSupplier wallNanos) {
    this.monotonicNanos = monotonicNanos;
    this.wallNanos = wallNanos;
    detector = new StepDetector(monotonicNanos.getAsLong(), wallNanos.getAsLong());
  }

  /**
   * Begins to watch, and shows what it sees.
   *
   * @param wallNanos nanoseconds since 1970
   */
  public static ClockWatch start(LongSupplier monotonicNanos, LongSupplier wallNanos, MeterRegistry metrics) {
    ClockWatch watch = new ClockWatch(monotonicNanos, wallNanos);
    watch.kernel = KernelClock.read();
    Gauge.builder("tapedeck_clock_synchronized", watch, w -> w.state().getSynchronized() ? 1 : 0)
        .description("1 while the kernel holds the wall clock synchronized; 0 also where it does not tell")
        .register(metrics);
    Gauge.builder("tapedeck_clock_max_error_seconds", watch, w -> w.state().getMaxErrorUs() / 1e6)
        .description("The kernel's bound on the error of the wall clock, 0 where it does not tell").register(metrics);
    Gauge.builder("tapedeck_clock_last_step_seconds", watch, w -> w.lastStepMillis / 1e3)
        .description("Last jump of the wall clock, forward positive, 0 if none").register(metrics);
    FunctionCounter.builder("tapedeck_clock_steps", watch, w -> w.steps)
        .description("Jumps of the wall clock since the start").register(metrics);
    watch.thread.start();
    return watch;
  }

  /** As heartbeats tell it. */
  public ClockState state() {
    ClockState.Builder state = ClockState.newBuilder().setSteps(steps).setLastStepMs(lastStepMillis);
    kernel.ifPresent(reading -> state.setSynchronized(reading.isSynchronized())
        .setMaxErrorUs((int) Math.min(Integer.MAX_VALUE, reading.maxErrorMicros())));
    return state.build();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(INTERVAL_NANOS);
      kernel = KernelClock.read();
      long stepNanos = detector.stepNanos(monotonicNanos.getAsLong(), wallNanos.getAsLong());
      if (stepNanos != 0) {
        lastStepMillis = TimeUnit.NANOSECONDS.toMillis(stepNanos);
        steps++;
        log.atWarn().addKeyValue("stepMillis", lastStepMillis)
            .log("wall clock jumped; tapes hold both clocks, but let a time service slew it");
      }
    }
  }
}
