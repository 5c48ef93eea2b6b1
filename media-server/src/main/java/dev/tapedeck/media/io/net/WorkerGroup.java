package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

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

  /** @param maxRooms rooms of the whole server */
  WorkerGroup(List<WorkerUnit> units, int maxRooms) {
    this.units = List.copyOf(units);
    homes = new RoomHomes(units.size(), maxRooms);
  }

  /** See {@link RoomHomes#enter}. */
  public Optional<RoomHomes.Home> enter(String app, String room) {
    return homes.enter(app, room);
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
    return await(submit(worker, command));
  }

  /** Hands a command to a worker, after those before it, and does not wait. */
  public void tell(int worker, LongFunction<WorkerCommand> command) {
    units.get(worker).loop().submit(command.apply(requests.incrementAndGet()));
  }

  /**
   * The same as {@link #ask} for all workers at once; waits for each of them, whatever the others do.
   *
   * @throws IllegalStateException if one does not answer, or failed
   */
  private void askAll(LongFunction<WorkerCommand> command) {
    List<Question> questions = IntStream.range(0, units.size()).mapToObj(worker -> submit(worker, command)).toList();
    List<IllegalStateException> failures = new ArrayList<>();
    for (Question question : questions) {
      try {
        requireDone(question.worker(), await(question));
      } catch (IllegalStateException e) {
        failures.add(e);
      }
    }
    throwAll(failures);
  }

  private static void requireDone(int worker, WorkerEvent.Answer answer) {
    if (answer.outcome() != WorkerEvent.Outcome.DONE) {
      throw new IllegalStateException("worker " + worker + ": " + answer.error());
    }
  }

  private static void throwAll(List<IllegalStateException> failures) {
    if (!failures.isEmpty()) {
      failures.stream().skip(1).forEach(failures.getFirst()::addSuppressed);
      throw failures.getFirst();
    }
  }

  private record Question(int worker, long request, CompletableFuture<WorkerEvent.Answer> answer) {}

  private Question submit(int worker, LongFunction<WorkerCommand> command) {
    Question question = new Question(worker, requests.incrementAndGet(), new CompletableFuture<>());
    waiting.put(question.request(), question.answer());
    units.get(worker).loop().submit(command.apply(question.request()));
    return question;
  }

  private WorkerEvent.Answer await(Question question) {
    try {
      return question.answer().get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new SilentWorkerException(question.worker(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for worker " + question.worker(), e);
    } finally {
      waiting.remove(question.request());
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

  /**
   * Tells all members that the server stops, and lets none of them into another room.
   *
   * @throws IllegalStateException if a worker did not do so; the others did
   */
  public void drain(Duration remaining) {
    askAll(request -> new WorkerCommand.Drain(request, remaining.toNanos()));
  }

  /**
   * Ends every session and recording, and takes none any more.
   *
   * @throws IllegalStateException if a worker did not do so; the others did
   */
  public void endSessions() {
    try {
      askAll(WorkerCommand.Shutdown::new);
    } finally {
      askAll(WorkerCommand.Shutdown::new); // those as well who were on their way to a worker that had ended its own
    }
  }

  /**
   * Ends every session and recording, then the threads and sockets, also if sessions could not be ended.
   *
   * @throws IllegalStateException if a worker did not end its sessions, or does not stop
   */
  @Override
  public void close() throws InterruptedException {
    List<IllegalStateException> failures = new ArrayList<>();
    try {
      endSessions();
    } catch (IllegalStateException e) {
      failures.add(e);
    }
    boolean hasStopped = true;
    for (WorkerUnit unit : units) {
      hasStopped &= unit.loop().stop();
    }
    if (hasStopped) {
      units.forEach(unit -> unit.transport().close()); // all workers send by all sockets
    } else {
      failures.add(new IllegalStateException("a worker does not stop; sockets stay open until the process ends"));
    }
    throwAll(failures);
  }
}
