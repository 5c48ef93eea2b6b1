package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.JobProgress;
import dev.tapedeck.composer.core.job.JobRules.Stored;
import dev.tapedeck.composer.io.outbound.GuardedTarget;
import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.S3Store;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.outbound.OutboundRefusedException;
import dev.tapedeck.protocol.store.StoreUri;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Where jobs read and write: the recordings' store, the stores of outputs, and what callers name themselves. */
public final class JobPlaces {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);
  private static final String MANIFEST = "manifest.json";

  private final AppStores stores;
  private final OutboundPolicy policy;

  public JobPlaces(AppStores stores, OutboundPolicy policy) {
    this.stores = stores;
    this.policy = policy;
  }

  /**
   * Checks the destinations of a request before it is accepted.
   *
   * @throws IllegalArgumentException saying what to change, without the destination's secrets
   */
  public void check(JobRequest request) {
    request.transmux().flatMap(JobRequest.Transmux::customS3).ifPresent(text -> check("transmux.custom_s3", text));
    request.compose().flatMap(JobRequest.Compose::customS3).ifPresent(text -> check("compose.custom_s3", text));
  }

  /** What the app's store holds now of the recording under this prefix. */
  Stored stored(String app, String recordPath) throws IOException {
    try (ObjectStore store = recording(stores.of(app).recordings(), recordPath)) {
      if (store.read(MANIFEST).isPresent()) {
        return Stored.MANIFEST;
      }
      return store.list("").isEmpty() ? Stored.NOTHING : Stored.CHUNKS;
    }
  }

  Conversion convert(Job job, Path tempFolder, JobProgress progress) throws IOException {
    JobRequest request = JobRequest.parse(job.request());
    String day = DAY.format(Instant.ofEpochMilli(job.createdAt()));
    String app = KeySegment.escape(job.app());
    AppStores.Stores ours = stores.of(job.app());
    Optional<OutputTarget> transmux = Optional.empty();
    Optional<OutputTarget> compose = Optional.empty();
    try (ObjectStore source = recording(ours.recordings(), job.recordPath())) {
      if (request.transmux().isPresent()) {
        transmux = Optional.of(target(request.transmux().get().customS3(), ours.transmuxed(),
            app + "/transmux/" + day + "/" + job.id() + "/", tempFolder, true));
      }
      if (request.compose().isPresent()) {
        compose = Optional.of(target(request.compose().get().customS3(), ours.composed(),
            app + "/compose/" + day + "/", tempFolder, false));
      }
      return new Converter(request.toConvert(), transmux, compose, job.id() + ".webm", progress)
          .convert(source, tempFolder);
    } finally {
      close(transmux);
      close(compose);
    }
  }

  private static ObjectStore recording(StoreUri recordings, String recordPath) {
    return new S3Store(new StoreUri(recordings.scheme(), recordings.host(), recordings.port(), recordings.bucket(),
        recordings.path() + recordPath, recordings.accessKey(), recordings.secretKey(), recordings.region(),
        recordings.pathStyle()));
  }

  private OutputTarget target(Optional<String> custom, StoreUri ours, String prefix, Path tempFolder, boolean isMany)
      throws IOException {
    if (custom.isEmpty()) {
      return new StoreTarget(new S3Store(ours), prefix);
    }
    Destination destination = Destination.parse(custom.get());
    OutputTarget target = new GuardedTarget(destination.open(), destination.address(), policy);
    return isMany && destination.isSingle() ? new ArchiveTarget(target, tempFolder) : target;
  }

  private void check(String field, String text) {
    try {
      GuardedTarget.check(Destination.parse(text).address(), policy);
    } catch (IllegalArgumentException | OutboundRefusedException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage());
    }
  }

  private static void close(Optional<OutputTarget> target) throws IOException {
    if (target.isPresent()) {
      target.get().close();
    }
  }
}
