package dev.tapedeck.media.io.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DtlsCertificateTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  @Test
  void isAcceptedByAnotherImplementation() throws Exception {
    DtlsCertificate certificate = DtlsCertificate.create(new SecureRandom(), NOW);

    X509Certificate read =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.encoded()));

    read.verify(read.getPublicKey());
    read.checkValidity(Date.from(NOW));
    assertThat(read.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(((ECPublicKey) read.getPublicKey()).getParams().getCurve().getField().getFieldSize()).isEqualTo(256);
  }

  @Test
  void hasTheFingerprintSdpWrites() throws Exception {
    DtlsCertificate certificate = DtlsCertificate.create(new SecureRandom(), NOW);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.encoded());

    assertThat(certificate.fingerprint().algorithm()).isEqualTo("sha-256");
    assertThat(certificate.fingerprint().value())
        .matches("([0-9A-F]{2}:){31}[0-9A-F]{2}")
        .isEqualTo(HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
  }

  @Test
  void isAnotherOneEachTime() {
    assertThat(DtlsCertificate.create(new SecureRandom(), NOW).fingerprint())
        .isNotEqualTo(DtlsCertificate.create(new SecureRandom(), NOW).fingerprint());
  }
}
