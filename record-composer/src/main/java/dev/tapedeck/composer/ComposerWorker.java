package dev.tapedeck.composer;

import dev.tapedeck.composer.core.job.JobRules;
import dev.tapedeck.composer.io.http.ComposerHttp;
import dev.tapedeck.composer.io.job.AppStores;
import dev.tapedeck.composer.io.job.ConnectorLibrary;
import dev.tapedeck.composer.io.job.ConnectorSink;
import dev.tapedeck.composer.io.job.EventOutbox;
import dev.tapedeck.composer.io.job.JobDesk;
import dev.tapedeck.composer.io.job.JobPlaces;
import dev.tapedeck.composer.io.job.JobRunner;
import dev.tapedeck.composer.io.job.JobStore;
import dev.tapedeck.composer.io.job.LibraryFiles;
import dev.tapedeck.composer.io.job.TempFolders;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The REST worker: takes jobs over HTTP, runs them, and tells the connector what became of them. */
public final class ComposerWorker implements AutoCloseable {
  private final JobStore jobs;
  private final JobRunner runner;
  private final Optional<EventOutbox> outbox;
  private final Javalin http;

  private ComposerWorker(JobStore jobs, JobRunner runner, Optional<EventOutbox> outbox, Javalin http) {
    this.jobs = jobs;
    this.runner = runner;
    this.outbox = outbox;
    this.http = http;
  }

  /**
   * Starts a worker; when this returns it takes requests.
   *
   * @throws IllegalArgumentException if a setting cannot be used
   * @throws IOException              if the job database cannot be opened, or the port cannot be had
   */
  public static ComposerWorker start(ComposerConfig config) throws IOException {
    Apps apps = apps(config);
    ComposerConfig.Composer settings = config.composer();
    AppStores stores = stores(config);
    JobPlaces places = new JobPlaces(stores,
        OutboundPolicy.of(Set.of("http", "https"), config.outbound().allow()));
    Path data = Path.of(settings.data());
    JobStore jobs = JobStore.open(data.resolve("jobs.db"));
    JobRules rules = new JobRules(settings.finalizedWait(), settings.firstChunkWait(), settings.poll(),
        settings.maxAttempts());
    JobRunner runner = new JobRunner(jobs, places, rules, settings.lease(), TempFolders.ownIn(data.resolve("tmp")),
        UUID.randomUUID().toString(), System::currentTimeMillis);
    JobDesk desk = new JobDesk(jobs, places,
        config.connector().url().map(url -> new ConnectorLibrary(URI.create(url), apps)), settings.maxWaiting(),
        new SecureRandom(), System::currentTimeMillis);
    TokenVerifier tokens = new TokenVerifier(apps, List.of(), System::currentTimeMillis);
    Javalin http = serve(config.http(), ComposerHttp.create(apps, tokens, jobs, desk, jobs::isReachable));
    runner.start(settings.concurrency());
    Optional<EventOutbox> outbox = config.connector().url().map(url -> new EventOutbox(jobs,
        new ConnectorSink(URI.create(url), apps, jobs::find, new LibraryFiles(stores)), System::currentTimeMillis));
    return new ComposerWorker(jobs, runner, outbox, http);
  }

  private static Javalin serve(ComposerConfig.Http config, Javalin http) throws IOException {
    try {
      return http.start(config.host(), config.port());
    } catch (JavalinBindException e) {
      throw new IOException(Problems.ofPort("http.port", config.port(), e), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return http.port();
  }

  /** Every route as {@code GET /path/{parameter}}, for comparison with its description. */
  Set<String> operations() {
    return ComposerHttp.operations(http);
  }

  /** Takes no more requests, puts running jobs back, and stops. */
  @Override
  public void close() {
    http.stop();
    runner.close();
    outbox.ifPresent(EventOutbox::close);
    jobs.close();
  }

  private static Apps apps(ComposerConfig config) {
    Map<String, List<Redacted>> secrets = new LinkedHashMap<>();
    config.apps().forEach((app, settings) -> secrets.put(app, settings.secrets()));
    return Apps.of(secrets);
  }

  private static AppStores stores(ComposerConfig config) {
    ComposerConfig.Composer settings = config.composer();
    StoreUri store = store("composer.store", settings.store());
    Map<String, StoreUri> own = new LinkedHashMap<>();
    config.apps().forEach((app, named) -> named.storeUri().ifPresent(uri ->
        own.put(app, store("apps." + app + ".store-uri", uri))));
    return new AppStores(new AppStores.Stores(store,
        settings.transmuxStore().map(uri -> store("composer.transmux-store", uri)).orElse(store),
        settings.composeStore().map(uri -> store("composer.compose-store", uri)).orElse(store)), own);
  }

  private static StoreUri store(String key, Redacted uri) {
    try {
      return StoreUri.parse(uri.reveal());
    } catch (StoreUriException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }
}
