package dev.tapedeck.connector.io.hook;

import dev.tapedeck.connector.core.hook.HookRetry;
import dev.tapedeck.connector.core.hook.HookSignature;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.connector.io.store.FeedRows.Delivery;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.outbound.OutboundRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events from the rows to the hooks: at least once, signed, and in order within a lane, which is one room at one
 * hook. One thread looks for work, each attempt runs on a virtual thread of its own, and a lane has one attempt at a time,
 * so that a slow receiver holds up nobody but itself.
 */
public final class HookDelivery implements AutoCloseable {
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(HookDelivery.class);
  private static final long TICK_NANOS = 500_000_000;
  private static final int MAX_ATTEMPTS_PER_HOOK = 8;

  private final Database database;
  private final Hooks hooks;
  private final HookPost post;
  private final LongSupplier wallMillis;
  private final RandomGenerator random;
  private final Set<String> busyLanes = ConcurrentHashMap.newKeySet();
  private final Map<String, Semaphore> attemptsOfHook = new ConcurrentHashMap<>();

  private volatile Thread thread;
  private volatile boolean isClosed;

  /** @param wallMillis Unix milliseconds */
  public HookDelivery(Database database, Hooks hooks, OutboundPolicy policy, LongSupplier wallMillis,
      RandomGenerator random) {
    this.database = database;
    this.hooks = hooks;
    this.post = new HookPost(policy, TIMEOUT);
    this.wallMillis = wallMillis;
    this.random = random;
  }

  public void start() {
    thread = Thread.ofVirtual().name("hooks").start(() -> {
      while (!isClosed) {
        tick();
        LockSupport.parkNanos(TICK_NANOS);
      }
    });
  }

  /** Looks now, because something was written. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** Begins every attempt that is due. */
  public void tick() {
    try {
      due().forEach(this::begin);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("hooks could not be looked at; next try in half a second");
    }
  }

  /** Lanes with an attempt under way. */
  public int attemptsUnderWay() {
    return busyLanes.size();
  }

  /** The first event of each lane whose time has come. */
  List<Delivery> due() {
    long now = wallMillis.getAsLong();
    return database.read(FeedRows::heads).stream().filter(head -> head.nextAttemptMs() <= now).toList();
  }

  private void begin(Delivery delivery) {
    String lane = delivery.hook() + "\n" + delivery.entry().room();
    Semaphore attempts =
        attemptsOfHook.computeIfAbsent(delivery.hook(), hook -> new Semaphore(MAX_ATTEMPTS_PER_HOOK));
    if (!attempts.tryAcquire()) {
      return;
    }
    if (!busyLanes.add(lane)) {
      attempts.release();
      return;
    }
    Thread.ofVirtual().name("hook " + delivery.hook()).start(() -> {
      try {
        // The lane was free only just now: what was read before may be delivered already.
        attemptIfStillHead(delivery);
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("hook", delivery.hook()).setCause(e).log("outcome not stored; the event goes out again");
      } finally {
        busyLanes.remove(lane);
        attempts.release();
        wake();
      }
    });
  }

  private void attemptIfStillHead(Delivery delivery) {
    if (database.read(FeedRows::heads).contains(delivery)) {
      attempt(delivery);
    }
  }

  private void attempt(Delivery delivery) {
    Optional<Hook> hook = hooks.find(delivery.hook());
    if (hook.isEmpty()) {
      database.run(handle ->
          FeedRows.dead(handle, delivery, "the hook is no longer configured", wallMillis.getAsLong()));
      return;
    }
    int status = 0;
    String error;
    try {
      status = post.send(hook.get().url().reveal(), headers(hook.get(), delivery), body(hook.get(), delivery));
      error = "status " + status;
    } catch (IOException | OutboundRefusedException e) {
      error = String.valueOf(e.getMessage());
    }
    note(delivery, status, error);
  }

  private void note(Delivery delivery, int status, String error) {
    long now = wallMillis.getAsLong();
    long firstMs = delivery.firstAttemptMs() == 0 ? now : delivery.firstAttemptMs();
    switch (HookRetry.after(status, delivery.attempts() + 1, firstMs, now, random)) {
      case HookRetry.Next.Delivered() -> database.run(handle -> FeedRows.delivered(handle, delivery));
      case HookRetry.Next.Retry(long atMs) ->
          database.run(handle -> FeedRows.retry(handle, delivery, firstMs, atMs, error));
      case HookRetry.Next.DeadLetter() -> {
        database.run(handle -> FeedRows.dead(handle, delivery, error, now));
        LOG.atError().addKeyValue("hook", delivery.hook()).addKeyValue("event", delivery.entry().id())
            .addKeyValue("reason", error).log("event given up; it stays in the feed");
      }
    }
  }

  private static byte[] body(Hook hook, Delivery delivery) {
    return hook.style().body(delivery.entry().event());
  }

  private Map<String, String> headers(Hook hook, Delivery delivery) {
    byte[] body = body(hook, delivery);
    String timestamp = Long.toString(wallMillis.getAsLong() / 1000);
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", hook.style().contentType());
    headers.put("user-agent", "tapedeck");
    // The same on every attempt, so that a receiver can pass over what it has seen.
    headers.put("x-webhook-id", Long.toString(delivery.entry().id()));
    headers.put("x-webhook-timestamp", timestamp);
    headers.put("x-webhook-signature", HookSignature.ofBody(hook.secret(), body));
    headers.put("x-webhook-signature-v2", HookSignature.ofTimestampAndBody(hook.secret(), timestamp, body));
    return headers;
  }

  @Override
  public void close() {
    isClosed = true;
    wake();
  }
}
