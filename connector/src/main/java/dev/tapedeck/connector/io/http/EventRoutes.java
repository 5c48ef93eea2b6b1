package dev.tapedeck.connector.io.http;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FeedHorizon;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.wire.HookEvent;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** {@code /api/events}: everything an app's hooks were or will be told, from any point on. */
final class EventRoutes {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private final Api api;
  private final Database database;
  private final Feed feed;
  private final LongSupplier wallMillis;
  private final Runnable onWritten;

  EventRoutes(Api api, Database database, Feed feed, LongSupplier wallMillis, Runnable onWritten) {
    this.api = api;
    this.database = database;
    this.feed = feed;
    this.wallMillis = wallMillis;
    this.onWritten = onWritten;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/api/events", api.guard(this::list));
    routes.post("/api/events/compose", api.guard(this::append));
  }

  private void list(Context ctx) throws IOException {
    Caller caller = api.member(ctx);
    long after = Api.query(ctx, "after", 0, 0, Long.MAX_VALUE);
    int limit = (int) Api.query(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    long horizon = database.read(handle -> FeedHorizon.of(handle, caller.app()));
    if (after > 0 && after < horizon) {
      throw new ApiException(410, "cursor_too_old", "Events are gone", "events up to " + horizon
          + " were given up because of their age; read /api/recordings for what they said, then go on after " + horizon);
    }
    if (after > database.<Long, RuntimeException>read(FeedHorizon::newest)) {
      throw new ApiException(410, "cursor_unknown", "No such event", "event " + after + " was never in this database,"
          + " which may have been rebuilt; read /api/recordings for what may be missed, then begin without after");
    }
    List<FeedRows.Entry> entries = database.read(handle -> FeedRows.after(handle, caller.app(), after, limit));
    long next = entries.isEmpty() ? after : entries.getLast().id();
    ctx.contentType("application/json").result(entries.stream().map(EventRoutes::json)
        .collect(Collectors.joining(",", "{\"events\":[", "],\"next\":" + next + "}")).getBytes(StandardCharsets.UTF_8));
  }

  /** For the composer: it tells its events here, and they go to feed and hooks like all others. */
  private void append(Context ctx) throws IOException {
    Caller.Service service = api.service(ctx);
    HookEvent event = parse(Api.bytes(ctx));
    if (!event.hasCompose() || !event.getCompose().getApp().equals(service.app())) {
      throw ApiException.badRequest("the body must be a HookEvent message with a compose event of the caller's app");
    }
    Optional<String> sourceId = Optional.ofNullable(ctx.header("X-Event-Id"));
    if (sourceId.isPresent() && !Ids.isName(sourceId.get())) {
      throw ApiException.badRequest("X-Event-Id must be 1 to 128 bytes without control characters");
    }
    long now = wallMillis.getAsLong();
    database.run(handle -> {
      if (sourceId.isPresent()) {
        feed.appendOnce(handle, service.app(), event, sourceId.get(), now);
      } else {
        feed.append(handle, service.app(), "", event, now);
      }
    });
    onWritten.run();
    ctx.status(204);
  }

  private static HookEvent parse(byte[] body) {
    try {
      return HookEvent.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw ApiException.badRequest("the body is not a HookEvent message");
    }
  }

  private static String json(FeedRows.Entry entry) {
    return "{\"id\":" + entry.id() + ",\"kind\":\"" + entry.kind() + "\",\"createdAt\":\""
        + ManifestJson.iso(Instant.ofEpochMilli(entry.createdMs())) + "\",\"event\":"
        + new String(HookStyle.REFERENCE.body(entry.event()), StandardCharsets.UTF_8) + "}";
  }
}
