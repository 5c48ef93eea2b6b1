package dev.tapedeck.connector.io.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.DeadLetterRows;
import dev.tapedeck.connector.io.store.DeadLetterRows.DeadLetter;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /api/hooks/dead-letters}: events a hook was not told, and telling them after all. */
final class DeadLetterRoutes {
  /** Event and name of the hook. */
  private static final Pattern ID = Pattern.compile("([0-9]{1,18})-(.+)", Pattern.DOTALL);

  private final Api api;
  private final Database database;
  private final Hooks hooks;
  private final LongSupplier wallMillis;
  private final Runnable onWritten;

  DeadLetterRoutes(Api api, Database database, Hooks hooks, LongSupplier wallMillis, Runnable onWritten) {
    this.api = api;
    this.database = database;
    this.hooks = hooks;
    this.wallMillis = wallMillis;
    this.onWritten = onWritten;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/api/hooks/dead-letters", api.guard(this::list));
    routes.post("/api/hooks/dead-letters/retry", api.guard(this::retryAll));
    routes.post("/api/hooks/dead-letters/{id}/retry", api.guard(this::retry));
  }

  private void list(Context ctx) throws IOException {
    String app = api.service(ctx).app();
    Api.Page page = Api.Page.of(ctx);
    Optional<String> hook = Optional.ofNullable(ctx.queryParam("hook")).filter(name -> !name.isEmpty())
        .map(name -> Hook.id(app, name));
    List<DeadLetter> letters =
        database.read(handle -> DeadLetterRows.page(handle, app, hook, page.pageSize(), page.offset()));
    long total = database.read(handle -> DeadLetterRows.count(handle, app, hook));
    Api.json(ctx, 200, Map.of("deadLetters", letters.stream().map(letter -> json(app, letter)).toList(),
        "pagination", page.pagination(total)));
  }

  private void retry(Context ctx) throws IOException {
    String app = api.service(ctx).app();
    Matcher id = ID.matcher(ctx.pathParam("id"));
    if (!id.matches()) {
      throw ApiException.notFound("Dead letter");
    }
    String hook = configured(app, id.group(2));
    boolean isQueued = database.write(
        handle -> DeadLetterRows.retry(handle, hook, Long.parseLong(id.group(1)), wallMillis.getAsLong()));
    if (!isQueued) {
      throw ApiException.notFound("Dead letter");
    }
    answer(ctx, 1);
  }

  private void retryAll(Context ctx) throws IOException {
    String app = api.service(ctx).app();
    JsonNode body = Api.body(ctx);
    String hook = configured(app, Api.text(body, "hook")
        .orElseThrow(() -> ApiException.badRequest("hook must name one of the app's hooks")));
    answer(ctx, database.write(handle -> DeadLetterRows.retryAll(handle, hook, wallMillis.getAsLong())));
  }

  private void answer(Context ctx, int queued) throws IOException {
    onWritten.run();
    Api.json(ctx, 202, Map.of("queued", queued));
  }

  /** Without its hook a letter would be dead again at once. */
  private String configured(String app, String name) {
    return hooks.find(Hook.id(app, name)).map(Hook::id).orElseThrow(() -> ApiException.notFound("Hook"));
  }

  private static Map<String, Object> json(String app, DeadLetter letter) {
    String hook = letter.hook().substring(app.length() + 1);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", letter.event() + "-" + hook);
    json.put("hook", hook);
    json.put("event", letter.event());
    json.put("kind", letter.kind());
    json.put("room", letter.room());
    json.put("attempts", letter.attempts());
    json.put("createdAt", Api.iso(OptionalLong.of(letter.createdMs())));
    json.put("firstAttemptAt", Api.iso(letter.firstAttemptMs()));
    json.put("deadAt", Api.iso(letter.deadMs()));
    json.put("error", letter.error());
    return json;
  }
}
