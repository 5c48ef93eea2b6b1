package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.worker.Worker;
import dev.tapedeck.media.core.worker.WorkerCommand;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one worker: takes datagrams and commands, lets the worker think, sends what it made, and waits for
 * whatever comes next. A platform thread, so that the operating system can favour it.
 *
 * <p>The first datagram after a wait does not start a turn at once: the loop rests for a moment, so that what follows it,
 * the rest of a frame, is taken, thought over and sent in the same turn, and packets of one receiver leave in one message
 * (docs/adr/0012).
 */
public final class WorkerLoop {
  private static final Logger log = LoggerFactory.getLogger(WorkerLoop.class);

  /** Longest wait, so that a mistaken deadline cannot stop the loop for long. */
  private static final long MAX_WAIT_NANOS = 100_000_000L;

  /** How often failures are logged; all are counted. */
  private static final long REPORT_INTERVAL_NANOS = 10_000_000_000L;

  /** One that takes longer is stuck. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

  /** Receive batches before timers and sending get their turn. */
  private static final int MAX_BATCHES = 4;

  /** A socket that was full is empty after so many turns; a flood does not hold up commands for longer. */
  private static final int MAX_HELD_TURNS = 64;

  private final Worker worker;
  private final UdpTransport transport;
  private final long gatherNanos;
  private final Queue<WorkerCommand> commands = new ConcurrentLinkedQueue<>();

  /** Taken from the queue and not done yet. */
  private final Queue<WorkerCommand> heard = new ArrayDeque<>();
  private int backloggedTurns;
  private final AtomicBoolean wakeUpSent = new AtomicBoolean();
  private final UdpTransport.Receiver receiver = this::receive;
  private final UdpTransport.Receiver inboxReceiver = this::receivePassedOn;
  private final PacketArena packets;
  private final DatagramInbox inbox;
  private final Thread thread;
  private long failures;
  private long reportedNanos;
  private volatile boolean running = true;

  /**
   * @param packets     the worker's
   * @param inbox       what other workers pass on to this one
   * @param gatherNanos how long the first datagram waits for company; 0 where the transport cannot rest
   */
  WorkerLoop(
      String name, Worker worker, UdpTransport transport, PacketArena packets, DatagramInbox inbox, long gatherNanos) {
    this.worker = worker;
    this.transport = transport;
    this.packets = packets;
    this.inbox = inbox;
    this.gatherNanos = gatherNanos;
    thread = Thread.ofPlatform().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Hands a command to the worker; from any thread. */
  void submit(WorkerCommand command) {
    commands.add(command);
    wakeUp();
  }

  /**
   * Hands a datagram to the worker, for a session that lives there; from the thread of another worker.
   *
   * @param memory where it lies; copied
   * @return false if too many wait already
   */
  boolean passOn(
      MemorySegment memory, long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    boolean isTaken = inbox.offer(memory, arrivalNanos, socket, high, low, port, offset, length);
    wakeUp();
    return isTaken;
  }

  private void wakeUp() {
    if (wakeUpSent.compareAndSet(false, true)) {
      transport.wakeUp();
    }
  }

  /**
   * Ends the loop after what it is doing; the worker's sessions must have been closed before, its sockets after.
   *
   * @return false if it is stuck, and may still use its socket
   */
  boolean stop() throws InterruptedException {
    running = false;
    transport.wakeUp();
    return thread.join(LONGEST_TURN);
  }

  private void run() {
    while (running) {
      try {
        turn();
      } catch (RuntimeException | Error e) {
        report(e); // also an error: the calls of this worker may go on, and have nobody else
      }
    }
  }

  private void turn() {
    long now = System.nanoTime();
    long mark = inbox.mark(); // before the commands: a session comes by command, and ahead of its datagrams
    hear();
    boolean isBacklogged = receiveAll(now);
    backloggedTurns = isBacklogged ? backloggedTurns + 1 : 0;
    if (backloggedTurns % MAX_HELD_TURNS == 0) {
      handleCommands(now);
      inbox.take(now, mark, packets, inboxReceiver);
    }
    worker.endOfBatch(now);
    if (worker.nextTimeoutNanos() <= now) {
      worker.handleTimeout(now);
    }
    transport.flush();
    if (!isBacklogged) {
      await();
    }
  }

  /** Takes what the sockets hold; true if that was too much for one turn. */
  private boolean receiveAll(long now) {
    for (int batch = 0; batch < MAX_BATCHES; batch++) {
      if (transport.receive(now, receiver) < UdpTransport.RECEIVE_BATCH) {
        return false;
      }
    }
    return true;
  }

  /** Whoever adds something after the look at the queues sees that a wake-up is needed. */
  private void await() {
    wakeUpSent.set(false);
    long wait = untilTimeout(MAX_WAIT_NANOS);
    if (wait <= 0 || !commands.isEmpty() || !inbox.isEmpty() || !transport.await(wait)) {
      return;
    }
    long rest = untilTimeout(gatherNanos);
    if (rest > 0) {
      transport.rest(rest);
    }
  }

  private long untilTimeout(long atMostNanos) {
    return Math.min(worker.nextTimeoutNanos() - System.nanoTime(), atMostNanos);
  }

  private void receive(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    try {
      worker.receive(nowNanos, arrivalNanos, socket, high, low, port, slot, length);
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  private void receivePassedOn(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    try {
      worker.receivePassedOn(nowNanos, arrivalNanos, socket, high, low, port, slot, length);
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  /** A mistake of ours in one packet or command must not end everybody's call, nor fill the disk with its log. */
  private void report(Throwable e) {
    failures++;
    long now = System.nanoTime();
    if (failures == 1 || now - reportedNanos >= REPORT_INTERVAL_NANOS) {
      reportedNanos = now;
      log.atError().setCause(e)
          .addKeyValue("worker", thread.getName()).addKeyValue("failures", failures).log("worker failed");
    }
  }

  /** A command is done when what came before it is taken: a session that leaves has all it sent on its tape. */
  private void hear() {
    WorkerCommand command;
    while ((command = commands.poll()) != null) {
      heard.add(command);
    }
  }

  private void handleCommands(long now) {
    WorkerCommand command;
    while ((command = heard.poll()) != null) {
      worker.handle(now, command);
    }
  }
}
