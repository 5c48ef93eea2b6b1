package dev.tapedeck.composer.io.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tapedeck.composer.core.job.Job;
import dev.tapedeck.composer.core.job.Summary;
import dev.tapedeck.composer.io.job.JobRequest;
import dev.tapedeck.composer.io.job.SummaryJson;
import dev.tapedeck.protocol.manifest.ManifestJson;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as the API shows it.
 *
 * @param state      waiting | running | completed | failed
 * @param progress   0..1
 * @param verdict    complete | partial, once completed
 * @param partial    why it is partial
 * @param files      what was stored, once completed
 * @param createdAt  ISO 8601, UTC; so are the others
 */
record JobView(String id, String recordPath, boolean transmux, boolean compose, String state, String step,
    double progress, Optional<String> error, Optional<String> verdict, List<String> partial,
    Optional<Long> durationMs, List<FileView> files, int attempts, String createdAt, Optional<String> startedAt,
    Optional<String> endedAt) {

  /** One stored file. @param kind track | voice | compose */
  record FileView(String path, String uri, String kind, List<String> codecs, long durationMs, long bytes, int width,
      int height) {}

  static JobView of(Job job) {
    Optional<Summary> summary = summary(job);
    JobRequest request = JobRequest.parse(job.request());
    return new JobView(job.id(), job.recordPath(), request.transmux().isPresent(), request.compose().isPresent(),
        job.state().text(), job.step(), job.progress(),
        Optional.of(job.error()).filter(error -> !error.isEmpty()),
        summary.map(Summary::verdict),
        summary.map(Summary::partial).orElse(List.of()),
        summary.map(Summary::durationMs),
        summary.map(JobView::files).orElse(List.of()),
        job.attempts(), iso(job.createdAt()).orElseThrow(), iso(job.startedAt()), iso(job.endedAt()));
  }

  private static List<FileView> files(Summary summary) {
    return summary.files().stream()
        .map(file -> new FileView(file.path(), file.uri(), file.kind(), file.codecs(), file.durationMs(), file.bytes(),
            file.width(), file.height()))
        .toList();
  }

  private static Optional<Summary> summary(Job job) {
    if (job.result().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SummaryJson.read(job.result()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("job " + job.id() + " has a result that cannot be read", e);
    }
  }

  private static Optional<String> iso(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(ManifestJson.iso(Instant.ofEpochMilli(millis)));
  }
}
