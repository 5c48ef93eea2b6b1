package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
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

  private record RoomKey(String app, String room) {}

  private final List<WorkerUnit> units;
  private final Map<RoomKey, Integer> homes = new HashMap<>();
  private final Map<Long, CompletableFuture<WorkerEvent.Answer>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  WorkerGroup(List<WorkerUnit> units) {
    this.units = List.copyOf(units);
  }

  /** Number of the worker where this room lives, or would live if it began now. */
  public int home(String app, String room) {
    synchronized (homes) {
      return homes.computeIfAbsent(new RoomKey(app, room), key -> leastLoaded());
    }
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

  /** Takes note of what a worker tells; called on its thread, before anybody else hears of it. */
  void heard(WorkerEvent event) {
    if (event instanceof WorkerEvent.Answer answer) {
      CompletableFuture<WorkerEvent.Answer> future = waiting.get(answer.request());
      if (future != null) {
        future.complete(answer);
      }
    }
    if (event instanceof WorkerEvent.RoomClosed closed) {
      synchronized (homes) {
        homes.remove(new RoomKey(closed.app(), closed.room()));
      }
    }
  }

  public List<WorkerUnit> units() {
    return units;
  }

  /** Ends every session and recording, then the threads and sockets. */
  @Override
  public void close() throws InterruptedException {
    for (int worker = 0; worker < units.size(); worker++) {
      ask(worker, WorkerCommand.Shutdown::new);
    }
    for (WorkerUnit unit : units) {
      unit.loop().stop();
    }
  }

  private int leastLoaded() {
    List<Integer> rooms = new ArrayList<>();
    for (int worker = 0; worker < units.size(); worker++) {
      int number = worker;
      rooms.add((int) homes.values().stream().filter(home -> home == number).count());
    }
    int best = 0;
    for (int worker = 1; worker < rooms.size(); worker++) {
      if (rooms.get(worker) < rooms.get(best)) {
        best = worker;
      }
    }
    return best;
  }
}
