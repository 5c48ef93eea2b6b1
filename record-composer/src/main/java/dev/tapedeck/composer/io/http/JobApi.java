package dev.tapedeck.composer.io.http;

import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.JobState;
import dev.tapedeck.composer.core.job.RecordPath;
import dev.tapedeck.composer.io.job.JobDesk;
import dev.tapedeck.composer.io.job.JobRequest;
import dev.tapedeck.composer.io.job.JobStore;
import dev.tapedeck.composer.io.job.JobStore.Accepted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes under {@code /api/convert}. Every one is fenced to the app of its bearer. */
final class JobApi {
  private static final int DEFAULT_PAGE_SIZE = 20;
  private static final int MAX_PAGE_SIZE = 100;
  private static final int MAX_KEY_CHARS = 255;

  private final AppAuth auth;
  private final JobStore jobs;
  private final JobDesk desk;

  JobApi(Apps apps, TokenVerifier tokens, JobStore jobs, JobDesk desk) {
    this.auth = new AppAuth(apps, tokens);
    this.jobs = jobs;
    this.desk = desk;
  }

  void addTo(RoutesConfig routes) {
    routes.post("/api/convert/job", this::create);
    routes.get("/api/convert/job/{id}", this::show);
    routes.delete("/api/convert/job/{id}", this::cancel);
    routes.get("/api/convert/jobs", this::list);
  }

  private void create(Context context) {
    String app = auth.requireApp(context);
    String body = context.body();
    Accepted accepted;
    try {
      accepted = desk.accept(app, RecordPath.parse(JobRequest.parse(body).recordPath()), JobRequest.parse(body),
          idempotencyKey(context), body);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(e.getMessage());
    } catch (JobDesk.ForeignPathException e) {
      throw new ApiException(403, "foreign_record_path", "Foreign record_path", e.getMessage());
    } catch (JobDesk.UnknownRecordingException e) {
      throw new ApiException(404, "recording_not_found", "Recording not found", e.getMessage());
    } catch (JobDesk.TooManyJobsException e) {
      throw new ApiException(429, "too_many_jobs", "Too many jobs", e.getMessage());
    }
    Json.answer(context, 200, Json.envelope(Map.of("job_id", switch (accepted) {
      case Accepted.Stored(String id) -> id;
      case Accepted.Repeated(String id) -> id;
      case Accepted.Conflict() -> throw new ApiException(422, "idempotency_conflict", "Idempotency-Key was used before",
          "this Idempotency-Key came with another body within 24 h; use a new key");
    })));
  }

  private void show(Context context) {
    Json.answer(context, 200, JobView.of(require(context, auth.requireApp(context))));
  }

  private void cancel(Context context) {
    String app = auth.requireApp(context);
    Job job = require(context, app);
    if (job.state() == JobState.COMPLETED) {
      throw new ApiException(409, "job_ended", "Job has ended", "the job is completed; there is nothing to cancel");
    }
    jobs.wantCancel(app, job.id());
    Json.answer(context, 202, JobView.of(require(context, app)));
  }

  private void list(Context context) {
    String app = auth.requireApp(context);
    int page = number(context, "page", 1, Integer.MAX_VALUE);
    int pageSize = number(context, "pageSize", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    String path = recordPath(context);
    long total = jobs.count(app, path);
    List<JobView> views = jobs.list(app, path, page, pageSize).stream().map(JobView::of).toList();
    Map<String, Object> pagination = new LinkedHashMap<>();
    pagination.put("page", page);
    pagination.put("pageSize", pageSize);
    pagination.put("total", total);
    pagination.put("totalPages", Math.ceilDiv(total, pageSize));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jobs", views);
    answer.put("pagination", pagination);
    Json.answer(context, 200, answer);
  }

  private Job require(Context context, String app) {
    return jobs.find(app, context.pathParam("id"))
        .orElseThrow(() -> ApiException.notFound("this app has no job with this id"));
  }

  private static String recordPath(Context context) {
    String text = Optional.ofNullable(context.queryParam("recordPath")).orElse("");
    try {
      return text.isEmpty() ? "" : RecordPath.parse(text).key();
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(e.getMessage());
    }
  }

  private static Optional<String> idempotencyKey(Context context) {
    Optional<String> key = Optional.ofNullable(context.header("Idempotency-Key"));
    if (key.isPresent() && (key.get().isBlank() || key.get().length() > MAX_KEY_CHARS)) {
      throw ApiException.badRequest("Idempotency-Key must have 1 to " + MAX_KEY_CHARS + " characters");
    }
    return key;
  }

  private static int number(Context context, String name, int defaultValue, int max) {
    String text = context.queryParam(name);
    if (text == null) {
      return defaultValue;
    }
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
      throw ApiException.badRequest(name + " must be a number of 1 to " + max);
    }
    return Integer.parseInt(text);
  }
}
