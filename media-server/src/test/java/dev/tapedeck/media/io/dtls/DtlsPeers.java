package dev.tapedeck.media.io.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.Fingerprint;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;

/** Our transport and a client with a link between them that loses, repeats and swaps datagrams by a seed. */
final class DtlsPeers implements DatagramTransport {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  final DtlsTransport server;
  final BlockingQueue<byte[]> dataAtServer = new LinkedBlockingQueue<>();
  volatile DtlsOutput.Connected connected;
  volatile String closedReason;

  /** Bytes a client's datagram may have. */
  int clientSendLimit = 1200;

  private final BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
  private final Fault clientToServer;
  private final Fault serverToClient;

  /** @param faultPercent of datagrams each way that are lost, and again that are repeated or swapped */
  DtlsPeers(DtlsTransport.Factory factory, Fingerprint expected, long seed, int faultPercent) {
    clientToServer = new Fault(new SplittableRandom(seed), faultPercent);
    serverToClient = new Fault(new SplittableRandom(~seed), faultPercent);
    server = factory.accept(expected, this::drain);
    drain();
  }

  /** Runs the client's handshake on a thread of its own. */
  CompletableFuture<DTLSTransport> connect(DtlsTestClient client) {
    CompletableFuture<DTLSTransport> result = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> {
      try {
        result.complete(new DTLSClientProtocol().connect(client, this));
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  /** What a client sends first; it is then given up. */
  static byte[] firstDatagramOf(DtlsTestClient client) {
    List<byte[]> sent = new ArrayList<>();
    DatagramTransport trap = new DatagramTransport() {
      @Override
      public void send(byte[] buffer, int offset, int length) {
        sent.add(Arrays.copyOfRange(buffer, offset, offset + length));
      }

      @Override
      public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        throw new IOException("given up");
      }

      @Override
      public int getReceiveLimit() {
        return 2048;
      }

      @Override
      public int getSendLimit() {
        return 1200;
      }

      @Override
      public void close() {}
    };
    assertThatThrownBy(() -> new DTLSClientProtocol().connect(client, trap)).isInstanceOf(IOException.class);
    return sent.getFirst();
  }

  void awaitConnected() {
    await("connected", () -> connected != null || closedReason != null);
    assertThat(closedReason).isNull();
  }

  String awaitClosed() {
    await("closed", () -> closedReason != null);
    return closedReason;
  }

  /** Data from the server as the client reads it. */
  static byte[] read(DTLSTransport client) throws IOException {
    byte[] buffer = new byte[2048];
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (System.nanoTime() < deadline) {
      int bytes = client.receive(buffer, 0, buffer.length, 100);
      if (bytes >= 0) {
        return Arrays.copyOf(buffer, bytes);
      }
    }
    throw new AssertionError("no data");
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not " + what + " in time");
      }
      LockSupport.parkNanos(100_000);
    }
  }

  /** Stands in for the worker: one thread at a time takes the outputs. */
  private synchronized void drain() {
    if (server == null) {
      return; // woken from within accept
    }
    Optional<DtlsOutput> output = server.poll();
    while (output.isPresent()) {
      assertThat(closedReason).as("Closed comes last").isNull();
      switch (output.get()) {
        case DtlsOutput.Send send -> {
          assertThat(send.datagram().length).isBetween(1, 1200);
          serverToClient.pass(send.datagram(), toClient::add);
        }
        case DtlsOutput.Connected keys -> connected = keys;
        case DtlsOutput.Data data -> dataAtServer.add(data.data());
        case DtlsOutput.Closed closed -> closedReason = closed.reason();
      }
      output = server.poll();
    }
  }

  @Override
  public synchronized void send(byte[] buffer, int offset, int length) {
    clientToServer.pass(Arrays.copyOfRange(buffer, offset, offset + length), server::receive);
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    try {
      byte[] datagram = toClient.poll(waitMillis, TimeUnit.MILLISECONDS);
      if (datagram == null) {
        return -1;
      }
      System.arraycopy(datagram, 0, buffer, offset, datagram.length);
      return datagram.length;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public int getReceiveLimit() {
    return 2048;
  }

  @Override
  public int getSendLimit() {
    return clientSendLimit;
  }

  @Override
  public void close() {}

  /** What happens to the datagrams of one direction. */
  private static final class Fault {
    private final SplittableRandom random;
    private final int percent;
    private final Deque<byte[]> heldBack = new ArrayDeque<>();

    Fault(SplittableRandom random, int percent) {
      this.random = random;
      this.percent = percent;
    }

    void pass(byte[] datagram, Consumer<byte[]> target) {
      if (random.nextInt(100) < percent) {
        return;
      }
      if (random.nextInt(100) < percent) {
        heldBack.add(datagram);
        return;
      }
      target.accept(datagram);
      if (random.nextInt(100) < percent) {
        target.accept(datagram);
      }
      while (!heldBack.isEmpty()) {
        target.accept(heldBack.poll());
      }
    }
  }
}
