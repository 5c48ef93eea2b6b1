package dev.tapedeck.bench.client.dtls;

import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A DTLS server that takes the first SRTP profile offered and asks for a certificate, as WebRTC does. */
final class TestDtlsServer extends DefaultTlsServer {
  private final BcTlsCrypto bcCrypto;
  private final ClientCertificate certificate;
  private SrtpProtection chosen;
  SrtpMasterKeys keys;
  String clientFingerprint;

  TestDtlsServer(ClientCertificate certificate) {
    this(new BcTlsCrypto(new SecureRandom()), certificate);
  }

  private TestDtlsServer(BcTlsCrypto crypto, ClientCertificate certificate) {
    super(crypto);
    this.bcCrypto = crypto;
    this.certificate = certificate;
  }

  DTLSTransport accept(DatagramTransport transport) throws IOException {
    return new DTLSServerProtocol().accept(this, transport);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return 20_000;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    int first = TlsSRTPUtils.getUseSRTPExtension(extensions).getProtectionProfiles()[0];
    chosen = SrtpProtection.byCode(first).orElseThrow();
  }

  @Override
  @SuppressWarnings("unchecked")
  public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
    Hashtable<Integer, byte[]> extensions = super.getServerExtensions();
    TlsSRTPUtils.addUseSRTPExtension(extensions,
        new UseSRTPData(new int[] {chosen.code()}, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>();
    algorithms.add(new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    return new CertificateRequest(new short[] {ClientCertificateType.ecdsa_sign}, algorithms, null);
  }

  @Override
  public void notifyClientCertificate(Certificate client) throws IOException {
    clientFingerprint = ClientCertificate.fingerprintOf(client.getCertificateAt(0).getEncoded());
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), bcCrypto, certificate.privateKey(),
        certificate.chain(bcCrypto), new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    keys = SrtpMasterKeys.cut(chosen,
        context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, chosen.exportedBytes()));
  }
}
