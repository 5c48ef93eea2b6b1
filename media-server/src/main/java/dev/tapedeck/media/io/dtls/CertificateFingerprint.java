package dev.tapedeck.media.io.dtls;

import dev.tapedeck.media.core.dtls.Fingerprint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Computes the fingerprint of a certificate (RFC 8122 §5). */
final class CertificateFingerprint {
  private static final HexFormat HEX_PAIRS = HexFormat.ofDelimiter(":").withUpperCase();

  private CertificateFingerprint() {}

  /**
   * @param algorithm   as SDP writes it, one of those {@link Fingerprint#isAcceptedAlgorithm} accepts
   * @param certificate DER
   */
  static Fingerprint of(String algorithm, byte[] certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT));
      return new Fingerprint(algorithm, HEX_PAIRS.formatHex(digest.digest(certificate)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("this Java has no " + algorithm, e);
    }
  }
}
