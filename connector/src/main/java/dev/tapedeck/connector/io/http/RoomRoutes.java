package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.life.RoomWatch;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RoomRows;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/rooms}: who is where now, and a stream of what changes. */
final class RoomRoutes {
  private final Api api;
  private final Database database;
  private final RoomWatch watch;
  private final StreamSlots slots;
  private final RoomStream streams = new RoomStream();

  RoomRoutes(Api api, Database database, RoomWatch watch, StreamSlots slots) {
    this.api = api;
    this.database = database;
    this.watch = watch;
    this.slots = slots;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/api/rooms", api.guard(this::list));
    routes.get("/api/rooms/{room}", api.guard(this::get));
    routes.get("/api/rooms/{room}/events", api.guard(this::stream));
  }

  /** Ends all streams, so that the server can stop. */
  void close() {
    streams.close();
  }

  private void list(Context ctx) throws IOException {
    Caller caller = api.member(ctx);
    Api.Page page = Api.Page.of(ctx);
    List<Map<String, Object>> rooms = new ArrayList<>();
    long total = database.read(handle -> {
      RoomRows.openOf(handle, caller.app(), page.pageSize(), page.offset())
          .forEach(room -> rooms.add(RoomJson.of(handle, room)));
      return RoomRows.countOpenOf(handle, caller.app());
    });
    Api.json(ctx, 200, Map.of("rooms", rooms, "pagination", page.pagination(total)));
  }

  private void get(Context ctx) throws IOException {
    String name = ctx.pathParam("room");
    Caller caller = api.inRoom(ctx, name);
    Api.json(ctx, 200, snapshot(caller.app(), name).orElseThrow(() -> ApiException.notFound("Room")));
  }

  /** A room where nobody is yet can be watched too: its snapshot is empty. */
  private void stream(Context ctx) throws InterruptedException {
    String name = ctx.pathParam("room");
    Caller caller = api.inRoom(ctx, name);
    try (StreamSlots.Slot _ = slots.take(caller); RoomWatch.Watcher watcher = watch.watch(caller.app(), name)) {
      streams.run(ctx, watcher, () -> api.isInForce(caller),
          () -> snapshot(caller.app(), name).orElseGet(() -> RoomJson.empty(name)), false, Optional.empty());
    }
  }

  private Optional<Map<String, Object>> snapshot(String app, String name) {
    return database.read(handle -> RoomRows.open(handle, app, name).map(room -> RoomJson.of(handle, room)));
  }
}
