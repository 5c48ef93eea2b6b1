package dev.tapedeck.media.io.dtls;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.dtls.SrtpKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * What we agree to in a handshake: DTLS 1.2, ECDHE with our ECDSA certificate, the extended master secret, one SRTP
 * profile by our own order, and a client that shows the certificate its SDP announced (RFC 5764, RFC 8827 §6.5).
 * One per association, used by its handshake.
 */
final class DtlsSrtpServer extends DefaultTlsServer {
  private static final SignatureAndHashAlgorithm ECDSA_SHA256 =
      SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

  private final BcTlsCrypto bcCrypto;
  private final AsymmetricKeyParameter privateKey;
  private final Certificate ownChain;
  private final Fingerprint expected;
  private final DtlsSettings settings;

  private SrtpProfile profile;
  private SrtpKeys keys;
  private String lastAlert;

  /** @param ownChain shared by all associations, and so is what it was parsed to */
  DtlsSrtpServer(BcTlsCrypto crypto, AsymmetricKeyParameter privateKey, Certificate ownChain, Fingerprint expected,
      DtlsSettings settings) {
    super(crypto);
    this.bcCrypto = crypto;
    this.privateKey = privateKey;
    this.ownChain = ownChain;
    this.expected = expected;
    this.settings = settings;
  }

  /** Keys of the finished handshake. */
  SrtpKeys keys() {
    return keys;
  }

  /** The last alert the peer sent. */
  Optional<String> lastAlert() {
    return Optional.ofNullable(lastAlert);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, // every WebRTC client has it (RFC 8827 §6.5)
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    };
  }

  @Override
  protected boolean preferLocalCipherSuites() {
    return true;
  }

  /** Exported keys are bound to the whole handshake only with it (RFC 7627, RFC 8842). */
  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) settings.handshakeTimeout().toMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return (int) settings.resend().toMillis();
  }

  @Override
  @SuppressWarnings("rawtypes") // so is the overridden method
  public void processClientExtensions(Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    UseSRTPData offer = clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
    if (offer == null) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure, "peer does not offer SRTP");
    }
    profile = choose(offer.getProtectionProfiles());
  }

  /** Our order counts, not the peer's: browsers list the slower profile first. */
  private static SrtpProfile choose(int[] offered) throws IOException {
    for (SrtpProfile profile : SrtpProfile.values()) {
      if (Arrays.stream(offered).anyMatch(id -> id == profile.id)) {
        return profile;
      }
    }
    throw new TlsFatalAlert(
        AlertDescription.handshake_failure, "no SRTP profile in common; peer offers " + Arrays.toString(offered));
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = TlsExtensionsUtils.ensureExtensionsInitialised(super.getServerExtensions());
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(new int[] {profile.id}, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context), bcCrypto, privateKey, ownChain, ECDSA_SHA256);
  }

  @Override
  public CertificateRequest getCertificateRequest() throws IOException {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
        null);
  }

  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    if (chain.isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure, "peer shows no certificate");
    }
    if (!expected.isAcceptedAlgorithm()) {
      throw new TlsFatalAlert(
          AlertDescription.bad_certificate, "fingerprint algorithm " + expected.algorithm() + " is not accepted");
    }
    Fingerprint shown = CertificateFingerprint.of(expected.algorithm(), chain.getCertificateAt(0).getEncoded());
    if (!shown.equals(expected)) {
      throw new TlsFatalAlert(
          AlertDescription.bad_certificate, "certificate is " + shown + " but the SDP said " + expected);
    }
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    super.notifyAlertReceived(level, description);
    lastAlert = AlertDescription.getName(description);
  }

  /** The only moment at which the library still has the secrets. */
  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    int bytes = 2 * (profile.keyBytes + profile.saltBytes);
    keys = serverKeys(profile, context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, bytes));
  }

  /**
   * Splits the exported keying material (RFC 5764 §4.2).
   *
   * <pre>
   * | client key | server key | client salt | server salt |
   * </pre>
   */
  private static SrtpKeys serverKeys(SrtpProfile profile, byte[] material) {
    int key = profile.keyBytes;
    int salts = 2 * key;
    int end = salts + 2 * profile.saltBytes;
    return new SrtpKeys(
        profile,
        Arrays.copyOfRange(material, key, salts),
        Arrays.copyOfRange(material, salts + profile.saltBytes, end),
        Arrays.copyOfRange(material, 0, key),
        Arrays.copyOfRange(material, salts, salts + profile.saltBytes));
  }
}
