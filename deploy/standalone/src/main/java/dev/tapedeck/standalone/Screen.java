package dev.tapedeck.standalone;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows what is being done: a line per step, and on a terminal how long the present one takes. Safe for threads. */
final class Screen implements AutoCloseable {
  private static final long TICK_MILLIS = 200;
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintWriter out;
  private final boolean isTerminal;
  private final long startNanos = System.nanoTime();
  private String step = "";
  private long stepNanos;

  Screen(PrintWriter out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
    if (isTerminal) {
      Thread.ofVirtual().name("screen").start(this::tick);
    }
  }

  static boolean isOnTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Begins a step; the one before is over. */
  synchronized void step(String text) {
    endStep();
    step = text;
    stepNanos = System.nanoTime();
    if (isTerminal) {
      drawStep();
    } else {
      out.println(stamp() + text);
      out.flush();
    }
  }

  /** Shows something that happened meanwhile. */
  synchronized void line(String text) {
    out.println((isTerminal ? CLEAR_LINE : "") + stamp() + "  " + text);
    drawStep();
    out.flush();
  }

  /** The last step is over; what follows is the caller's to print. */
  @Override
  public synchronized void close() {
    endStep();
  }

  private void endStep() {
    if (isTerminal && !step.isEmpty()) {
      out.println(CLEAR_LINE + stamp() + step);
      out.flush();
    }
    step = "";
  }

  private void drawStep() {
    if (isTerminal && !step.isEmpty()) {
      out.print(CLEAR_LINE + stamp() + step + " ... " + seconds(System.nanoTime() - stepNanos));
      out.flush();
    }
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(TICK_MILLIS);
        synchronized (this) {
          drawStep();
        }
      }
    } catch (InterruptedException e) {
      // The process ends.
    }
  }

  private String stamp() {
    return String.format(Locale.ROOT, "%7s  ", seconds(System.nanoTime() - startNanos));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
