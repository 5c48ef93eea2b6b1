package dev.tapedeck.media.core.dtls;

import java.util.Locale;

/**
 * Hash of a certificate as SDP carries it (RFC 8122 §5).
 *
 * @param algorithm lower case, {@code sha-256}
 * @param value     upper-case hex pairs joined by colons
 */
public record Fingerprint(String algorithm, String value) {
  public Fingerprint {
    algorithm = algorithm.toLowerCase(Locale.ROOT);
    value = value.toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return algorithm + " " + value;
  }
}
