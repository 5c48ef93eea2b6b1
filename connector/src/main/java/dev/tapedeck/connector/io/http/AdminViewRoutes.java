package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.life.LiveStats;
import dev.tapedeck.connector.io.life.RoomWatch;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RoomRows;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /api/admin}: rooms with how media flow in them, now and as it changes, and the audit log. */
final class AdminViewRoutes {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  /** A live view of more rooms than this would be more than anybody reads; pages are there for that. */
  private static final int MAX_LIVE_ROOMS = 500;

  private final Api api;
  private final Database database;
  private final RoomWatch watch;
  private final LiveStats stats;
  private final StreamSlots slots;
  private final RoomStream streams = new RoomStream();

  AdminViewRoutes(Api api, Database database, RoomWatch watch, LiveStats stats, StreamSlots slots) {
    this.api = api;
    this.database = database;
    this.watch = watch;
    this.stats = stats;
    this.slots = slots;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/api/admin/rooms", api.guard(this::list));
    routes.get("/api/admin/rooms/{room}", api.guard(this::get));
    routes.get("/api/admin/rooms/{room}/live", api.guard(this::streamRoom));
    routes.get("/api/admin/live", api.guard(this::stream));
    routes.get("/api/admin/audit", api.guard(this::audit));
  }

  /** Ends all streams, so that the server can stop. */
  void close() {
    streams.close();
  }

  private void list(Context ctx) throws IOException {
    String app = api.admin(ctx).app();
    Api.Page page = Api.Page.of(ctx);
    Map<String, Object> json = new LinkedHashMap<>(rooms(app, page.pageSize(), page.offset()));
    json.put("pagination", page.pagination(database.read(handle -> RoomRows.countOpenOf(handle, app))));
    Api.json(ctx, 200, json);
  }

  private void get(Context ctx) throws IOException {
    String app = api.admin(ctx).app();
    Api.json(ctx, 200, room(app, ctx.pathParam("room")).orElseThrow(() -> ApiException.notFound("Room")));
  }

  private void stream(Context ctx) throws InterruptedException {
    Caller caller = api.admin(ctx);
    String app = caller.app();
    try (StreamSlots.Slot _ = slots.take(caller); RoomWatch.Watcher watcher = watch.watchAll(app)) {
      streams.run(ctx, watcher, () -> api.isInForce(caller), () -> rooms(app, MAX_LIVE_ROOMS, 0), true,
          Optional.of(new RoomStream.Stats(stats::version, () -> database.read(handle -> Map.of("rooms",
              RoomRows.openOf(handle, app, MAX_LIVE_ROOMS, 0).stream()
                  .map(room -> AdminJson.roomStats(handle, room, stats)).toList())))));
    }
  }

  private void streamRoom(Context ctx) throws InterruptedException {
    Caller caller = api.admin(ctx);
    String app = caller.app();
    String name = ctx.pathParam("room");
    try (StreamSlots.Slot _ = slots.take(caller); RoomWatch.Watcher watcher = watch.watch(app, name)) {
      streams.run(ctx, watcher, () -> api.isInForce(caller),
          () -> room(app, name).orElseGet(() -> RoomJson.empty(name)), true,
          Optional.of(new RoomStream.Stats(stats::version, () -> database.read(handle ->
              RoomRows.open(handle, app, name).map(room -> AdminJson.roomStats(handle, room, stats))
                  .orElseGet(() -> Map.of("room", name, "peers", List.of(), "watchers", List.of()))))));
    }
  }

  private void audit(Context ctx) throws IOException {
    String app = api.admin(ctx).app();
    long after = Api.query(ctx, "after", 0, 0, Long.MAX_VALUE);
    int limit = (int) Api.query(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    List<AuditRows.Numbered> lines = database.read(handle -> AuditRows.after(handle, app, after, limit));
    Api.json(ctx, 200, Map.of("entries", lines.stream().map(AdminJson::audit).toList(),
        "next", lines.isEmpty() ? after : lines.getLast().id()));
  }

  private Map<String, Object> rooms(String app, int limit, long offset) {
    return database.read(handle -> Map.of("rooms", RoomRows.openOf(handle, app, limit, offset).stream()
        .map(room -> AdminJson.room(handle, room, stats)).toList()));
  }

  private Optional<Map<String, Object>> room(String app, String name) {
    return database.read(handle ->
        RoomRows.open(handle, app, name).map(room -> AdminJson.room(handle, room, stats)));
  }
}
