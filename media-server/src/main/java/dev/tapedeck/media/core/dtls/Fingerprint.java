package dev.tapedeck.media.core.dtls;

import java.util.Locale;
import java.util.Set;

/**
 * Hash of a certificate as SDP carries it (RFC 8122 §5).
 *
 * @param algorithm lower case, {@code sha-256}
 * @param value     upper-case hex pairs joined by colons
 */
public record Fingerprint(String algorithm, String value) {
  private static final Set<String> ACCEPTED_ALGORITHMS = Set.of("sha-1", "sha-256", "sha-384", "sha-512");

  public Fingerprint {
    algorithm = algorithm.toLowerCase(Locale.ROOT);
    value = value.toUpperCase(Locale.ROOT);
  }

  /** True if we can compute it; md2 and md5 are not accepted (RFC 8122 §5). */
  public boolean isAcceptedAlgorithm() {
    return ACCEPTED_ALGORITHMS.contains(algorithm);
  }

  @Override
  public String toString() {
    return algorithm + " " + value;
  }
}
