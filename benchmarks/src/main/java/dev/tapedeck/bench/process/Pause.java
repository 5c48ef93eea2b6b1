package dev.tapedeck.bench.process;

import java.io.IOException;
import java.time.Duration;

/** Lets time pass while a load runs. */
public final class Pause {
  private Pause() {}

  /** @throws IOException if the thread is interrupted */
  public static void of(Duration length) throws IOException {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while measuring", e);
    }
  }
}
