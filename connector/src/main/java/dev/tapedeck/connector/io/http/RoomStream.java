package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.life.RoomChange;
import dev.tapedeck.connector.io.life.RoomWatch;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Server-sent events (WHATWG HTML §9.2) of what happens in rooms: a snapshot, then each change. */
final class RoomStream {
  private static final long HEARTBEAT_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 1_000;
  /** Statistics of many media servers come together in one event at most this often. */
  private static final long STATS_NANOS = 2_000_000_000L;

  private volatile boolean isClosed;

  /**
   * Statistics between the changes.
   *
   * @param version grows when there are new ones
   */
  record Stats(LongSupplier version, Supplier<Map<String, Object>> stats) {}

  /** Ends all streams, so that the server can stop. */
  void close() {
    isClosed = true;
  }

  /**
   * Streams until the watcher hangs up, falls behind, or may not watch any more; the last is told by the event
   * {@code end}, since to come back with the same token is in vain.
   *
   * @param mayWatch  asked before each event, and at least every second
   * @param namesRoom whether each change says in which room it was
   */
  void run(Context ctx, RoomWatch.Watcher watcher, BooleanSupplier mayWatch, Supplier<Map<String, Object>> snapshot,
      boolean namesRoom, Optional<Stats> stats) throws InterruptedException {
    ctx.disableCompression();
    ctx.contentType("text/event-stream").header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
    try {
      OutputStream out = ctx.res().getOutputStream();
      send(out, "snapshot", snapshot.get());
      long version = stats.map(told -> told.version().getAsLong()).orElse(0L);
      long statsNanos = System.nanoTime() - STATS_NANOS;
      while (!isClosed && !watcher.isCut()) {
        RoomChange change = watcher.poll(LOOK_MILLIS);
        if (!mayWatch.getAsBoolean()) {
          send(out, "end", Map.of("reason", "unauthorized"));
          return;
        }
        if (change != null) {
          send(out, change.event(), namesRoom ? named(change) : change.data());
        } else if (System.nanoTime() / 1_000_000 % HEARTBEAT_MILLIS < LOOK_MILLIS) {
          write(out, ":\n\n");
        }
        boolean hasStats = stats.isPresent() && stats.get().version().getAsLong() != version;
        if (hasStats && System.nanoTime() - statsNanos >= STATS_NANOS) {
          version = stats.get().version().getAsLong();
          statsNanos = System.nanoTime();
          send(out, "stats", stats.get().stats().get());
        }
      }
    } catch (IOException gone) {
      // The watcher went away; that is how these streams end.
    }
  }

  private static Map<String, Object> named(RoomChange change) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("room", change.room());
    data.putAll(change.data());
    return data;
  }

  private static void send(OutputStream out, String event, Map<String, Object> data) throws IOException {
    write(out, "event: " + event + "\ndata: " + Api.write(data) + "\n\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
