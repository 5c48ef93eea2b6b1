package dev.tapedeck.bench.client.dtls;

import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Our side's answers to what Bouncy Castle asks in a handshake. */
final class DtlsClientPeer extends DefaultTlsClient {
  private final BcTlsCrypto bcCrypto;
  private final ClientCertificate certificate;
  private final List<SrtpProtection> offeredProtections;
  private final String expectedFingerprint;
  private final Runnable onClose;
  private SrtpProtection chosen;
  private SrtpMasterKeys keys;

  DtlsClientPeer(BcTlsCrypto crypto, ClientCertificate certificate, List<SrtpProtection> offeredProtections,
      String expectedFingerprint, Runnable onClose) {
    super(crypto);
    this.bcCrypto = crypto;
    this.certificate = certificate;
    this.offeredProtections = offeredProtections;
    this.expectedFingerprint = expectedFingerprint;
    this.onClose = onClose;
  }

  Optional<SrtpMasterKeys> srtpKeys() {
    return Optional.ofNullable(keys);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    };
  }

  // The library's default is to wait for ever.
  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) DtlsClient.HANDSHAKE_TIMEOUT.toMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return (int) DtlsClient.RESEND_AFTER.toMillis();
  }

  // RFC 7627: without it the exporter is refused.
  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
    Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
    int[] codes = offeredProtections.stream().mapToInt(SrtpProtection::code).toArray();
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(codes, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    UseSRTPData answer = TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
    if (answer == null || answer.getProtectionProfiles().length != 1) {
      throw new TlsFatalAlert(AlertDescription.illegal_parameter, "use_srtp must be answered with one profile");
    }
    chosen = SrtpProtection.byCode(answer.getProtectionProfiles()[0])
        .filter(offeredProtections::contains)
        .orElseThrow(() -> new TlsFatalAlert(AlertDescription.illegal_parameter, "SRTP profile was not offered"));
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
        checkFingerprint(server);
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), bcCrypto,
            certificate.privateKey(), certificate.chain(bcCrypto),
            new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      }
    };
  }

  /** The certificate proves nothing by itself; it must be the one that came by signalling (RFC 8827 §5.6.4). */
  private void checkFingerprint(TlsServerCertificate server) throws IOException {
    if (server.getCertificate().isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate, "the server showed no certificate");
    }
    String shown = ClientCertificate.fingerprintOf(server.getCertificate().getCertificateAt(0).getEncoded());
    if (!shown.equalsIgnoreCase(expectedFingerprint)) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate,
          "certificate " + shown + " is not the announced " + expectedFingerprint);
    }
  }

  // Only here: the library clears what the exporter needs right after.
  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    keys = SrtpMasterKeys.cut(chosen,
        context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, chosen.exportedBytes()));
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    super.notifyAlertReceived(level, description);
    if (level == AlertLevel.fatal || description == AlertDescription.close_notify) {
      onClose.run();
    }
  }
}
