package dev.tapedeck.connector.core.record;

import java.util.Locale;

/** Where a recording stands in its life. */
public enum RecordingState {
  /** Asked for, and nobody to tape yet. */
  ARMED,
  RECORDING,
  PAUSED,
  /** No packet is added any more; its last chunks may still be on their way. */
  CLOSING,
  /** Its verdict is spoken. Later changes amend it. */
  FINALIZED;

  /** As it stands in answers and rows. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static RecordingState ofText(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
