package dev.tapedeck.bench.client.dtls;

import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import java.io.IOException;

/** The server side of a DTLS connection, for tests outside this package. */
public final class TestDtlsEndpoint {
  private final QueueTransport transport;
  private final TestDtlsServer server;

  public TestDtlsEndpoint(ClientCertificate certificate, DtlsClient.Output output) {
    transport = new QueueTransport(output);
    server = new TestDtlsServer(certificate);
  }

  public void handIn(byte[] data, int length) {
    transport.handIn(data, length);
  }

  /** Blocks until the handshake is done. */
  public SrtpMasterKeys accept() throws IOException {
    server.accept(transport);
    return server.keys;
  }
}
