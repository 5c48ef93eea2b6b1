package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.JobRules.Stored;
import dev.tapedeck.composer.core.job.JobState;
import dev.tapedeck.composer.core.job.RecordPath;
import dev.tapedeck.composer.io.job.JobStore.Accepted;
import dev.tapedeck.protocol.id.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Decides which jobs are accepted and stores them with their {@code started} event. Safe for several threads. */
public final class JobDesk {
  private final JobStore jobs;
  private final JobPlaces places;
  private final Optional<ConnectorLibrary> library;
  private final int maxWaiting;
  private final RandomGenerator random;
  private final LongSupplier wallMillis;

  /**
   * @param library knows which recordings there are; without one every well-formed path is waited for
   * @param random  safe for several threads; ids are drawn from it
   */
  public JobDesk(JobStore jobs, JobPlaces places, Optional<ConnectorLibrary> library, int maxWaiting,
      RandomGenerator random, LongSupplier wallMillis) {
    this.jobs = jobs;
    this.places = places;
    this.library = library;
    this.maxWaiting = maxWaiting;
    this.random = random;
    this.wallMillis = wallMillis;
  }

  /** The recording belongs to another app. */
  public static final class ForeignPathException extends Exception {
    private static final long serialVersionUID = 1;

    ForeignPathException(String message) {
      super(message);
    }
  }

  /** There is no such recording: the connector does not know it, and the store holds nothing of it. */
  public static final class UnknownRecordingException extends Exception {
    private static final long serialVersionUID = 1;

    UnknownRecordingException(String message) {
      super(message);
    }
  }

  /** So many jobs of this app wait that another one would only wait longer. */
  public static final class TooManyJobsException extends Exception {
    private static final long serialVersionUID = 1;

    TooManyJobsException(String message) {
      super(message);
    }
  }

  /**
   * Accepts a job.
   *
   * @param app  of the caller
   * @param body as it came; under the same idempotency key it must be the same
   * @throws IllegalArgumentException if a destination is not one, or not one the operator opens
   */
  public Accepted accept(String app, RecordPath path, JobRequest request, Optional<String> idempotencyKey, String body)
      throws ForeignPathException, UnknownRecordingException, TooManyJobsException {
    if (!path.isOf(app)) {
      throw new ForeignPathException("record_path must begin with your app, " + app);
    }
    long now = wallMillis.getAsLong();
    String bodyHash = Hashes.sha256(body.getBytes(StandardCharsets.UTF_8));
    // What was accepted stays accepted, also when its recording has gone since.
    Optional<Accepted> before = idempotencyKey.flatMap(key -> jobs.repeated(app, key, bodyHash, now));
    if (before.isPresent()) {
      return before.get();
    }
    places.check(request);
    if (isUnknown(app, path)) {
      throw new UnknownRecordingException("there is no recording " + path.key().replaceAll("/$", "")
          + "; take record_path from the event Record.Started, or from GET /api/recordings");
    }
    if (jobs.waiting(app) >= maxWaiting) {
      throw new TooManyJobsException(maxWaiting + " jobs of this app wait already; try again when some have ended");
    }
    String id = "job_" + Ids.draw(random);
    Job job = new Job(id, app, path.key(), request.toJson(), JobState.WAITING, "", 0, "", "", 0, false, now, 0, 0);
    return jobs.accept(job, idempotencyKey, bodyHash, ComposeEvents.started(app, id, now));
  }

  /** A store with objects outweighs a connector without them: it may have lost its database. */
  private boolean isUnknown(String app, RecordPath path) {
    try {
      return library.isPresent() && library.get().denies(app, path)
          && places.stored(app, path.key()) == Stored.NOTHING;
    } catch (IOException e) {
      return false; // a store that does not answer is waited for
    }
  }
}
