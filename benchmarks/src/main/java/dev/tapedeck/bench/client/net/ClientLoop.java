package dev.tapedeck.bench.client.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One thread that reads the sockets and runs the timers of any number of clients, so that ten clients cost one thread.
 *
 * <p>All media state of a client (sequence numbers, histories, counters) is written on this thread only. Tasks must not
 * block; what waits (HTTP, the DTLS handshake) runs on virtual threads and comes back by {@link #execute}.
 */
public final class ClientLoop implements AutoCloseable {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> handedIn = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final byte[] receiveBuffer = new byte[UdpPort.MAX_DATAGRAM_BYTES];
  private final boolean isPunctual;
  private long timersMade;
  private volatile boolean closed;

  private record Timer(long dueNanos, long order, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      long difference = dueNanos - other.dueNanos;
      return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
    }
  }

  public ClientLoop(String name) {
    this(name, false);
  }

  private ClientLoop(String name, boolean isPunctual) {
    this.isPunctual = isPunctual;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for client loop " + name, e);
    }
    thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /**
   * A loop for senders whose packets must leave at their time: its timers are late by the kernel's 50 µs and not by up to
   * 1 ms; in the last millisecond before a timer it does not read its sockets.
   */
  public static ClientLoop punctual(String name) {
    return new ClientLoop(name, true);
  }

  /** The clock of the loop: monotonic, only differences have meaning. */
  public long nowNanos() {
    return System.nanoTime();
  }

  /** Runs a task on the loop thread, soon; callable from any thread. */
  public void execute(Runnable task) {
    handedIn.add(task);
    selector.wakeup();
  }

  /** Runs a task on the loop thread and waits for its result; on the loop thread itself, at once. */
  public <T> T call(Supplier<T> task) {
    if (Thread.currentThread() == thread) {
      return task.get();
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> {
      try {
        result.complete(task.get());
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      }
    });
    return result.join();
  }

  /** Runs a task on the loop thread at {@link #nowNanos} {@code dueNanos} or up to 1 ms later. */
  public void schedule(long dueNanos, Runnable task) {
    if (Thread.currentThread() == thread) {
      timers.add(new Timer(dueNanos, timersMade++, task));
    } else {
      execute(() -> timers.add(new Timer(dueNanos, timersMade++, task)));
    }
  }

  /** Opens a UDP socket on a free port of a local address; the handler is called on the loop thread. */
  public UdpPort open(InetAddress localAddress, DatagramHandler handler, Impairment inbound, Impairment outbound)
      throws IOException {
    UdpPort port = new UdpPort(this, localAddress, handler, inbound, outbound);
    execute(() -> port.register(selector));
    return port;
  }

  /** Stops the thread; sockets still open are closed. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      while (!closed) {
        waitForWork();
        runHandedIn();
        readSockets();
        runTimers();
      }
      for (SelectionKey key : selector.keys()) {
        ((UdpPort) key.attachment()).close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("client loop stopped", e);
    }
  }

  private void waitForWork() throws IOException {
    if (!handedIn.isEmpty()) {
      selector.selectNow();
      return;
    }
    Timer next = timers.peek();
    if (next == null) {
      selector.select();
      return;
    }
    long waitNanos = next.dueNanos - nowNanos();
    if (waitNanos >= MILLI) {
      selector.select(waitNanos / MILLI);
    } else if (waitNanos > 0 && !isPunctual) {
      selector.select(1);
    } else {
      if (waitNanos > 0) {
        LockSupport.parkNanos(waitNanos);
      }
      selector.selectNow();
    }
  }

  private void runHandedIn() {
    for (Runnable task = handedIn.poll(); task != null; task = handedIn.poll()) {
      guarded(task);
    }
  }

  private void readSockets() {
    if (selector.selectedKeys().isEmpty()) {
      return;
    }
    for (SelectionKey key : selector.selectedKeys()) {
      UdpPort port = (UdpPort) key.attachment();
      guarded(() -> port.readAll(receiveBuffer));
    }
    selector.selectedKeys().clear();
  }

  private void runTimers() {
    for (Timer next = timers.peek(); next != null && next.dueNanos - nowNanos() <= 0; next = timers.peek()) {
      timers.poll();
      guarded(next.task);
    }
  }

  /** A bug in one client must not end the loop of the others; it is told on stderr by the thread's handler. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
