package dev.tapedeck.connector.io.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.connector.core.audit.AdminKeys;
import dev.tapedeck.connector.io.http.Caller.Admin;
import dev.tapedeck.connector.io.http.Caller.Guest;
import dev.tapedeck.connector.io.http.Caller.Service;
import dev.tapedeck.connector.io.http.Caller.User;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.RecordPolicies;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.RecordPolicy;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all routes share: who calls, reading and writing JSON with limits, errors in one shape, request ids. */
final class Api {
  static final int MAX_BODY_BYTES = 64 * 1024;
  static final int MAX_PAGE_SIZE = 100;
  static final int DEFAULT_PAGE_SIZE = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String REQUEST_ID = "x-request-id";
  private static final String BEARER = "Bearer ";

  private final Apps apps;
  private final AdminKeys adminKeys;
  private final TokenVerifier tokens;
  private final CallerLimit adminCalls;
  private final RandomGenerator random;

  /** @param adminCalls how often one caller may use the admin API */
  Api(Apps apps, AdminKeys adminKeys, TokenVerifier tokens, CallerLimit adminCalls, RandomGenerator random) {
    this.apps = apps;
    this.adminKeys = adminKeys;
    this.tokens = tokens;
    this.adminCalls = adminCalls;
    this.random = random;
  }

  /** A route that may throw {@link ApiException}; anything else becomes a 500 whose cause stands in the log only. */
  Handler guard(Handler route) {
    return ctx -> {
      ctx.header(REQUEST_ID, requestId(ctx));
      try {
        route.handle(ctx);
      } catch (ApiException e) {
        fail(ctx, e);
      } catch (EofException e) {
        // The caller hung up while we answered, as players do whenever somebody seeks.
        LOG.atDebug().addKeyValue("path", ctx.path()).log("caller hung up");
      } catch (IOException | RuntimeException e) {
        LOG.atError().addKeyValue("requestId", ctx.res().getHeader(REQUEST_ID)).addKeyValue("path", ctx.path())
            .setCause(e).log("request failed");
        fail(ctx, new ApiException(500, "internal", "Internal error", "try again; tell the operator the requestId"));
      }
    };
  }

  /** Who calls: the app's backend, or one of its people. */
  Caller member(Context ctx) {
    return switch (caller(ctx)) {
      case Guest guest -> throw ApiException.forbidden("an invite opens its room and nothing else");
      case Caller known -> known;
    };
  }

  /** Who calls, when only the app's backend may. */
  Service service(Context ctx) {
    return switch (caller(ctx)) {
      case Service service -> service;
      case Admin admin -> throw ApiException.forbidden("only the app's backend may do this, with the app's secret");
      case User user -> throw ApiException.forbidden("only the app's backend may do this, with the app's secret");
      case Guest guest -> throw ApiException.forbidden("an invite opens its room and nothing else");
    };
  }

  /** Who calls, when only an administrator may. */
  Caller admin(Context ctx) {
    return requireAdmin(adminCaller(ctx));
  }

  /** Who calls the admin API, whatever it may do there. */
  Caller adminCaller(Context ctx) {
    Caller caller = caller(ctx);
    adminCalls.take(caller);
    return caller;
  }

  /** @throws ApiException 403, which says what an administrator shows */
  static Caller requireAdmin(Caller caller) {
    return switch (caller) {
      case Admin admin -> admin;
      case User user when user.isAdmin() -> user;
      case User user -> throw ApiException.forbidden("only people whose token says \"role\": \"admin\" may do this");
      case Service service -> throw ApiException.forbidden(
          "the app's secret does not administer; use an admin key, or a user token with the role admin");
      case Guest guest -> throw ApiException.forbidden("an invite opens its room and nothing else");
    };
  }

  Guest guest(Context ctx) {
    if (caller(ctx) instanceof Guest guest) {
      return guest;
    }
    throw ApiException.forbidden("an invite token is needed here");
  }

  /** Whether what the caller showed still opens anything; for answers that take long. */
  boolean isInForce(Caller caller) {
    return caller.token().map(tokens::isInForce).orElse(true);
  }

  /** Who calls, when it may see this room. */
  Caller inRoom(Context ctx, String room) {
    Caller caller = caller(ctx);
    if (caller instanceof Guest guest && !guest.room().equals(room)) {
      throw ApiException.notFound("Room");
    }
    return caller;
  }

  /** The bearer as it was sent; for the token routes, which answer a wrong one in their own way. */
  static String bearer(Context ctx) {
    String header = Optional.ofNullable(ctx.header("Authorization")).orElse("");
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw ApiException.unauthorized("send the header Authorization: Bearer <token>");
    }
    return header.substring(BEARER.length()).strip();
  }

  /** The body as a JSON object. An empty body is an empty object. */
  static JsonNode body(Context ctx) throws IOException {
    byte[] bytes = bytes(ctx);
    if (bytes.length == 0) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode node = JSON.readTree(bytes);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest("the body is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    throw ApiException.badRequest("the body must be a JSON object");
  }

  static byte[] bytes(Context ctx) throws IOException {
    byte[] bytes = ctx.req().getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      throw new ApiException(413, "too_large", "Body too large", "send at most " + MAX_BODY_BYTES + " bytes");
    }
    return bytes;
  }

  static void json(Context ctx, int status, Object value) throws JsonProcessingException {
    ctx.status(status).contentType("application/json").result(JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8));
  }

  static String write(Object value) throws JsonProcessingException {
    return JSON.writeValueAsString(value);
  }

  /** A moment as answers print it, null when there is none. */
  static String iso(OptionalLong unixMillis) {
    return unixMillis.isPresent() ? ManifestJson.iso(Instant.ofEpochMilli(unixMillis.getAsLong())) : null;
  }

  /** A name in the body: 1 to 128 bytes without control characters. */
  static String name(JsonNode body, String member) {
    return text(body, member)
        .filter(Ids::isName)
        .orElseThrow(() -> ApiException.badRequest(
            member + " must be 1 to " + Ids.MAX_NAME_BYTES + " bytes of UTF-8 without control characters"));
  }

  /** What is to be taped, as two members of a body say it; empty when neither is there. */
  static Optional<RecordPolicy> recordPolicy(JsonNode body, String layersMember, String mediaMember) {
    try {
      return RecordPolicies.of(text(body, layersMember), text(body, mediaMember));
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(layersMember + " or " + mediaMember + ": " + e.getMessage());
    }
  }

  static Optional<String> text(JsonNode body, String member) {
    JsonNode value = body.get(member);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(member + " must be a string");
    }
    return Optional.of(value.textValue());
  }

  static boolean flag(JsonNode body, String member) {
    JsonNode value = body.get(member);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw ApiException.badRequest(member + " must be true or false");
    }
    return value.booleanValue();
  }

  static long number(JsonNode body, String member, long defaultValue, long min, long max) {
    JsonNode value = body.get(member);
    if (value == null || value.isNull()) {
      return defaultValue;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
      throw ApiException.badRequest(member + " must be a whole number of " + min + " to " + max);
    }
    return value.longValue();
  }

  /** A whole number of the query. */
  static long query(Context ctx, String name, long defaultValue, long min, long max) {
    String text = ctx.queryParam(name);
    if (text == null || text.isEmpty()) {
      return defaultValue;
    }
    boolean isNumber = text.matches("[0-9]{1,18}");
    long value = isNumber ? Long.parseLong(text) : -1;
    if (value < min || value > max) {
      throw ApiException.badRequest(name + " must be a whole number of " + min + " to " + max);
    }
    return value;
  }

  /** The number of a recording in the path; what is no number names nothing. */
  static long recordingId(Context ctx) {
    String text = ctx.pathParam("id");
    if (!text.matches("[0-9]{1,16}")) {
      throw ApiException.notFound("Recording");
    }
    return Long.parseLong(text);
  }

  /** Which page of a list is asked for. @param page from 1 */
  record Page(int page, int pageSize) {
    static Page of(Context ctx) {
      return new Page((int) query(ctx, "page", 1, 1, 1_000_000),
          (int) Math.min(MAX_PAGE_SIZE, query(ctx, "pageSize", DEFAULT_PAGE_SIZE, 1, Integer.MAX_VALUE)));
    }

    long offset() {
      return (page - 1L) * pageSize;
    }

    Map<String, Object> pagination(long total) {
      return Map.of("page", page, "pageSize", pageSize, "total", total, "totalPages", (total + pageSize - 1) / pageSize);
    }
  }

  private Caller caller(Context ctx) {
    String bearer = bearer(ctx);
    Optional<String> app = apps.appOfSecret(bearer);
    if (app.isPresent()) {
      return new Service(app.get());
    }
    Optional<AdminKeys.Owner> administrator = adminKeys.owner(bearer);
    if (administrator.isPresent()) {
      return new Admin(administrator.get().app(), administrator.get().fingerprint());
    }
    try {
      TokenClaims user = tokens.verify(bearer, TokenKind.USER);
      return new User(user.app(), user.user().orElseThrow(), user.role().orElseThrow().equals("admin"),
          Optional.of(user.fingerprint()));
    } catch (TokenException notUser) {
      if (notUser.reason() != TokenException.Reason.WRONG_KIND) {
        throw ApiException.unauthorized(notUser.getMessage());
      }
    }
    try {
      TokenClaims invite = tokens.verify(bearer, TokenKind.INVITE);
      return new Guest(invite.app(), invite.requireRoom(), invite.record(), invite.recordPolicy(),
          invite.expiresAtMillis(), Optional.of(invite.fingerprint()));
    } catch (TokenException e) {
      throw ApiException.unauthorized(e.getMessage());
    }
  }

  private void fail(Context ctx, ApiException e) throws JsonProcessingException {
    if (ctx.res().isCommitted()) {
      return;
    }
    if (e.status() == 401) {
      ctx.header("WWW-Authenticate", "Bearer");
    }
    if (e.retryAfterSeconds() > 0) {
      ctx.header("Retry-After", Long.toString(e.retryAfterSeconds()));
    }
    json(ctx, e.status(), Map.of("error", e.error(), "code", e.code(), "message", e.getMessage(),
        "requestId", ctx.res().getHeader(REQUEST_ID)));
  }

  /** The caller's id for the request if it is a harmless one, else a new one. */
  private String requestId(Context ctx) {
    String given = ctx.header(REQUEST_ID);
    return given != null && given.matches("[A-Za-z0-9._-]{1,64}")
        ? given : HexFormat.of().toHexDigits(random.nextLong());
  }
}
