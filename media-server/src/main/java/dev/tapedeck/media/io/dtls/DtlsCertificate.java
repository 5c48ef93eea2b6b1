package dev.tapedeck.media.io.dtls;

import dev.tapedeck.media.core.dtls.Fingerprint;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;

/**
 * The certificate one process presents in all its DTLS handshakes: ECDSA on P-256, signed by itself, made at start and
 * never stored. Peers know it by the fingerprint in our SDP and by nothing else (RFC 8827 §6.5).
 */
public final class DtlsCertificate {
  private static final X500Name NAME = new X500Name("CN=tapedeck");
  private static final Duration BACKDATED = Duration.ofDays(1); // for peers whose clock is behind
  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final int SERIAL_BITS = 64;

  private final X509CertificateHolder certificate;
  private final AsymmetricKeyParameter privateKey;
  private final Fingerprint fingerprint;

  private DtlsCertificate(X509CertificateHolder certificate, AsymmetricKeyParameter privateKey) {
    this.certificate = certificate;
    this.privateKey = privateKey;
    this.fingerprint = CertificateFingerprint.of("sha-256", encoded());
  }

  /** Makes a new key and certificate, valid from a day before {@code now}. */
  public static DtlsCertificate create(SecureRandom random, Instant now) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    // Arithmetic of this very curve: with the general one a signature takes six times as long.
    ECNamedDomainParameters curve =
        new ECNamedDomainParameters(
            SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
    generator.init(new ECKeyGenerationParameters(curve, random));
    AsymmetricCipherKeyPair keys = generator.generateKeyPair();
    return new DtlsCertificate(selfSigned(keys, random, now), keys.getPrivate());
  }

  private static X509CertificateHolder selfSigned(AsymmetricCipherKeyPair keys, SecureRandom random, Instant now) {
    AlgorithmIdentifier signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
    AlgorithmIdentifier digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
    try {
      return new BcX509v3CertificateBuilder(
              NAME,
              new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(LIFETIME)),
              NAME,
              keys.getPublic())
          .build(new BcECContentSignerBuilder(signature, digest).setSecureRandom(random).build(keys.getPrivate()));
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("no self-signed certificate could be made", e);
    }
  }

  /** SHA-256 of the certificate, as our SDP says it. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  Certificate asn1() {
    return certificate.toASN1Structure();
  }

  /** DER. */
  byte[] encoded() {
    try {
      return certificate.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("certificate has no encoding", e);
    }
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }
}
