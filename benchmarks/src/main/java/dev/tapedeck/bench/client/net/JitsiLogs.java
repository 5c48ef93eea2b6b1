package dev.tapedeck.bench.client.net;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The libraries of Jitsi log each candidate pair at INFO by {@code java.util.logging}; here they tell errors only. */
public final class JitsiLogs {
  /** Kept, because {@code java.util.logging} forgets the level of a logger that nobody holds. */
  private static final List<Logger> LOGGERS = List.of(
      Logger.getLogger("org.ice4j"), Logger.getLogger("org.jitsi"), Logger.getLogger("JitsiConfig"));

  private JitsiLogs() {}

  public static void quiet() {
    LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
  }
}
