package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.io.job.JobStore.OwedEvent;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers what jobs owe, in order per job, again and again until the sink has it. One virtual thread. */
public final class EventOutbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventOutbox.class);
  private static final long IDLE_MILLIS = 250;
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final long MAX_RETRY_MILLIS = 60_000;
  private static final int BATCH = 50;

  private final JobStore store;
  private final EventSink sink;
  private final LongSupplier wallMillis;
  private final Thread thread;
  private volatile boolean isClosed;

  public EventOutbox(JobStore store, EventSink sink, LongSupplier wallMillis) {
    this.store = store;
    this.sink = sink;
    this.wallMillis = wallMillis;
    this.thread = Thread.ofVirtual().name("event-outbox").start(this::run);
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isClosed) {
      try {
        for (OwedEvent event : store.owedEvents(wallMillis.getAsLong(), BATCH)) {
          deliver(event);
        }
        Thread.sleep(IDLE_MILLIS);
      } catch (InterruptedException e) {
        return; // close() asked for it
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("event outbox goes on after a failure of the job store");
      }
    }
  }

  private void deliver(OwedEvent event) {
    try {
      sink.deliver(event.id(), event.body());
      store.delivered(event.number(), wallMillis.getAsLong());
    } catch (IOException e) {
      long pause = Math.min(MAX_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(event.attempts(), 10));
      store.notDelivered(event.number(), wallMillis.getAsLong() + pause);
      log.atWarn().addKeyValue("event", event.id()).addKeyValue("attempt", event.attempts() + 1)
          .addKeyValue("retryMillis", pause).log("event not delivered: {}", e.getMessage());
    }
  }
}
