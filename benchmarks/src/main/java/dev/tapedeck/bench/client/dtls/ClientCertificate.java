package dev.tapedeck.bench.client.dtls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;

/** A throw-away self-signed P-256 certificate with its key, as browsers make one per connection (RFC 8827 §6.5). */
public final class ClientCertificate {
  private final AsymmetricKeyParameter privateKey;
  private final byte[] encoded;

  private ClientCertificate(AsymmetricKeyParameter privateKey, byte[] encoded) {
    this.privateKey = privateKey;
    this.encoded = encoded;
  }

  public static ClientCertificate generate() {
    SecureRandom random = new SecureRandom();
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(
        ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1), random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    try {
      return new ClientCertificate(pair.getPrivate(), selfSign(pair, random).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a certificate", e);
    }
  }

  private static X509CertificateHolder selfSign(AsymmetricCipherKeyPair pair, SecureRandom random)
      throws IOException {
    X500Name name = new X500Name("CN=WebRTC");
    Instant now = Instant.now();
    SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic());
    X509v3CertificateBuilder builder = new X509v3CertificateBuilder(name, new BigInteger(63, random),
        Date.from(now.minus(1, ChronoUnit.DAYS)), Date.from(now.plus(30, ChronoUnit.DAYS)), name, publicKey);
    AlgorithmIdentifier signature = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    AlgorithmIdentifier digest = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    try {
      return builder.build(new BcECContentSignerBuilder(signature, digest).build(pair.getPrivate()));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("ECDSA with SHA-256 is missing", e);
    }
  }

  /** SHA-256 of the certificate as {@code a=fingerprint} writes it: upper-case hex pairs and colons (RFC 8122 §5). */
  public String fingerprint() {
    return fingerprintOf(encoded);
  }

  static String fingerprintOf(byte[] certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate);
      return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }

  Certificate chain(TlsCrypto crypto) throws IOException {
    return new Certificate(new TlsCertificate[] {crypto.createCertificate(encoded)});
  }
}
