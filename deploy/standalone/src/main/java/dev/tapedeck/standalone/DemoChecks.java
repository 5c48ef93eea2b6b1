package dev.tapedeck.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what is in the files with what the participants sent. */
final class DemoChecks {
  /** Of the call's length, for what begins and ends within a frame or a window of the measurement. */
  private static final double NEARLY_ALL = 0.9;
  private static final long MAX_AV_OFFSET_MILLIS = 100;
  private static final long MAX_LENGTH_DIFFERENCE_MILLIS = 1000;

  private final long lengthMillis;
  private final List<Check> checks = new ArrayList<>();

  private DemoChecks(long lengthMillis) {
    this.lengthMillis = lengthMillis;
  }

  /** @param found what it was, with the numbers */
  record Check(String subject, boolean passed, String found) {}

  /**
   * All comparisons.
   *
   * @param tracks       one report per file of one track
   * @param composed     the file of everybody
   * @param lengthMillis how long everybody played
   */
  static List<Check> of(List<DemoTally> tallies, List<MediaReport> tracks, MediaReport composed, long lengthMillis) {
    DemoChecks checks = new DemoChecks(lengthMillis);
    for (DemoTally tally : tallies) {
      checks.pictures(tally, fileOf(tally, tracks, true));
      checks.sound(tally, fileOf(tally, tracks, false));
      checks.together(tally, composed);
    }
    checks.composition(composed);
    return List.copyOf(checks.checks);
  }

  /** The one file of a participant's track; files are named after their peer. */
  private static Optional<MediaReport> fileOf(DemoTally tally, List<MediaReport> tracks, boolean isVideo) {
    List<MediaReport> found = tracks.stream()
        .filter(report -> Path.of(report.path()).getFileName().toString().startsWith(tally.clip().peer() + "-")
            && report.isVideo() == isVideo)
        .toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private void pictures(DemoTally tally, Optional<MediaReport> file) {
    String subject = tally.clip().peer() + ", pictures";
    if (file.isEmpty() || file.get().counters().size() != 1) {
      add(subject, false, "not one file of one participant");
      return;
    }
    MediaReport.Counters counters = file.get().counters().getFirst();
    boolean inOrder = counters.first() == 0 && counters.missing() == 0 && counters.duplicates() == 0
        && counters.backwardSteps() == 0;
    add(subject, counters.participant() == tally.clip().participant() && inOrder && file.get().decodeErrors() == 0
            && file.get().cues() && file.get().frames() == tally.pictures() && counters.distinct() == tally.pictures(),
        file.get().frames() + " of " + tally.pictures() + ", counter from " + counters.first() + ", "
            + counters.missing() + " missing, " + counters.duplicates() + " double");
  }

  private void sound(DemoTally tally, Optional<MediaReport> file) {
    String subject = tally.clip().peer() + ", sound";
    if (file.isEmpty()) {
      add(subject, false, "not one file");
      return;
    }
    int hz = tally.clip().toneHz();
    boolean isPure = file.get().tones().stream().allMatch(tone -> tone.hz() == hz);
    long heard = file.get().heardMillis(hz);
    add(subject, isPure && heard >= lengthMillis * NEARLY_ALL && file.get().decodeErrors() == 0
            && file.get().audioFrames() == tally.soundFrames(),
        file.get().audioFrames() + " of " + tally.soundFrames() + " frames, " + hz + " Hz for " + heard + " ms"
            + (isPure ? "" : ", and other tones"));
  }

  private void together(DemoTally tally, MediaReport composed) {
    long seen = composed.seenMillis(tally.clip().participant());
    long heard = composed.heardMillis(tally.clip().toneHz());
    add(tally.clip().peer() + ", composed",
        seen >= lengthMillis * NEARLY_ALL && heard >= lengthMillis * NEARLY_ALL,
        "seen for " + seen + " ms, heard for " + heard + " ms");
  }

  private void composition(MediaReport composed) {
    boolean isAsLong = Math.abs(composed.durationMs() - lengthMillis) <= MAX_LENGTH_DIFFERENCE_MILLIS;
    boolean isTogether = composed.avOffsetMs().filter(offset -> Math.abs(offset) <= MAX_AV_OFFSET_MILLIS).isPresent();
    add("composed file", isAsLong && isTogether && composed.decodeErrors() == 0 && composed.cues(),
        composed.durationMs() + " ms, sound " + composed.avOffsetMs().map(offset -> offset + " ms").orElse("?")
            + " after the picture");
  }

  private void add(String subject, boolean passed, String found) {
    checks.add(new Check(subject, passed, found));
  }
}
