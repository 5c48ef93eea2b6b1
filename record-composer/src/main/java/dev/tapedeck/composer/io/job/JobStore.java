package dev.tapedeck.composer.io.job;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.JobState;
import dev.tapedeck.protocol.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The jobs and the events they owe, in SQLite. Every change of a job's state is one transaction together with its
 * event, so that each job has one {@code started} and one terminal event whatever process dies when. Safe for several
 * threads and processes.
 */
public final class JobStore implements AutoCloseable {
  private static final String JOB_COLUMNS = "id, app, record_path, request, state, step, progress, error, result, "
      + "attempts, cancel_wanted, created_at, started_at, ended_at";
  private static final long IDEMPOTENCY_MILLIS = Duration.ofHours(24).toMillis();
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  private final HikariDataSource source;
  private final Jdbi jdbi;

  private JobStore(HikariDataSource source) {
    this.source = source;
    this.jdbi = Jdbi.create(source);
  }

  /** Opens or makes the database and brings its tables up to date. Requests in it hold secrets: mode 0600. */
  public static JobStore open(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    OwnerOnly.file(file);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + file.toAbsolutePath());
    config.setMaximumPoolSize(1); // SQLite has one writer; queueing here is fairer than its busy loop
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", BUSY_TIMEOUT_MILLIS);
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    HikariDataSource source = new HikariDataSource(config);
    Flyway.configure().dataSource(source).locations("classpath:db/composer").load().migrate();
    return new JobStore(source);
  }

  /** What became of a request to store a job. */
  public sealed interface Accepted {
    record Stored(String jobId) implements Accepted {}

    /** The same key with the same body was here before. */
    record Repeated(String jobId) implements Accepted {}

    /** The same key with another body. */
    record Conflict() implements Accepted {}
  }

  /**
   * Stores a new job and its {@code started} event.
   *
   * @param bodyHash hash of the request's body, compared under the same idempotency key
   */
  public Accepted accept(Job job, Optional<String> idempotencyKey, String bodyHash, byte[] startedEvent) {
    return jdbi.inTransaction(handle -> {
      handle.execute("DELETE FROM idempotency WHERE created_at < ?", idempotentSince(job.createdAt()));
      if (idempotencyKey.isPresent()) {
        Optional<Accepted> before =
            repeated(handle, job.app(), idempotencyKey.get(), bodyHash, job.createdAt());
        if (before.isPresent()) {
          return before.get();
        }
        handle.execute("INSERT INTO idempotency (app, key, body_hash, job_id, created_at) VALUES (?, ?, ?, ?, ?)",
            job.app(), idempotencyKey.get(), bodyHash, job.id(), job.createdAt());
      }
      handle.execute("INSERT INTO job (id, app, record_path, request, state, created_at, not_before) "
              + "VALUES (?, ?, ?, ?, ?, ?, ?)", job.id(), job.app(), job.recordPath(), job.request(),
          JobState.WAITING.text(), job.createdAt(), job.createdAt());
      owe(handle, job.id(), "started", startedEvent, job.createdAt());
      return new Accepted.Stored(job.id());
    });
  }

  /** What became of an earlier request under this key; empty if there was none within 24 hours. */
  public Optional<Accepted> repeated(String app, String key, String bodyHash, long nowMillis) {
    return jdbi.withHandle(handle -> repeated(handle, app, key, bodyHash, nowMillis));
  }

  public Optional<Job> find(String app, String id) {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT " + JOB_COLUMNS + " FROM job WHERE app = ? AND id = ?")
        .bind(0, app).bind(1, id).map(JobStore::job).findOne());
  }

  /** One page of an app's jobs, newest first. @param recordPath only of this recording; "" for all */
  public List<Job> list(String app, String recordPath, int page, int pageSize) {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT " + JOB_COLUMNS + " FROM job WHERE app = ? AND (? = '' OR record_path = ?) "
            + "ORDER BY created_at DESC, id LIMIT ? OFFSET ?")
        .bind(0, app).bind(1, recordPath).bind(2, recordPath).bind(3, pageSize).bind(4, (page - 1L) * pageSize)
        .map(JobStore::job).list());
  }

  public long count(String app, String recordPath) {
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT count(*) FROM job WHERE app = ? AND (? = '' OR record_path = ?)")
        .bind(0, app).bind(1, recordPath).bind(2, recordPath).mapTo(Long.class).one());
  }

  /** Jobs of an app that wait. */
  public long waiting(String app) {
    return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM job WHERE app = ? AND state = 'waiting'")
        .bind(0, app).mapTo(Long.class).one());
  }

  /** Jobs in a state, for the metrics. */
  public long count(JobState state) {
    return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM job WHERE state = ?")
        .bind(0, state.text()).mapTo(Long.class).one());
  }

  /** Takes the job that is due longest, also from a worker whose lease has run out. The run counts as an attempt. */
  public Optional<Job> claim(String owner, long nowMillis, long leaseMillis) {
    return jdbi.inTransaction(handle -> {
      Optional<String> id = handle.createQuery("SELECT id FROM job WHERE (state = 'waiting' AND not_before <= :now) "
              + "OR (state = 'running' AND lease_until < :now) ORDER BY not_before, created_at LIMIT 1")
          .bind("now", nowMillis).mapTo(String.class).findOne();
      if (id.isEmpty()) {
        return Optional.empty();
      }
      handle.execute("UPDATE job SET state = 'running', attempts = attempts + 1, lease_owner = ?, lease_until = ?, "
              + "started_at = CASE started_at WHEN 0 THEN ? ELSE started_at END WHERE id = ?",
          owner, nowMillis + leaseMillis, nowMillis, id.get());
      return handle.createQuery("SELECT " + JOB_COLUMNS + " FROM job WHERE id = ?").bind(0, id.get())
          .map(JobStore::job).findOne();
    });
  }

  /** What a worker that holds a job hears back. */
  public enum Hold { KEPT, LOST, CANCEL_WANTED }

  /** Tells progress and renews the lease. */
  public Hold renew(String id, String owner, String step, double progress, long leaseUntilMillis) {
    return jdbi.inTransaction(handle -> {
      int held = handle.execute("UPDATE job SET step = ?, progress = max(progress, ?), lease_until = ? "
          + "WHERE id = ? AND state = 'running' AND lease_owner = ?", step, progress, leaseUntilMillis, id, owner);
      if (held == 0) {
        return Hold.LOST;
      }
      boolean cancel = handle.createQuery("SELECT cancel_wanted FROM job WHERE id = ?").bind(0, id)
          .mapTo(Boolean.class).one();
      return cancel ? Hold.CANCEL_WANTED : Hold.KEPT;
    });
  }

  /** Gives a held job back until later. @param countsAsAttempt false if it did not come to run */
  public void putBack(String id, String owner, String step, String error, long notBeforeMillis,
      boolean countsAsAttempt) {
    jdbi.useHandle(handle -> handle.execute("UPDATE job SET state = 'waiting', step = ?, error = ?, not_before = ?, "
            + "attempts = attempts - ?, lease_owner = '' WHERE id = ? AND state = 'running' AND lease_owner = ?",
        step, error, notBeforeMillis, countsAsAttempt ? 0 : 1, id, owner));
  }

  /**
   * Ends a held job and owes its terminal event, both or neither.
   *
   * @return false if another worker holds it by now; nothing was changed then
   */
  public boolean end(String id, String owner, JobState state, String error, String result, String requestWithoutSecrets,
      byte[] event, long nowMillis) {
    return jdbi.inTransaction(handle -> {
      int ended = handle.execute("UPDATE job SET state = ?, step = '', error = ?, result = ?, request = ?, "
              + "progress = CASE ? WHEN 'completed' THEN 1 ELSE progress END, ended_at = ?, lease_owner = '' "
              + "WHERE id = ? AND state = 'running' AND lease_owner = ?",
          state.text(), error, result, requestWithoutSecrets, state.text(), nowMillis, id, owner);
      if (ended == 1) {
        owe(handle, id, state.text(), event, nowMillis);
      }
      return ended == 1;
    });
  }

  /** Asks for a job to be stopped; a job that has ended stays as it is. A waiting one becomes due at once. */
  public void wantCancel(String app, String id) {
    jdbi.useHandle(handle -> handle.execute("UPDATE job SET cancel_wanted = 1, not_before = 0 "
        + "WHERE app = ? AND id = ? AND state IN ('waiting', 'running')", app, id));
  }

  /**
   * An event that the connector does not have yet.
   *
   * @param body HookEvent of hook.proto
   */
  public record OwedEvent(long number, String id, int attempts, byte[] body) {}

  /** The oldest event of each job that is due; later ones of the same job wait for it. */
  public List<OwedEvent> owedEvents(long nowMillis, int limit) {
    return jdbi.withHandle(handle -> handle.createQuery("SELECT number, id, attempts, body FROM event e "
            + "WHERE delivered_at = 0 AND next_at <= ? AND NOT EXISTS (SELECT 1 FROM event f WHERE f.job_id = e.job_id "
            + "AND f.delivered_at = 0 AND f.number < e.number) ORDER BY number LIMIT ?")
        .bind(0, nowMillis).bind(1, limit)
        .map((row, context) -> new OwedEvent(row.getLong(1), row.getString(2), row.getInt(3), row.getBytes(4)))
        .list());
  }

  public void delivered(long number, long nowMillis) {
    jdbi.useHandle(handle -> handle.execute("UPDATE event SET delivered_at = ? WHERE number = ?", nowMillis, number));
  }

  public void notDelivered(long number, long nextAtMillis) {
    jdbi.useHandle(handle -> handle.execute(
        "UPDATE event SET attempts = attempts + 1, next_at = ? WHERE number = ?", nextAtMillis, number));
  }

  public long undeliveredEvents() {
    return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM event WHERE delivered_at = 0")
        .mapTo(Long.class).one());
  }

  /** Whether the database answers. */
  public boolean isReachable() {
    try {
      return jdbi.withHandle(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    source.close();
  }

  private static long idempotentSince(long nowMillis) {
    return nowMillis - IDEMPOTENCY_MILLIS;
  }

  private static Optional<Accepted> repeated(Handle handle, String app, String key, String bodyHash, long nowMillis) {
    return handle.createQuery("SELECT body_hash, job_id FROM idempotency WHERE app = ? AND key = ? AND created_at >= ?")
        .bind(0, app).bind(1, key).bind(2, idempotentSince(nowMillis))
        .<Accepted>map((row, context) -> row.getString(1).equals(bodyHash)
            ? new Accepted.Repeated(row.getString(2)) : new Accepted.Conflict())
        .findOne();
  }

  private static void owe(Handle handle, String jobId, String kind, byte[] body, long nowMillis) {
    handle.execute("INSERT INTO event (id, job_id, kind, body, next_at) VALUES (?, ?, ?, ?, ?)",
        jobId + "-" + kind, jobId, kind, body, nowMillis);
  }

  private static Job job(ResultSet row, StatementContext context) throws SQLException {
    return new Job(row.getString("id"), row.getString("app"), row.getString("record_path"), row.getString("request"),
        JobState.ofText(row.getString("state")), row.getString("step"), row.getDouble("progress"),
        row.getString("error"), row.getString("result"), row.getInt("attempts"), row.getBoolean("cancel_wanted"),
        row.getLong("created_at"), row.getLong("started_at"), row.getLong("ended_at"));
  }
}
