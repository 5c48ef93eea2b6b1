package dev.tapedeck.media.io.dtls;

import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;

/**
 * A DTLS association by Bouncy Castle, whose calls block and compute: they run in one task at a time on a virtual
 * thread, never on the worker's. The task lives through the handshake, later only while there is something to do, so an
 * established association holds no thread.
 */
final class BcDtlsTransport implements DtlsTransport {
  private static final int QUEUED_DATA = 256;

  /** Shortest wait the library knows; 0 would wait for ever. */
  private static final int MIN_WAIT_MILLIS = 1;

  private final DtlsSrtpServer server;
  private final DtlsSettings settings;
  private final DatagramLink link;
  private final LongAdder droppedDatagrams;
  private final Runnable wake;

  private final Queue<byte[]> outbound = new ArrayBlockingQueue<>(QUEUED_DATA);

  /** Grows only by what the worker handed in and by a few resent flights, so it needs no bound of its own. */
  private final Queue<DtlsOutput> outputs = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean isTaskRunning = new AtomicBoolean();
  private volatile boolean closeRequested;
  private volatile boolean isConnected;
  private volatile boolean isClosed;

  // Owned by the task.
  private DTLSTransport dtls;

  BcDtlsTransport(
      DtlsSrtpServer server,
      DtlsSettings settings,
      Semaphore computing,
      LongAdder droppedDatagrams,
      Runnable wake) {
    this.server = server;
    this.settings = settings;
    this.droppedDatagrams = droppedDatagrams;
    this.wake = wake;
    this.link = new DatagramLink(datagram -> emit(new DtlsOutput.Send(datagram)), computing);
  }

  @Override
  public void receive(byte[] datagram) {
    if (isClosed || datagram.length == 0) {
      return;
    }
    if (link.offer(datagram)) {
      schedule();
    } else {
      droppedDatagrams.increment();
    }
  }

  @Override
  public void send(byte[] data) {
    if (data.length > MAX_DATA_BYTES) {
      throw new IllegalArgumentException("data has " + data.length + " bytes, more than " + MAX_DATA_BYTES);
    }
    if (!isConnected || isClosed) {
      return;
    }
    if (outbound.offer(data)) {
      schedule();
    } else {
      droppedDatagrams.increment();
    }
  }

  @Override
  public Optional<DtlsOutput> poll() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public void close() {
    closeRequested = true;
    if (!isConnected) {
      link.abort();
    }
    schedule();
  }

  /** True while a virtual thread works for this association. */
  boolean isTaskRunning() {
    return isTaskRunning.get();
  }

  private void schedule() {
    if (isTaskRunning.compareAndSet(false, true)) {
      Thread.ofVirtual().name("dtls").start(this::run);
    }
  }

  private void run() {
    try {
      work();
    } catch (IOException | RuntimeException e) {
      finish(reason(e));
    } catch (Error e) {
      finish(reason(e)); // else the session would wait for the end of this for ever
      throw e;
    } finally {
      isTaskRunning.set(false);
    }
    if (hasWork()) {
      schedule(); // handed in after the last look and before the flag fell
    }
  }

  private boolean hasWork() {
    return !isClosed && (closeRequested || link.hasInput() || !outbound.isEmpty());
  }

  private void work() throws IOException {
    while (hasWork()) {
      if (closeRequested && (dtls == null || outbound.isEmpty())) {
        closeOurs();
      } else if (dtls == null) {
        handshake();
      } else if (!outbound.isEmpty()) {
        byte[] data = outbound.poll();
        dtls.send(data, 0, data.length);
      } else {
        read();
      }
      if (link.isClosed() && !closeRequested) {
        finish("peer ended it: " + server.lastAlert().orElse("no alert"));
      }
    }
  }

  private void closeOurs() throws IOException {
    if (dtls != null) {
      dtls.close();
    }
    finish("closed by us");
  }

  private void handshake() throws IOException {
    link.startComputing();
    try {
      dtls = new DTLSServerProtocol().accept(server, link);
    } finally {
      link.stopComputing();
    }
    isConnected = true;
    emit(new DtlsOutput.Connected(server.keys()));
  }

  private void read() throws IOException {
    byte[] plain = new byte[link.getReceiveLimit()]; // kept by nobody: most connections never send data
    int bytes = dtls.receive(plain, 0, plain.length, MIN_WAIT_MILLIS);
    while (bytes >= 0) {
      emit(new DtlsOutput.Data(Arrays.copyOf(plain, bytes)));
      bytes = dtls.receivePending(plain, 0, plain.length);
    }
  }

  private void emit(DtlsOutput output) {
    outputs.add(output);
    wake.run();
  }

  private void finish(String reason) {
    if (!isClosed) {
      isClosed = true;
      emit(new DtlsOutput.Closed(reason));
    }
  }

  private String reason(Throwable e) {
    if (closeRequested) {
      return "closed by us";
    }
    String phase = isConnected ? "DTLS failed: " : "DTLS handshake failed: ";
    return switch (e) {
      case TlsTimeoutException _ ->
          phase + "not finished after " + settings.handshakeTimeout().toMillis() + " ms";
      case TlsFatalAlertReceived _ -> phase + "peer sent alert " + server.lastAlert().orElse("of no name");
      case Error _ -> phase + e;
      default -> phase + e.getMessage();
    };
  }
}
