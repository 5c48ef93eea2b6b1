package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.frame.LossPolicy;
import dev.tapedeck.composer.core.job.ConvertRequest;
import dev.tapedeck.composer.core.job.JobProgress;
import dev.tapedeck.composer.core.timeline.RoomTimeline;
import dev.tapedeck.composer.core.timeline.TrackTimeline;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.Recording;
import dev.tapedeck.protocol.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Turns one recording into files: fetch, fit the clocks, write each track, compose, and last of all the summary. One
 * track's failure never hides the others. Owned by one thread; leaves no temporary file behind.
 */
public final class Converter {
  private static final double FETCHED = 0.2;
  private static final double TRANSMUXED = 0.5;
  private static final double COMPOSED = 0.98;
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final ConvertRequest request;
  private final Optional<OutputTarget> transmuxTarget;
  private final Optional<OutputTarget> composeTarget;
  private final String composeName;
  private final JobProgress progress;

  /**
   * Describes a conversion.
   *
   * @param transmuxTarget present if transmux was asked for
   * @param composeTarget  present if compose was asked for
   * @param composeName    name of the composed file in its target
   */
  public Converter(ConvertRequest request, Optional<OutputTarget> transmuxTarget, Optional<OutputTarget> composeTarget,
      String composeName, JobProgress progress) {
    this.request = request;
    this.transmuxTarget = transmuxTarget;
    this.composeTarget = composeTarget;
    this.composeName = composeName;
    this.progress = progress;
  }

  /**
   * Converts.
   *
   * @param store      rooted at the recording
   * @param tempFolder a folder of its own is made in it and removed
   * @throws EmptyRecordingException if there is no frame to put into a file
   * @throws IOException             if the source cannot be read or an output not be stored
   */
  public Conversion convert(ObjectStore store, Path tempFolder) throws IOException {
    Files.createDirectories(tempFolder);
    Path work = Files.createTempDirectory(tempFolder, "job-");
    try (Recording recording = Recording.fetch(store, work, done -> progress.at("fetch", done * FETCHED))) {
      OptionalLong startedWallNanos = recording.manifest().stream()
          .mapToLong(manifest -> manifest.startedAt().toEpochMilli() * NANOS_PER_MILLI).findFirst();
      progress.at("align", FETCHED);
      RoomTimeline room = RoomTimeline.of(recording.sessions(), startedWallNanos, LossPolicy.DROP_TO_KEY_FRAME);
      if (room.tracks().stream().allMatch(TrackTimeline::isEmpty)) {
        throw new EmptyRecordingException("the recording holds no frame that could be put into a file"
            + reasons(recording.findings()));
      }
      return write(recording, room, work);
    } finally {
      deleteAll(work);
    }
  }

  private Conversion write(Recording recording, RoomTimeline room, Path work) throws IOException {
    SummaryBuilder summary = new SummaryBuilder(recording, room);
    if (transmuxTarget.isPresent()) {
      Transmuxer transmuxer = new Transmuxer(room, transmuxTarget.get(), work, summary);
      transmuxer.writeTracks(done -> progress.at("transmux", FETCHED + done * (TRANSMUXED - FETCHED)));
      if (request.transmux().orElseThrow().ogg()) {
        transmuxer.writeVoices();
      }
    }
    Optional<String> composeUri = Optional.empty();
    if (composeTarget.isPresent()) {
      double from = transmuxTarget.isPresent() ? TRANSMUXED : FETCHED;
      composeUri = Optional.of(new RoomComposer(room, composeTarget.get(), work, summary)
          .compose(request.compose().orElseThrow(), composeName,
              done -> progress.at("compose", from + done * (COMPOSED - from))));
      composeTarget.get().finish();
    }
    progress.at("store summary", COMPOSED);
    Optional<String> summaryUri = Optional.empty();
    if (transmuxTarget.isPresent()) {
      Path json = work.resolve(SummaryBuilder.FILE_NAME);
      Files.write(json, SummaryJson.write(summary.build()));
      summaryUri = Optional.of(transmuxTarget.get().put(SummaryBuilder.FILE_NAME, json, "application/json"));
      transmuxTarget.get().finish();
    }
    progress.at("done", 1);
    return new Conversion(summary.build(), summaryUri, composeUri, summary.composeDurationMs());
  }

  /** Why a manifest makes the result partial: it is not there, or says so itself. */
  static Optional<String> verdictReason(Optional<Manifest> manifest) {
    if (manifest.isEmpty()) {
      return Optional.of("not finalized");
    }
    return switch (manifest.get().verdict()) {
      case COMPLETE, EMPTY -> Optional.empty();
      case PARTIAL -> Optional.of("the recording itself is partial");
    };
  }

  private static String reasons(List<Finding> findings) {
    return findings.isEmpty() ? "" : "; " + String.join("; ", findings.stream().map(Finding::toString).toList());
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
