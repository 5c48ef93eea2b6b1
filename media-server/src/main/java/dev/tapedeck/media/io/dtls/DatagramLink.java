package dev.tapedeck.media.io.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;

/**
 * The datagrams of one association as Bouncy Castle sees them: it waits here for the peer. During a handshake the
 * permit to compute is given back while it waits, so peers that went silent hold up nobody.
 */
final class DatagramLink implements DatagramTransport {
  /** What a path may carry without fragments: the IPv6 minimum of 1280 less headers, with some room for tunnels. */
  private static final int SEND_LIMIT = 1200;

  private static final int RECEIVE_LIMIT = 2048;
  private static final int QUEUED_DATAGRAMS = 32;
  private static final byte[] WAKE_UP = {};

  private final BlockingQueue<byte[]> inbound = new ArrayBlockingQueue<>(QUEUED_DATAGRAMS);
  private final Consumer<byte[]> output;
  private final Semaphore computing;

  private boolean holdsPermit;
  private volatile boolean isAborted;
  private volatile boolean isClosed;

  /**
   * @param output    takes what is to be sent
   * @param computing permits of all handshakes
   */
  DatagramLink(Consumer<byte[]> output, Semaphore computing) {
    this.output = output;
    this.computing = computing;
  }

  /** Queues one datagram of the peer; false if the queue is full. From any thread. */
  boolean offer(byte[] datagram) {
    return inbound.offer(datagram);
  }

  boolean hasInput() {
    return !inbound.isEmpty();
  }

  /** Makes {@link #receive} throw, now or when it is called. From any thread. */
  void abort() {
    isAborted = true;
    inbound.offer(WAKE_UP); // a full queue wakes it as well
  }

  /** True when the library ended the association. */
  boolean isClosed() {
    return isClosed;
  }

  /** From now on the calling task computes, except while it waits. */
  void startComputing() {
    computing.acquireUninterruptibly();
    holdsPermit = true;
  }

  void stopComputing() {
    if (holdsPermit) {
      holdsPermit = false;
      computing.release();
    }
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    byte[] datagram = inbound.poll();
    if (datagram == null) {
      datagram = await(waitMillis);
    }
    if (isAborted) {
      throw new IOException("association was aborted");
    }
    if (datagram == null || datagram.length > length) {
      return -1;
    }
    System.arraycopy(datagram, 0, buffer, offset, datagram.length);
    return datagram.length;
  }

  private byte[] await(int waitMillis) throws IOException {
    boolean computes = holdsPermit;
    stopComputing();
    try {
      return inbound.poll(waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      if (computes) {
        startComputing();
      }
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    byte[] datagram = new byte[length];
    System.arraycopy(buffer, offset, datagram, 0, length);
    output.accept(datagram);
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT;
  }

  /** Called by Bouncy Castle when the association ended, by either side. */
  @Override
  public void close() {
    isClosed = true;
  }
}
