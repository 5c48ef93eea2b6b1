package dev.tapedeck.media.io.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
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
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A WebRTC client's side of the handshake, with its faults to choose. */
public final class DtlsTestClient extends DefaultTlsClient {
  private static final int EXTENSION_SUPPORTED_VERSIONS = 43;
  private static final int EXTENSION_KEY_SHARE = 51;
  private static final int X25519_MLKEM768_SHARE_BYTES = 1216;

  private final BcTlsCrypto bcCrypto;
  private final Optional<DtlsCertificate> certificate;
  private final int[] srtpProfiles;

  boolean looksLikeBrowser;
  boolean withholdsExtendedMasterSecret;

  /** Exported keying material, set when the handshake is complete. */
  volatile byte[] keyingMaterial;

  volatile int srtpProfile;
  volatile boolean heardClose;
  volatile byte[] serverCertificate;

  public DtlsTestClient(Optional<DtlsCertificate> certificate, int... srtpProfiles) {
    this(new BcTlsCrypto(new SecureRandom()), certificate, srtpProfiles);
  }

  private DtlsTestClient(BcTlsCrypto crypto, Optional<DtlsCertificate> certificate, int[] srtpProfiles) {
    super(crypto);
    this.bcCrypto = crypto;
    this.certificate = certificate;
    this.srtpProfiles = srtpProfiles;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    };
  }

  @Override
  public boolean shouldUseExtendedMasterSecret() {
    return !withholdsExtendedMasterSecret;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return 60_000;
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return 20;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = TlsExtensionsUtils.ensureExtensionsInitialised(super.getClientExtensions());
    if (srtpProfiles.length > 0) {
      TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(srtpProfiles, TlsUtils.EMPTY_BYTES));
    }
    if (looksLikeBrowser) {
      extensions.put(EXTENSION_SUPPORTED_VERSIONS, new byte[] {4, (byte) 0xFE, (byte) 0xFC, (byte) 0xFE, (byte) 0xFD});
      extensions.put(EXTENSION_KEY_SHARE, keyShare());
    }
    return extensions;
  }

  /** One share of the post-quantum group that makes browsers' hellos longer than a datagram. */
  private static byte[] keyShare() {
    byte[] share = new byte[2 + 2 + 2 + X25519_MLKEM768_SHARE_BYTES];
    TlsUtils.writeUint16(share.length - 2, share, 0);
    TlsUtils.writeUint16(0x11EC, share, 2);
    TlsUtils.writeUint16(X25519_MLKEM768_SHARE_BYTES, share, 4);
    return share;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    UseSRTPData answer = TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
    srtpProfile = answer.getProtectionProfiles()[0];
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
        serverCertificate = shown.getCertificate().getCertificateAt(0).getEncoded();
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return certificate.isPresent() ? credentials(certificate.get()) : null;
      }
    };
  }

  private TlsCredentials credentials(DtlsCertificate own) throws IOException {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        bcCrypto,
        own.privateKey(),
        new Certificate(new TlsCertificate[] {bcCrypto.createCertificate(own.encoded())}),
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  @Override
  @SuppressWarnings("rawtypes")
  protected Vector getProtocolNames() {
    return null;
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    int bytes = srtpProfile == 0x0007 ? 2 * (16 + 12) : 2 * (16 + 14);
    keyingMaterial = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, bytes);
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    super.notifyAlertReceived(level, description);
    heardClose |= description == AlertDescription.close_notify;
  }

  public byte[] exported(int from, int bytes) {
    return Arrays.copyOfRange(keyingMaterial, from, from + bytes);
  }
}
