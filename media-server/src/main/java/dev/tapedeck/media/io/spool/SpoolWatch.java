package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Pressure;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Looks at the disk from outside, because the spool thread may hang in it, and takes requests from the command line. */
final class SpoolWatch implements AutoCloseable {
  /** One write or force that takes longer is worth an operator's look. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger log = LoggerFactory.getLogger(SpoolWatch.class);
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** A disk that was slow counts as slow until it has not been for so long. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final WatchedDisk disk;
  private final Supplier<Pressure> pressure;
  private final Optional<RetryRequest> requests;
  private final Runnable retryUploads;
  private final SpoolCounters counters;
  private final Thread thread = Thread.ofVirtual().name("spool-watch").unstarted(this::run);
  private long slowSeenNanos;
  private Pressure toldPressure = Pressure.NONE;
  private volatile boolean closed;

  /** @param retryUploads makes every waiting upload try at once */
  SpoolWatch(
      WatchedDisk disk,
      Supplier<Pressure> pressure,
      Optional<RetryRequest> requests,
      Runnable retryUploads,
      SpoolCounters counters) {
    this.disk = disk;
    this.pressure = pressure;
    this.requests = requests;
    this.retryUploads = retryUploads;
    this.counters = counters;
  }

  void start() {
    thread.start();
  }

  /** What an operator should know of the disk's pace; empty if it is well. */
  Optional<String> problem() {
    return counters.diskSlow.get() == 0 ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "the spool's disk is slow: one write or force has taken %.1f s",
            Math.max(disk.busyNanos(), counters.longestDiskNanos.get()) / 1e9));
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      lookAtDisk(System.nanoTime());
      tellPressure(pressure.get());
      takeRequest();
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }

  private void lookAtDisk(long nowNanos) {
    boolean wasSlow = counters.diskSlow.get() == 1;
    long busyNanos = disk.busyNanos();
    if (busyNanos >= SLOW_NANOS) {
      slowSeenNanos = nowNanos;
      if (!wasSlow) {
        counters.diskSlow.set(1);
        log.atError().addKeyValue("waitingMillis", TimeUnit.NANOSECONDS.toMillis(busyNanos))
            .log("spool disk is slow; tapes go on in memory until it is full");
      }
    } else if (wasSlow && nowNanos - slowSeenNanos >= CALM_NANOS) {
      counters.diskSlow.set(0);
      log.atInfo().log("spool disk keeps up again");
    }
  }

  private void tellPressure(Pressure now) {
    counters.pressure.set(now.ordinal());
    if (now == toldPressure) {
      return;
    }
    toldPressure = now;
    String told = switch (now) {
      case NONE -> "spool has room again; everything is taped";
      case SHED_UPPER_LAYERS -> "spool runs short; only the lowest layer of each video is taped";
      case SHED_VIDEO -> "spool runs short; only audio is taped";
    };
    log.atLevel(now == Pressure.NONE ? Level.INFO : Level.WARN)
        .addKeyValue("diskBytes", counters.diskBytes.get()).addKeyValue("budgetBytes", counters.budgetBytes.get())
        .addKeyValue("unsentBytes", counters.unsentBytes.get()).log(told);
  }

  private void takeRequest() {
    try {
      if (requests.isPresent() && requests.get().take()) {
        log.atInfo().addKeyValue("unsentBytes", counters.unsentBytes.get()).log("asked to retry all uploads now");
        retryUploads.run();
      }
    } catch (IOException e) {
      // A folder that cannot be written refuses the journal too, which is told there.
      log.atDebug().setCause(e).log("spool request not taken");
    }
  }
}
