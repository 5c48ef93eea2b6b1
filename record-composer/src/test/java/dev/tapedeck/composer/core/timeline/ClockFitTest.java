package dev.tapedeck.composer.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.composer.core.timeline.ClockFit.Track;
import dev.tapedeck.composer.core.timeline.SyntheticSender.Taped;
import dev.tapedeck.composer.core.timeline.TrackClock.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockFitTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int AUDIO_RATE = 48_000;
  private static final int VIDEO_RATE = 90_000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void keepsAudioAndVideoTogetherOverTwoHoursOfSkewedClocks(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SyntheticSender sender = new SyntheticSender(random, random.nextDouble(-100e-6, 100e-6),
        random.nextDouble(-100e-6, 100e-6));
    sender.lossRate = 0.05;
    sender.duplicateRate = 0.02;
    sender.jitterNanos = 60 * MILLI;
    Taped audio = sender.send(AUDIO_RATE, 100 * MILLI, 7200 * SECOND);
    Taped video = sender.send(VIDEO_RATE, 100 * MILLI, 7200 * SECOND);

    List<TrackClock> clocks = ClockFit.fit(List.of(track(audio), track(video)));

    Errors audioErrors = errors(audio, clocks.get(0), sender);
    Errors videoErrors = errors(video, clocks.get(1), sender);
    assertThat(clocks).allMatch(clock -> clock.source() == Source.SENDER_REPORTS);
    assertThat(audioErrors.maxNanos).as("audio against truth, seed %d", seed).isLessThan(20 * MILLI);
    assertThat(videoErrors.maxNanos).as("video against truth, seed %d", seed).isLessThan(20 * MILLI);
    assertThat(Math.abs(audioErrors.medianNanos - videoErrors.medianNanos)).isLessThan(5 * MILLI);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
  void fitsByArrivalWithoutSenderReports(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SyntheticSender sender = new SyntheticSender(random, random.nextDouble(-100e-6, 100e-6), 0);
    sender.sendsReports = false;
    sender.lossRate = 0.05;
    Taped audio = sender.send(AUDIO_RATE, 20 * MILLI, 600 * SECOND);

    TrackClock clock = ClockFit.fit(List.of(track(audio))).getFirst();

    assertThat(clock.source()).isEqualTo(Source.ARRIVAL);
    assertThat(errors(audio, clock, sender).maxNanos).as("seed %d", seed).isLessThan(20 * MILLI);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {31, 32, 33, 34})
  void needsOnlyTheReportsOfAShortCall(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SyntheticSender sender = new SyntheticSender(random, 50e-6, -50e-6);
    sender.reportEveryNanos = SECOND;
    Taped audio = sender.send(AUDIO_RATE, 20 * MILLI, 4 * SECOND);
    Taped video = sender.send(VIDEO_RATE, 33 * MILLI, 4 * SECOND);

    List<TrackClock> clocks = ClockFit.fit(List.of(track(audio), track(video)));

    long apart = errors(audio, clocks.get(0), sender).medianNanos - errors(video, clocks.get(1), sender).medianNanos;
    assertThat(Math.abs(apart)).as("seed %d", seed).isLessThan(20 * MILLI);
  }

  @Test
  void followsAPhoneThatFreezesItsMediaClock() {
    SyntheticSender sender = new SyntheticSender(new SplittableRandom(41), 0, 0);
    sender.reportNoiseNanos = 0;
    Taped whole = sender.send(AUDIO_RATE, 20 * MILLI, 120 * SECOND);
    // From packet 3000 on (60 s) the media clock is 10 s behind: it stood still while nothing was sent.
    Taped frozen = freeze(whole, 3000, 10 * SECOND);

    TrackClock clock = ClockFit.fit(List.of(track(frozen))).getFirst();

    assertThat(clock.breaks()).isEqualTo(1);
    RtpSequence packets = frozen.packets();
    for (int i : List.of(0, 2999, 3000, 3001, packets.size() - 1)) {
      long truth = SyntheticSender.NODE_START_NANOS + i * 20 * MILLI + (i >= 3000 ? 10 * SECOND : 0);
      assertThat(clock.captureNanos(i, packets.rtpTime(i)) - truth).as("packet %d", i)
          .isBetween(-30 * MILLI, 60 * MILLI);
    }
  }

  @Test
  void followsTheFrozenClockByArrivalAlone() {
    SyntheticSender sender = new SyntheticSender(new SplittableRandom(42), 0, 0);
    sender.sendsReports = false;
    Taped frozen = freeze(sender.send(AUDIO_RATE, 20 * MILLI, 120 * SECOND), 3000, 10 * SECOND);

    TrackClock clock = ClockFit.fit(List.of(track(frozen))).getFirst();

    assertThat(clock.breaks()).isEqualTo(1);
  }

  @Test
  void distrustsReportsThatContradictArrival() {
    SplittableRandom random = new SplittableRandom(51);
    SyntheticSender sender = new SyntheticSender(random, 0, 0);
    Taped audio = sender.send(AUDIO_RATE, 20 * MILLI, 60 * SECOND);
    Taped video = sender.send(VIDEO_RATE, 33 * MILLI, 60 * SECOND);
    List<SenderReport> wrong = video.reports().stream()
        .map(report -> new SenderReport(report.ntpNanos() - 3600 * SECOND, report.rtpTimestamp(),
            report.arrivalNanos()))
        .toList();

    List<TrackClock> clocks = ClockFit.fit(List.of(track(audio), new Track(video.packets(), wrong)));

    assertThat(clocks).anyMatch(clock -> clock.source() == Source.ARRIVAL);
    assertThat(errors(audio, clocks.get(0), sender).maxNanos).isLessThan(60 * MILLI);
    assertThat(errors(video, clocks.get(1), sender).maxNanos).isLessThan(60 * MILLI);
  }

  @Test
  void standsASenderWhoseWallClockWasSet() {
    SyntheticSender sender = new SyntheticSender(new SplittableRandom(61), 0, 0);
    Taped audio = sender.send(AUDIO_RATE, 20 * MILLI, 120 * SECOND);
    List<SenderReport> stepped = new ArrayList<>();
    for (SenderReport report : audio.reports()) {
      boolean isLate = report.arrivalNanos() > SyntheticSender.NODE_START_NANOS + 60 * SECOND;
      stepped.add(new SenderReport(report.ntpNanos() + (isLate ? 7 * SECOND : 0), report.rtpTimestamp(),
          report.arrivalNanos()));
    }

    TrackClock clock = ClockFit.fit(List.of(new Track(audio.packets(), stepped))).getFirst();

    assertThat(clock.breaks()).isZero();
    assertThat(errors(audio, clock, sender).maxNanos).isLessThan(60 * MILLI);
  }

  @Test
  void survivesATrackWithoutPackets() {
    Track empty = new Track(new RtpReorder().order(AUDIO_RATE), List.of(new SenderReport(1, 2, 3)));

    assertThat(ClockFit.fit(List.of(empty))).hasSize(1);
  }

  private static Track track(Taped taped) {
    return new Track(taped.packets(), taped.reports());
  }

  private static Taped freeze(Taped whole, int fromPacket, long frozenNanos) {
    RtpReorder reorder = new RtpReorder();
    RtpSequence packets = whole.packets();
    for (int i = 0; i < packets.size(); i++) {
      long later = i >= fromPacket ? frozenNanos : 0;
      reorder.add((int) packets.sequence(i), (int) packets.rtpTime(i), packets.arrivalNanos(i) + later, 0, 12);
    }
    long breakNanos = packets.arrivalNanos(fromPacket);
    List<SenderReport> reports = whole.reports().stream()
        .map(report -> report.arrivalNanos() < breakNanos ? report : new SenderReport(report.ntpNanos() + frozenNanos,
            report.rtpTimestamp(), report.arrivalNanos() + frozenNanos))
        .toList();
    return new Taped(reorder.order(whole.clockRate()), reports, whole.firstTimestamp(), whole.clockRate(), 0);
  }

  private record Errors(long maxNanos, long medianNanos) {}

  /** Distance from the truth, which holds the shortest delay of the path as every receiver's clock must. */
  private static Errors errors(Taped taped, TrackClock clock, SyntheticSender sender) {
    long[] errors = new long[taped.packets().size()];
    long max = 0;
    for (int i = 0; i < errors.length; i++) {
      long rtpTime = taped.packets().rtpTime(i);
      double truth = SyntheticSender.NODE_START_NANOS + taped.trueNanos(rtpTime) + sender.baseDelayNanos;
      errors[i] = Math.round(clock.captureNanos(i, rtpTime) - truth);
      max = Math.max(max, Math.abs(errors[i]));
    }
    return new Errors(max, MediaClockFit.median(errors));
  }
}
