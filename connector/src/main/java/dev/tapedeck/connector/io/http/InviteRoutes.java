package dev.tapedeck.connector.io.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** {@code /api/invites}: links into one room, and what their holders get for them. */
final class InviteRoutes {
  private static final long DEFAULT_TTL_SECONDS = 24 * 3600;
  /** A name given out is kept for its holder this long, until the media server tells that he joined. */
  private static final long RESERVED_MILLIS = 15_000;
  private static final int MAX_RESERVED = 10_000;
  private static final int MAX_NAMESAKES = 1000;

  private final Api api;
  private final Database database;
  private final TokenIssuer issuer;
  private final Optional<String> publicUrl;
  private final LongSupplier wallMillis;
  /** Reserved names with the time they are free again; guarded by itself. */
  private final Map<String, Long> reserved = new LinkedHashMap<>();

  InviteRoutes(Api api, Database database, TokenIssuer issuer, Optional<String> publicUrl, LongSupplier wallMillis) {
    this.api = api;
    this.database = database;
    this.issuer = issuer;
    this.publicUrl = publicUrl;
    this.wallMillis = wallMillis;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.post("/api/invites", api.guard(this::create));
    routes.post("/api/invites/join", api.guard(this::join));
  }

  private void create(Context ctx) throws IOException {
    Caller caller = api.member(ctx);
    JsonNode body = Api.body(ctx);
    long ttlSeconds = Api.number(body, "ttlSeconds", DEFAULT_TTL_SECONDS, TokenIssuer.MIN_TTL_SECONDS,
        TokenIssuer.MAX_TTL_SECONDS);
    String token = issuer.invite(caller.app(), Api.name(body, "room"), Api.flag(body, "record"),
        Api.recordPolicy(body, "recordLayers", "recordMedia"), ttlSeconds);
    // After the '#', which browsers keep to themselves: a link's token stays out of logs.
    String url = publicUrl.orElseGet(() -> ctx.scheme() + "://" + ctx.host()) + "/meeting.html#invite=" + token;
    Api.json(ctx, 201, Map.of("url", url, "token", token));
  }

  private void join(Context ctx) throws IOException {
    Caller.Guest guest = api.guest(ctx);
    String peer = freeName(guest, Api.name(Api.body(ctx), "name"));
    long ttlSeconds = Math.max(1, (guest.expiresAtMillis() - wallMillis.getAsLong()) / 1000);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("room", guest.room());
    answer.put("peer", peer);
    Grant sending = Grant.of(guest.room(), peer, guest.record(), guest.recordPolicy());
    answer.put("token", issuer.media(TokenKind.WEBRTC, guest.app(), sending, ttlSeconds));
    answer.put("whipToken", issuer.media(TokenKind.WHIP, guest.app(), sending, ttlSeconds));
    // For the same name, so that whoever puts this person out ends what it watches, too.
    answer.put("whepToken", issuer.media(TokenKind.WHEP, guest.app(), Grant.of(guest.room(), peer, false), ttlSeconds));
    answer.put("record", guest.record());
    Api.json(ctx, 200, answer);
  }

  /** The name, or with a number behind it: two people of one name would push each other out of the room. */
  private String freeName(Caller.Guest guest, String name) {
    Set<String> taken = new HashSet<>();
    database.read(handle -> RoomRows.open(handle, guest.app(), guest.room())
            .map(room -> RoomRows.staysIn(handle, room)).orElse(java.util.List.of()))
        .forEach(stay -> taken.add(stay.peer()));
    synchronized (reserved) {
      long now = wallMillis.getAsLong();
      reserved.values().removeIf(freeAgainMs -> freeAgainMs <= now);
      for (int number = 1; number <= MAX_NAMESAKES; number++) {
        String candidate = number == 1 ? name : name + " (" + number + ")";
        String key = guest.app() + "\n" + guest.room() + "\n" + candidate;
        if (Ids.isName(candidate) && !taken.contains(candidate) && !reserved.containsKey(key)
            && reserved.size() < MAX_RESERVED) {
          reserved.put(key, now + RESERVED_MILLIS);
          return candidate;
        }
      }
    }
    throw new ApiException(409, "name_taken", "Name taken", "choose another name");
  }
}
