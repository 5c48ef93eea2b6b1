package dev.tapedeck.media;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * SIGTERM and SIGINT, which can come twice: a shutdown hook hears only the first. The class of the JDK that tells them is
 * outside of what Java promises ({@code jdk.unsupported}), so it is used here alone.
 */
final class StopSignals {
  private StopSignals() {}

  /**
   * From now on these signals do not end the process by themselves.
   *
   * @param first done at the first signal, on a thread of its own
   * @param again done at each one after it
   */
  static void handle(Runnable first, Runnable again) {
    AtomicBoolean hasCome = new AtomicBoolean();
    SignalHandler handler = signal -> (hasCome.compareAndSet(false, true) ? first : again).run();
    Signal.handle(new Signal("TERM"), handler);
    Signal.handle(new Signal("INT"), handler);
  }
}
