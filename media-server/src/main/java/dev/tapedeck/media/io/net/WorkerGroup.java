package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * All workers of this server. Knows which worker a room lives on, so that every session of a room is given to the same
 * one, and waits for answers on behalf of threads that may block.
 */
public final class WorkerGroup implements AutoCloseable {
  /** A worker answers within a turn of its loop; this long without an answer means it is stuck. */
  private static final long ANSWER_TIMEOUT_SECONDS = 10;

  private final List<WorkerUnit> units;
  private final RoomHomes homes;
  private final Map<Long, CompletableFuture<WorkerEvent.Answer>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  WorkerGroup(List<WorkerUnit> units) {
    this.units = List.copyOf(units);
    homes = new RoomHomes(units.size());
  }

  /** The worker where this room lives, or would live if it began now; to be closed after the commands that need it. */
  public RoomHomes.Home home(String app, String room) {
    return homes.hold(app, room);
  }

  /** Where clients reach this worker: one address per socket. */
  public List<InetSocketAddress> addresses(int worker) {
    return units.get(worker).transport().localAddresses();
  }

  /**
   * Hands a command to a worker and waits for its answer.
   *
   * @param command makes the command for a request number
   */
  public WorkerEvent.Answer ask(int worker, LongFunction<WorkerCommand> command) {
    long request = requests.incrementAndGet();
    CompletableFuture<WorkerEvent.Answer> answer = new CompletableFuture<>();
    waiting.put(request, answer);
    units.get(worker).loop().submit(command.apply(request));
    try {
      return answer.get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("worker " + worker + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for worker " + worker, e);
    } finally {
      waiting.remove(request);
    }
  }

  /** The worker with the fewest rooms, for a session that has none yet. */
  public int leastLoaded() {
    return homes.leastLoaded();
  }

  /** Takes note of what a worker tells; called on its thread, before anybody else hears of it. */
  void heard(int worker, WorkerEvent event) {
    if (event instanceof WorkerEvent.Answer answer) {
      CompletableFuture<WorkerEvent.Answer> future = waiting.get(answer.request());
      if (future != null) {
        future.complete(answer);
      }
    } else if (event instanceof WorkerEvent.RoomMade(String app, String room)) {
      homes.made(worker, app, room);
    } else if (event instanceof WorkerEvent.RoomGone(String app, String room)) {
      homes.gone(app, room);
    }
  }

  RoomHomes homes() {
    return homes;
  }

  public List<WorkerUnit> units() {
    return units;
  }

  /** Ends every session and recording, then the threads and sockets. */
  @Override
  public void close() throws InterruptedException {
    shutDownAll();
    shutDownAll(); // ends those as well who were on their way to a worker that had ended its sessions already
    for (WorkerUnit unit : units) {
      unit.loop().stop();
    }
    units.forEach(unit -> unit.transport().close()); // all workers send by all sockets
  }

  private void shutDownAll() {
    for (int worker = 0; worker < units.size(); worker++) {
      ask(worker, WorkerCommand.Shutdown::new);
    }
  }
}
