package dev.tapedeck.composer.core.job;

import java.util.Locale;

/** Where a job stands. The last two are for ever. */
public enum JobState {
  /** Accepted; for its turn, for the recording to be finalized, or for another try. */
  WAITING,
  /** A worker holds it. */
  RUNNING,
  COMPLETED,
  FAILED;

  public boolean isTerminal() {
    return this == COMPLETED || this == FAILED;
  }

  /** As it stands in answers and in the table. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static JobState ofText(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
