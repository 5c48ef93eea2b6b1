package dev.tapedeck.media.io.dtls;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.Fingerprint;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Makes DTLS associations by Bouncy Castle. One per process; its methods may be called from any thread. */
public final class BcDtlsTransportFactory implements DtlsTransport.Factory {
  private final DtlsCertificate certificate;
  private final DtlsSettings settings;
  private final BcTlsCrypto crypto = new LeanTlsCrypto(new SecureRandom());
  private final Certificate ownChain;
  private final Semaphore computing;
  private final LongAdder droppedDatagrams = new LongAdder();

  public BcDtlsTransportFactory(DtlsCertificate certificate, DtlsSettings settings) {
    this.certificate = certificate;
    this.settings = settings;
    this.ownChain = new Certificate(new TlsCertificate[] {new BcTlsCertificate(crypto, certificate.asn1())});
    this.computing = new Semaphore(settings.concurrentHandshakes());
  }

  @Override
  public Fingerprint localFingerprint() {
    return certificate.fingerprint();
  }

  @Override
  public DtlsTransport accept(Fingerprint expected, Runnable wake) {
    DtlsSrtpServer server = new DtlsSrtpServer(crypto, certificate.privateKey(), ownChain, expected, settings);
    return new BcDtlsTransport(server, settings, computing, droppedDatagrams, wake);
  }

  /** Datagrams and application data dropped because an association's queue was full. */
  public long droppedDatagrams() {
    return droppedDatagrams.sum();
  }
}
