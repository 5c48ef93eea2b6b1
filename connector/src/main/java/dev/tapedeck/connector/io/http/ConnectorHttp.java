package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.core.audit.AdminKeys;
import dev.tapedeck.connector.io.admin.AdminDesk;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.life.LiveStats;
import dev.tapedeck.connector.io.life.RoomWatch;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.protocol.http.AllowedMethods;
import dev.tapedeck.protocol.http.UnreadBody;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.staticfiles.Location;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.UriCompliance;

/**
 * The connector's HTTP surface. It registers its routes on a Javalin that somebody else makes, so that one server can carry
 * those of other programs too:
 *
 * <pre>{@code
 * Javalin.create(config -> {
 *   ConnectorHttp.prepare(config);
 *   connectorHttp.register(config.routes);
 *   // routes of others
 *   connectorHttp.registerFallback(config.routes);
 * })
 * }</pre>
 */
public final class ConnectorHttp {
  private static final String PAGES = "/web";
  /** The client module, {@code protocol/js}, and where it stands for good. */
  private static final String CLIENT = "/client";
  private static final String CLIENT_PATH = "/js/tapedeck";
  /** Pages run our scripts alone; media may come from the store, wherever that is. */
  private static final String PAGE_POLICY = "default-src 'self'; media-src 'self' blob: https: http:;"
      + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
  private static final String[] SCOPES = {"/api/*", "/token/*"};

  private final Api api;
  private final TokenRoutes tokens;
  private final InviteRoutes invites;
  private final RoomRoutes rooms;
  private final AdminRoutes orders;
  private final AdminViewRoutes adminViews;
  private final RecordingRoutes recordings;
  private final EventRoutes events;
  private final DeadLetterRoutes deadLetters;
  private final KeyRoutes keys;
  private final OpsRoutes ops;
  private volatile BooleanSupplier othersAreReady = () -> true;

  /**
   * What administrators stand on.
   *
   * @param keys who they are, besides users with that role
   */
  public record Administration(AdminKeys keys, AdminDesk desk, LiveStats stats) {}

  /**
   * What the routes stand on.
   *
   * @param publicUrl as people reach this server, without a slash at its end
   * @param onWritten called after an event was written to the feed
   * @param random    for request ids
   */
  public record Parts(Apps apps, TokenVerifier verifier, TokenIssuer issuer, Administration admin, Database database,
      ObjectStore objects, RoomWatch watch, Feed feed, Hooks hooks, SigningKeys keys, PrometheusMeterRegistry metrics,
      Optional<String> publicUrl, LongSupplier wallMillis, RandomGenerator random, Runnable onWritten) {}

  public ConnectorHttp(Parts parts) {
    Counter refused = Counter.builder("tapedeck_admin_requests_refused")
        .description("Calls of the admin API beyond what one caller may make").register(parts.metrics());
    api = new Api(parts.apps(), parts.admin().keys(), parts.verifier(),
        new CallerLimit(System::nanoTime, refused::increment), parts.random());
    tokens = new TokenRoutes(api, parts.apps(), parts.issuer());
    invites = new InviteRoutes(api, parts.database(), parts.issuer(), parts.publicUrl(), parts.wallMillis());
    StreamSlots streams = new StreamSlots(StreamSlots.Limits.DEFAULT);
    rooms = new RoomRoutes(api, parts.database(), parts.watch(), streams);
    orders = new AdminRoutes(api, parts.admin().desk(), parts.verifier());
    adminViews = new AdminViewRoutes(api, parts.database(), parts.watch(), parts.admin().stats(), streams);
    recordings = new RecordingRoutes(api, parts.database(), parts.objects(), parts.verifier(), parts.issuer(),
        parts.wallMillis());
    events = new EventRoutes(api, parts.database(), parts.feed(), parts.wallMillis(), parts.onWritten());
    deadLetters = new DeadLetterRoutes(api, parts.database(), parts.hooks(), parts.wallMillis(), parts.onWritten());
    keys = new KeyRoutes(api, parts.keys());
    ops = new OpsRoutes(api, parts.metrics(), () -> parts.database().isAlive() && othersAreReady.getAsBoolean());
  }

  /** {@code /ready} also depends on this: another program answers under the same origin. */
  public void readyOnlyIf(BooleanSupplier othersAreReady) {
    this.othersAreReady = othersAreReady;
  }

  /** Settings of the server that these routes need: virtual threads, names with any character in paths, and the pages. */
  public static void prepare(JavalinConfig config) {
    config.concurrency.useVirtualThreads = true;
    config.startup.showJavalinBanner = false;
    config.http.maxRequestSize = Api.MAX_BODY_BYTES;
    config.http.prefer405over404 = true;
    config.routes.after(ctx -> UnreadBody.drain(ctx.req().getInputStream(), ctx.header("Expect")));
    // Room names may hold '/' and '%', which stand escaped in paths; we look nothing up by path.
    config.jetty.modifyHttpConfiguration(http -> http.setUriCompliance(UriCompliance.UNSAFE));
    config.jetty.modifyServletContextHandler(
        handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
    if (ConnectorHttp.class.getResource(PAGES + "/index.html") != null) {
      config.staticFiles.add(files -> {
        files.directory = PAGES;
        files.location = Location.CLASSPATH;
        files.headers = Map.of("Content-Security-Policy", PAGE_POLICY, "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer");
      });
    }
    config.staticFiles.add(files -> {
      files.hostedPath = CLIENT_PATH;
      files.directory = CLIENT;
      files.location = Location.CLASSPATH;
      // Pages of any origin may import the module; modules are fetched with CORS.
      files.headers = Map.of("Access-Control-Allow-Origin", "*", "X-Content-Type-Options", "nosniff",
          "Cache-Control", "no-cache");
    });
  }

  /** Adds all routes but the fallback. */
  public void register(JavalinDefaultRoutingApi routes) {
    for (String scope : SCOPES) {
      routes.before(scope, ConnectorHttp::allowOtherOrigins);
      routes.options(scope, ctx -> ctx.status(204));
    }
    tokens.register(routes);
    invites.register(routes);
    rooms.register(routes);
    orders.register(routes);
    adminViews.register(routes);
    recordings.register(routes);
    events.register(routes);
    deadLetters.register(routes);
    keys.register(routes);
    ops.register(routes);
  }

  /** Adds the answers to what no route answers; after all other routes, also those of other programs. */
  public void registerFallback(JavalinDefaultRoutingApi routes) {
    routes.exception(NotFoundResponse.class, (e, ctx) -> refuse(ctx, noSuchRoute()));
    routes.exception(MethodNotAllowedResponse.class, (e, ctx) -> {
      Set<String> methods = AllowedMethods.of(e.getDetails());
      if (methods.equals(Set.of("OPTIONS"))) { // which every path of ours answers, whether or not there is a route
        refuse(ctx, noSuchRoute());
        return;
      }
      ctx.header("Allow", String.join(", ", methods));
      refuse(ctx, new ApiException(405, "method_not_allowed", "Method not allowed",
          "this path answers " + String.join(", ", methods)));
    });
  }

  private static ApiException noSuchRoute() {
    return new ApiException(404, "no_such_route", "No such route", "see /openapi.json for what there is");
  }

  private void refuse(Context ctx, ApiException problem) {
    try {
      api.guard(ignored -> {
        throw problem;
      }).handle(ctx);
    } catch (Exception e) {
      throw new IllegalStateException("an answer of a few words could not be written", e);
    }
  }

  /** Ends open event streams, so that the server can stop. */
  public void close() {
    rooms.close();
    adminViews.close();
  }

  /** Any page may call: what it may do depends on the bearer it holds, never on cookies. */
  private static void allowOtherOrigins(Context ctx) {
    ctx.header("Access-Control-Allow-Origin", "*");
    ctx.header("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
    ctx.header("Access-Control-Allow-Headers", "Authorization, Content-Type, Range, If-Range, If-None-Match, X-Request-Id");
    ctx.header("Access-Control-Expose-Headers", "ETag, Content-Range, Accept-Ranges, X-Request-Id");
    ctx.header("Access-Control-Max-Age", "86400");
  }
}
