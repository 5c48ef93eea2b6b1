package dev.tapedeck.bench.client.dtls;

import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The DTLS client of one connection (RFC 5764, by Bouncy Castle, version 1.2): handshake, keys for SRTP, close.
 *
 * <p>{@link #handshake} blocks and belongs on a virtual thread; {@link #handIn} comes from the client loop.
 */
public final class DtlsClient implements AutoCloseable {
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(20);
  static final Duration RESEND_AFTER = Duration.ofMillis(300);

  private final ClientCertificate certificate;
  private final List<SrtpProtection> offeredProtections;
  private final String expectedFingerprint;
  private final QueueTransport transport;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile DTLSTransport established;
  private volatile boolean closedByServer;
  private volatile Consumer<byte[]> dataConsumer = data -> {};

  /** Where DTLS records go: the nominated ICE path. */
  @FunctionalInterface
  public interface Output {
    void send(byte[] data, int offset, int length);
  }

  /**
   * @param offeredProtections in the order of {@code use_srtp}; a list of one forces that profile
   * @param expectedFingerprint SHA-256 of the server's certificate, as its SDP says it
   */
  public DtlsClient(ClientCertificate certificate, List<SrtpProtection> offeredProtections,
      String expectedFingerprint, Output output) {
    this.certificate = certificate;
    this.offeredProtections = List.copyOf(offeredProtections);
    this.expectedFingerprint = expectedFingerprint;
    this.transport = new QueueTransport(output);
  }

  /**
   * Does the handshake.
   *
   * @throws IOException if the server does not answer in {@link #HANDSHAKE_TIMEOUT}, shows another certificate than
   *     the one announced, or picks no SRTP profile of ours
   */
  public SrtpMasterKeys handshake() throws IOException {
    DtlsClientPeer peer = new DtlsClientPeer(new BcTlsCrypto(new SecureRandom()), certificate, offeredProtections,
        expectedFingerprint, () -> closedByServer = true);
    established = new DTLSClientProtocol().connect(peer, transport);
    return peer.srtpKeys().orElseThrow(() -> new IOException("the server negotiated no SRTP profile"));
  }

  /** Who takes application data (SCTP); told on a virtual thread. Without one it is dropped. */
  public void onData(Consumer<byte[]> consumer) {
    dataConsumer = consumer;
  }

  /** Sends application data; before the handshake is done, and after the end, it is dropped. */
  public void sendData(byte[] data) {
    DTLSTransport open = established;
    if (open == null) {
      return;
    }
    try {
      open.send(data, 0, data.length);
    } catch (IOException e) {
      closedByServer = true;
    }
  }

  /** Takes a DTLS datagram from the network; after the handshake these are alerts and application data. */
  public void handIn(byte[] data, int length) {
    transport.handIn(data, length);
    if (established != null && reading.compareAndSet(false, true)) {
      Thread.ofVirtual().name("dtls-read").start(this::read);
    }
  }

  private void read() {
    byte[] plain = new byte[transport.getReceiveLimit()];
    try {
      int bytes;
      while ((bytes = established.receive(plain, 0, plain.length, 1)) >= 0) {
        dataConsumer.accept(Arrays.copyOf(plain, bytes));
      }
    } catch (IOException e) {
      closedByServer = true;
    } finally {
      reading.set(false);
    }
  }

  /** True after a close alert or another fatal one. */
  public boolean isClosedByServer() {
    return closedByServer;
  }

  /** Sends close_notify if the handshake was done. */
  @Override
  public void close() {
    DTLSTransport open = established;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException e) {
      // The far side learns it by the end of consent instead.
    }
  }
}
