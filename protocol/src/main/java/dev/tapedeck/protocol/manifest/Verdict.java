package dev.tapedeck.protocol.manifest;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What became of the packets the tap accepted. It speaks of custody, not of the network. */
public enum Verdict {
  /** Every packet of every session that should be taped is stored and verified. */
  COMPLETE,
  /** Something is missing, and each gap is named with its cause. */
  PARTIAL,
  /** There was no packet. */
  EMPTY;

  /** As it stands in manifests, hooks and answers: complete, partial, empty. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException when the text is none of the three */
  @JsonCreator
  public static Verdict ofText(String text) {
    for (Verdict verdict : values()) {
      if (verdict.text().equals(text)) {
        return verdict;
      }
    }
    throw new IllegalArgumentException("verdict must be complete, partial or empty");
  }
}
