package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.JobCanceledException;
import dev.tapedeck.composer.core.job.JobRules;
import dev.tapedeck.composer.core.job.JobRules.Stored;
import dev.tapedeck.composer.core.job.JobState;
import dev.tapedeck.composer.io.job.JobStore.Hold;
import dev.tapedeck.composer.io.source.RecordingNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due jobs out of the store and runs them, a bounded number at a time. A job is held by a lease that a thread of
 * its own renews; whoever loses it stops at the next step and ends nothing.
 */
public final class JobRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  private static final long IDLE_MILLIS = 200;
  private static final int RENEWALS_PER_LEASE = 4;

  private final JobStore jobs;
  private final JobPlaces places;
  private final JobRules rules;
  private final long leaseMillis;
  private final Path tempFolder;
  private final String owner;
  private final LongSupplier wallMillis;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** @param owner name of this worker, another one after each start */
  public JobRunner(JobStore jobs, JobPlaces places, JobRules rules, Duration lease, Path tempFolder, String owner,
      LongSupplier wallMillis) {
    this.jobs = jobs;
    this.places = places;
    this.rules = rules;
    this.leaseMillis = lease.toMillis();
    this.tempFolder = tempFolder;
    this.owner = owner;
    this.wallMillis = wallMillis;
  }

  /** Starts {@code concurrency} threads. Platform threads: an encoder keeps one busy for minutes. */
  public void start(int concurrency) {
    for (int i = 0; i < concurrency; i++) {
      threads.add(Thread.ofPlatform().name("job-" + i).start(this::work));
    }
  }

  /** Stops at the next step of the running jobs; they are put back and go on elsewhere or after a restart. */
  @Override
  public void close() {
    // No interrupt: it would close the file channels of a job in its midst.
    closing.countDown();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void work() {
    while (!isClosed()) {
      try {
        Optional<Job> job = jobs.claim(owner, wallMillis.getAsLong(), leaseMillis);
        if (job.isPresent()) {
          handle(job.get());
        } else {
          closing.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException e) {
        return; // nobody does; then this thread is not wanted any more
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("job thread goes on after a failure");
      }
    }
  }

  private void handle(Job job) {
    if (job.cancelWanted()) {
      fail(job, "canceled");
    } else if (job.attempts() > rules.maxAttempts()) {
      fail(job, "the worker died " + (job.attempts() - 1) + " times while it ran this job");
    } else {
      try (Lease lease = new Lease(job)) {
        runOrWait(job, lease);
      }
    }
  }

  private void runOrWait(Job job, Lease lease) {
    try {
      Optional<Stored> seen = look(job);
      if (seen.isEmpty()) {
        return;
      }
      Stored stored = seen.get();
      switch (rules.decide(stored, wallMillis.getAsLong() - job.createdAt())) {
        case RUN -> run(job, lease);
        case WAIT -> putBack(job, stored == Stored.NOTHING
            ? "waiting for the recording's first chunk" : "waiting for the recording to be finalized", "");
        case GIVE_UP -> fail(job, "no recording at " + job.recordPath() + ": nothing was stored within "
            + rules.firstChunkWait().toSeconds() + " s");
      }
    } catch (JobCanceledException e) {
      if (lease.isCancelWanted()) {
        fail(job, "canceled");
      } else if (isClosed()) {
        jobs.putBack(job.id(), owner, "waiting for a worker", "", wallMillis.getAsLong(), false);
      } // else the lease is lost, and the job is no longer ours to judge
    } catch (RecordingNotFoundException | EmptyRecordingException e) {
      fail(job, e.getMessage());
    } catch (IOException | RuntimeException | LinkageError e) {
      retryOrFail(job, e);
    }
  }

  /**
   * What the store holds of the job's recording. A store that does not answer is waited for like a recording that is not
   * finalized, because the recorder most likely waits for it too; no run of the job was lost by looking.
   *
   * @return empty if the job was put back
   * @throws IOException if the store did not answer all the time a job waits
   */
  private Optional<Stored> look(Job job) throws IOException {
    try {
      return Optional.of(places.stored(job.app(), job.recordPath()));
    } catch (IOException e) {
      if (!rules.mayWait(wallMillis.getAsLong() - job.createdAt())) {
        throw e;
      }
      putBack(job, "waiting for the store", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void putBack(Job job, String step, String error) {
    jobs.putBack(job.id(), owner, step, error, wallMillis.getAsLong() + rules.poll().toMillis(), false);
  }

  private void run(Job job, Lease lease) throws IOException {
    log.atInfo().addKeyValue("job", job.id()).addKeyValue("attempt", job.attempts()).log("job starts");
    Conversion conversion = places.convert(job, tempFolder, (step, done) -> {
      lease.at(step, done);
      if (isClosed()) {
        throw new JobCanceledException("the worker stops");
      }
    });
    long now = wallMillis.getAsLong();
    String result = new String(SummaryJson.write(conversion.summary()), StandardCharsets.UTF_8);
    boolean ended = jobs.end(job.id(), owner, JobState.COMPLETED, "", result, withoutSecrets(job),
        ComposeEvents.completed(job.app(), job.id(), conversion, now), now);
    log.atInfo().addKeyValue("job", job.id()).addKeyValue("verdict", conversion.summary().verdict())
        .log(ended ? "job completed" : "job was finished by another worker");
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  private void retryOrFail(Job job, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (!rules.mayTryAgain(job.attempts())) {
      fail(job, message);
      return;
    }
    long pause = rules.retryMillis(job.attempts());
    log.atWarn().addKeyValue("job", job.id()).addKeyValue("attempt", job.attempts()).addKeyValue("retryMillis", pause)
        .setCause(cause).log("job will be tried again");
    jobs.putBack(job.id(), owner, "waiting for another try", message, wallMillis.getAsLong() + pause, true);
  }

  private void fail(Job job, String error) {
    long now = wallMillis.getAsLong();
    jobs.end(job.id(), owner, JobState.FAILED, error, "", withoutSecrets(job),
        ComposeEvents.failed(job.app(), job.id(), error, now), now);
    log.atWarn().addKeyValue("job", job.id()).addKeyValue("error", error).log("job failed");
  }

  private static String withoutSecrets(Job job) {
    return JobRequest.parse(job.request()).withoutSecrets().toJson();
  }

  /** Keeps a job ours while its thread is busy, and tells the thread when it is not ours any more. */
  private final class Lease implements AutoCloseable {
    private final Job job;
    private final Thread renewer;
    private volatile String step = "start";
    private volatile double done;
    private volatile Hold hold = Hold.KEPT;

    Lease(Job job) {
      this.job = job;
      this.renewer = Thread.ofVirtual().name("lease-" + job.id()).start(this::renewUntilClosed);
    }

    void at(String newStep, double newDone) {
      step = newStep;
      done = newDone;
      if (hold != Hold.KEPT) {
        throw new JobCanceledException(hold == Hold.LOST ? "the lease is lost" : "canceled");
      }
    }

    boolean isCancelWanted() {
      return hold == Hold.CANCEL_WANTED;
    }

    @Override
    public void close() {
      renewer.interrupt();
      try {
        renewer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void renewUntilClosed() {
      try {
        while (hold == Hold.KEPT) {
          Thread.sleep(leaseMillis / RENEWALS_PER_LEASE);
          hold = jobs.renew(job.id(), owner, step, done, wallMillis.getAsLong() + leaseMillis);
        }
      } catch (InterruptedException e) {
        // close() asked for it
      } catch (RuntimeException e) {
        log.atWarn().addKeyValue("job", job.id())
            .setCause(e).log("lease not renewed; the job may go to another worker");
      }
    }
  }
}
