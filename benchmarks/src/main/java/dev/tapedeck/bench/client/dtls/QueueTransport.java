package dev.tapedeck.bench.client.dtls;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;

/** Turns the datagrams handed in by the loop into the blocking reads that Bouncy Castle's handshake wants. */
final class QueueTransport implements DatagramTransport {
  private static final int RECEIVE_LIMIT_BYTES = 1500;
  private static final int SEND_LIMIT_BYTES = 1200;
  /** A flight has a handful of datagrams; more is a flood, and DTLS sends again what is dropped. */
  private static final int QUEUED_DATAGRAMS = 32;

  private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(QUEUED_DATAGRAMS);
  private final DtlsClient.Output output;

  QueueTransport(DtlsClient.Output output) {
    this.output = output;
  }

  void handIn(byte[] data, int length) {
    received.offer(Arrays.copyOf(data, length));
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) {
    byte[] datagram;
    try {
      datagram = received.poll(waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
    if (datagram == null) {
      return -1;
    }
    int bytes = Math.min(length, datagram.length);
    System.arraycopy(datagram, 0, buffer, offset, bytes);
    return bytes;
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    output.send(buffer, offset, length);
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT_BYTES;
  }

  @Override
  public void close() {
    received.clear();
  }
}
