package dev.tapedeck.protocol.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A text that must never reach a log, an answer, a hook or an error: a secret, a token, a presigned query, a store URI.
 * Printing it gives {@code ****}; whoever needs the text says so with {@link #reveal}.
 */
public final class Redacted {
  private final String text;

  private Redacted(String text) {
    this.text = Objects.requireNonNull(text);
  }

  public static Redacted of(String text) {
    return new Redacted(text);
  }

  /** The text itself. The caller may sign, send or compare with it, and prints it nowhere. */
  public String reveal() {
    return text;
  }

  public byte[] revealBytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Compares in a time that does not depend on where the two texts differ. */
  public boolean matches(String other) {
    return MessageDigest.isEqual(revealBytes(), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Redacted redacted && matches(redacted.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "****";
  }
}
