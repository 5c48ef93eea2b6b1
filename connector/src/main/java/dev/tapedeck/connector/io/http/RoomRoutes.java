package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.life.RoomChange;
import dev.tapedeck.connector.io.life.RoomWatch;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.manifest.ManifestJson;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** {@code /api/rooms}: who is where now, and a stream of what changes. */
final class RoomRoutes {
  private static final long HEARTBEAT_MILLIS = 10_000;
  private static final int MAX_WATCHERS = 2_000;

  private final Api api;
  private final Database database;
  private final RoomWatch watch;
  private volatile boolean isClosed;

  RoomRoutes(Api api, Database database, RoomWatch watch) {
    this.api = api;
    this.database = database;
    this.watch = watch;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/api/rooms", api.guard(this::list));
    routes.get("/api/rooms/{room}", api.guard(this::get));
    routes.get("/api/rooms/{room}/events", api.guard(this::stream));
  }

  /** Ends all streams, so that the server can stop. */
  void close() {
    isClosed = true;
  }

  private void list(Context ctx) throws IOException {
    Caller caller = api.member(ctx);
    Api.Page page = Api.Page.of(ctx);
    List<Map<String, Object>> rooms = new ArrayList<>();
    long total = database.read(handle -> {
      RoomRows.openOf(handle, caller.app(), page.pageSize(), page.offset()).forEach(room -> rooms.add(room(handle, room)));
      return RoomRows.countOpenOf(handle, caller.app());
    });
    Api.json(ctx, 200, Map.of("rooms", rooms, "pagination", page.pagination(total)));
  }

  private void get(Context ctx) throws IOException {
    String name = ctx.pathParam("room");
    Caller caller = api.inRoom(ctx, name);
    Api.json(ctx, 200, snapshot(caller.app(), name).orElseThrow(() -> ApiException.notFound("Room")));
  }

  /** Server-sent events (WHATWG HTML §9.2). A room where nobody is yet can be watched too: its snapshot is empty. */
  private void stream(Context ctx) throws IOException, InterruptedException {
    String name = ctx.pathParam("room");
    Caller caller = api.inRoom(ctx, name);
    if (watch.watchers() >= MAX_WATCHERS) {
      throw new ApiException(503, "too_many_watchers", "Too many watchers", "try again later, or ask for the room itself");
    }
    ctx.disableCompression();
    ctx.contentType("text/event-stream").header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
    try (RoomWatch.Watcher watcher = watch.watch(caller.app(), name)) {
      OutputStream out = ctx.res().getOutputStream();
      send(out, "snapshot", snapshot(caller.app(), name).orElseGet(() -> emptyRoom(name)));
      while (!isClosed && !watcher.isCut()) {
        RoomChange change = watcher.poll(1000);
        if (change != null) {
          send(out, change.event(), change.data());
        } else if (System.nanoTime() / 1_000_000 % HEARTBEAT_MILLIS < 1000) {
          write(out, ":\n\n");
        }
      }
    } catch (IOException gone) {
      // The watcher went away; that is how these streams end.
    }
  }

  private static void send(OutputStream out, String event, Map<String, Object> data) throws IOException {
    write(out, "event: " + event + "\ndata: " + Api.write(data) + "\n\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private Optional<Map<String, Object>> snapshot(String app, String name) {
    return database.read(handle -> RoomRows.open(handle, app, name).map(room -> room(handle, room)));
  }

  private static Map<String, Object> emptyRoom(String name) {
    Map<String, Object> empty = new LinkedHashMap<>();
    empty.put("room", name);
    empty.put("instance", null);
    empty.put("startedAt", null);
    empty.put("recording", null);
    empty.put("peers", List.of());
    return empty;
  }

  private static Map<String, Object> room(Handle handle, RoomRows.Room room) {
    Optional<RecordingRows.Recording> recording = RecordingRows.openIn(handle, room.app(), room.instance());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("room", room.name());
    json.put("instance", room.instance());
    json.put("startedAt", ManifestJson.iso(Instant.ofEpochMilli(room.startedMs())));
    json.put("recording", recording.map(open -> Map.of("id", open.recording(), "state", open.state().text())).orElse(null));
    json.put("peers", RoomRows.staysIn(handle, room).stream().map(stay -> peer(handle, stay, recording)).toList());
    return json;
  }

  private static Map<String, Object> peer(Handle handle, RoomRows.Stay stay,
      Optional<RecordingRows.Recording> recording) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("peer", stay.peer());
    json.put("session", stay.session());
    json.put("joinedAt", ManifestJson.iso(Instant.ofEpochMilli(stay.joinedMs())));
    json.put("recorded", recording.isPresent()
        && TapeRows.isRunning(handle, stay.app(), recording.get().recording(), stay.session()));
    json.put("tracks", RoomRows.tracksOf(handle, stay.app(), stay.session()));
    return json;
  }
}
