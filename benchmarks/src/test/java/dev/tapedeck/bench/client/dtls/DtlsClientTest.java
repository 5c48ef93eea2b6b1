package dev.tapedeck.bench.client.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DTLSTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DtlsClientTest {
  private static final long LOSS_SEED = 7;

  private final ClientCertificate serverCertificate = ClientCertificate.generate();
  private final ClientCertificate clientCertificate = ClientCertificate.generate();
  private final TestDtlsServer server = new TestDtlsServer(serverCertificate);
  private DtlsClient client;
  private QueueTransport serverSide;

  @ParameterizedTest
  @EnumSource(SrtpProtection.class)
  void agreesOnKeysOfTheProfileOffered(SrtpProtection protection) throws Exception {
    connect(List.of(protection), serverCertificate.fingerprint(), 0);
    CompletableFuture<DTLSTransport> accepted = accept();

    SrtpMasterKeys keys = client.handshake();

    accepted.get(20, TimeUnit.SECONDS);
    assertThat(keys.protection()).isEqualTo(protection);
    assertThat(keys).usingRecursiveComparison().isEqualTo(server.keys);
    assertThat(server.clientFingerprint).isEqualTo(clientCertificate.fingerprint());
  }

  @Test
  void finishesThoughDatagramsAreLost() throws Exception {
    System.out.println("dtls loss seed " + LOSS_SEED);
    connect(List.of(SrtpProtection.values()), serverCertificate.fingerprint(), 0.15);
    CompletableFuture<DTLSTransport> accepted = accept();

    SrtpMasterKeys keys = client.handshake();

    accepted.get(20, TimeUnit.SECONDS);
    assertThat(keys).usingRecursiveComparison().isEqualTo(server.keys);
  }

  @Test
  void refusesACertificateThatWasNotAnnounced() {
    connect(List.of(SrtpProtection.values()), clientCertificate.fingerprint(), 0);
    accept();

    assertThatThrownBy(client::handshake).isInstanceOf(IOException.class);
  }

  @Test
  void seesTheServerClose() throws Exception {
    connect(List.of(SrtpProtection.values()), serverCertificate.fingerprint(), 0);
    CompletableFuture<DTLSTransport> accepted = accept();
    client.handshake();

    accepted.get(20, TimeUnit.SECONDS).close();

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!client.isClosedByServer() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(client.isClosedByServer()).isTrue();
  }

  private void connect(List<SrtpProtection> offered, String fingerprint, double loss) {
    Random lossDraws = new Random(LOSS_SEED);
    serverSide = new QueueTransport((data, offset, length) -> {
      if (lossDraws.nextDouble() >= loss) {
        client.handIn(Arrays.copyOfRange(data, offset, offset + length), length);
      }
    });
    client = new DtlsClient(clientCertificate, offered, fingerprint, (data, offset, length) -> {
      if (lossDraws.nextDouble() >= loss) {
        serverSide.handIn(Arrays.copyOfRange(data, offset, offset + length), length);
      }
    });
  }

  private CompletableFuture<DTLSTransport> accept() {
    CompletableFuture<DTLSTransport> accepted = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> {
      try {
        accepted.complete(server.accept(serverSide));
      } catch (IOException e) {
        accepted.completeExceptionally(e);
      }
    });
    return accepted;
  }
}
