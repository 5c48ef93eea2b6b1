package dev.tapedeck.composer.io.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tapedeck.composer.check.FileReport;
import dev.tapedeck.composer.check.MediaProbe;
import dev.tapedeck.composer.core.media.ComposeTrack;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.mix.MixPlan;
import dev.tapedeck.composer.core.mix.TrackInterval;
import dev.tapedeck.composer.core.mix.TrackKey;
import dev.tapedeck.composer.core.mix.Yuv;
import dev.tapedeck.composer.synth.SynthAudio;
import dev.tapedeck.composer.synth.SynthColour;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.synth.SynthVideo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int FPS = 30;
  private static final ComposeSettings SETTINGS =
      new ComposeSettings(Container.WEBM, true, true, 1280, 720, FPS, 2_000_000, 96_000);

  @TempDir Path folder;

  /** A participant that is there from one second to another. */
  private static final class Guest {
    final int number;
    final long fromNanos;
    final long toNanos;
    TestFrames video;
    TestFrames audio;

    Guest(int number, int fromSecond, int toSecond) {
      this.number = number;
      fromNanos = fromSecond * SECOND;
      toNanos = toSecond * SECOND;
      video = TestFrames.of(videoOf(SynthSpec.of(number, toSecond - fromSecond))).shiftedBy(fromNanos);
      audio = TestFrames.of(audioOf(SynthSpec.of(number, toSecond - fromSecond))).shiftedBy(fromNanos);
    }

    List<ComposeTrack> tracks() {
      List<ComposeTrack> tracks = new ArrayList<>();
      if (video != null) {
        tracks.add(video.asTrack("p" + number, number));
      }
      if (audio != null) {
        tracks.add(audio.asTrack("p" + number, number));
      }
      return tracks;
    }

    List<TrackInterval> intervals() {
      return tracks().stream()
          .map(track -> new TrackInterval(TrackKey.of(track), track.video(), fromNanos, toNanos)).toList();
    }
  }

  @Test
  void tilesAndTonesComeAndGoAsPeopleDo() throws IOException {
    List<Guest> guests = List.of(new Guest(0, 0, 9), new Guest(1, 3, 9), new Guest(2, 5, 7));
    FileReport report = MediaProbe.probe(compose("grid.webm", guests, 9, SETTINGS), FPS);

    assertThat(report.codecs()).containsExactly("vp8", "opus");
    assertThat(report.frames()).isEqualTo(9 * FPS);
    assertThat(report.durationMs()).isBetween(8_999L, 9_034L);
    assertThat(report.decodeErrors()).isZero();
    assertThat(report.cues()).isTrue();
    assertTile(report, 0, 1_500, 0, 0, 1280, 720);
    assertTile(report, 0, 4_000, 0, 180, 640, 360);
    assertTile(report, 1, 4_000, 640, 180, 640, 360);
    assertTile(report, 0, 6_000, 0, 0, 640, 360);
    assertTile(report, 1, 6_000, 640, 0, 640, 360);
    assertTile(report, 2, 6_000, 320, 360, 640, 360);
    assertThat(visibleAt(report, 1_500)).containsExactly(0);
    assertThat(visibleAt(report, 8_000)).containsExactly(0, 1);
    assertTone(report, 0, 0, 9_000);
    assertTone(report, 1, 3_000, 9_000);
    assertTone(report, 2, 5_000, 7_000);
    assertThat(report.tones()).hasSize(3);
    assertThat(report.peak()).isLessThanOrEqualTo(1.05f);
    assertThat(report.avOffsetMs()).isBetween(-40L, 40L);
    for (FileReport.Counters counters : report.counters()) {
      assertThat(counters.missing()).as("pictures of participant %d", counters.participant()).isZero();
      assertThat(counters.first()).isZero();
    }
    assertThat(report.counters()).extracting(FileReport.Counters::distinct).containsExactly(270, 180, 60);
  }

  @Test
  void coloursAreRightInTheTiles() throws IOException {
    List<Guest> guests = List.of(new Guest(0, 0, 2), new Guest(1, 0, 2), new Guest(2, 0, 2), new Guest(3, 0, 2));
    Path path = compose("four.webm", guests, 2, SETTINGS);
    try (Demuxer demuxer = Demuxer.open(path); VideoDecoder decoder = new VideoDecoder(demuxer.streams().getFirst())) {
      decoder.send(demuxer.next().orElseThrow().frame());
      Picture picture = decoder.receive().orElseThrow();
      assertColour(picture.pixel(320, 100), SynthColour.of(0));
      assertColour(picture.pixel(960, 100), SynthColour.of(1));
      assertColour(picture.pixel(320, 460), SynthColour.of(2));
      assertColour(picture.pixel(960, 460), SynthColour.of(3));
    }
  }

  @Test
  void sameInputGivesSameBytes() throws IOException {
    List<Guest> guests = List.of(new Guest(0, 0, 3), new Guest(1, 1, 3));
    Path first = compose("first.webm", guests, 3, SETTINGS);
    Path second = compose("second.webm", guests, 3, SETTINGS);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void someoneWithoutPictureHasAPlainTileAndIsHeard() throws IOException {
    Guest speaker = new Guest(1, 0, 3);
    speaker.video = null;
    FileReport report = MediaProbe.probe(compose("plain.webm", List.of(new Guest(0, 0, 3), speaker), 3, SETTINGS), FPS);

    assertTile(report, 0, 1_500, 0, 180, 640, 360);
    assertThat(visibleAt(report, 1_500)).containsExactly(0);
    assertTone(report, 1, 0, 3_000);
  }

  @Test
  void soundAloneMakesOggAndWebm() throws IOException {
    List<Guest> guests = List.of(new Guest(0, 0, 4), new Guest(1, 1, 2));
    for (ComposeSettings settings : List.of(SETTINGS.asOgg(), SETTINGS.with(false, true))) {
      FileReport report = MediaProbe.probe(
          compose("voices." + settings.container().extension(), guests, 4, settings), FPS);
      assertThat(report.kind()).isEqualTo("audio");
      assertThat(report.durationMs()).isBetween(3_990L, 4_010L);
      assertTone(report, 0, 0, 4_000);
      assertTone(report, 1, 1_000, 2_000);
    }
  }

  @Test
  void pictureAloneHasNoSound() throws IOException {
    FileReport report = MediaProbe.probe(
        compose("silent.webm", List.of(new Guest(0, 0, 2)), 2, SETTINGS.with(true, false)), FPS);
    assertThat(report.kind()).isEqualTo("video");
    assertThat(report.frames()).isEqualTo(2 * FPS);
  }

  @Test
  void gapsInSoundAreSilence() throws IOException {
    Guest guest = new Guest(0, 0, 6);
    guest.audio = new TestFrames(guest.audio.info(), guest.audio.frames().stream()
        .filter(frame -> frame.ptsNanos() < 2 * SECOND || frame.ptsNanos() >= 4 * SECOND).toList());
    FileReport report = MediaProbe.probe(compose("gap.ogg", List.of(guest), 6, SETTINGS.asOgg()), FPS);
    assertThat(report.tones()).hasSize(2);
    assertThat(report.tones().get(0).toMs()).isCloseTo(2_000, within(60L));
    assertThat(report.tones().get(1).fromMs()).isCloseTo(4_000, within(60L));
    assertThat(report.durationMs()).isBetween(5_990L, 6_010L);
  }

  @Test
  void brokenFramesCostThemselvesOnly() throws IOException {
    Random random = new Random(42);
    Guest broken = new Guest(0, 0, 6);
    broken.video = broken.video.map(frame -> frame.ptsNanos() < SECOND || frame.ptsNanos() >= 3 * SECOND
        ? frame : scrambled(frame, random));
    broken.audio = broken.audio.map(frame -> frame.ptsNanos() < SECOND || frame.ptsNanos() >= 3 * SECOND
        ? frame : new EncodedFrame(frame.ptsNanos(), frame.durationNanos(), true, new byte[] {(byte) 0xFF, 0x7F}));
    List<Guest> guests = List.of(broken, new Guest(1, 0, 6));
    List<TrackWarning> warnings = new ArrayList<>();
    FileReport report = MediaProbe.probe(compose("broken.webm", guests, 6, SETTINGS, warnings), FPS);

    assertThat(warnings).extracting(TrackWarning::track).extracting(TrackKey::peer).containsOnly("p0");
    assertThat(warnings).isNotEmpty();
    FileReport.Counters whole = report.counters().stream().filter(each -> each.participant() == 1).findFirst().get();
    assertThat(whole.distinct()).isEqualTo(6 * FPS);
    assertTone(report, 1, 0, 6_000);
    assertThat(visibleAt(report, 5_900)).containsExactly(0, 1);
  }

  @Test
  void sourceThatFailsEndsItsTrackOnly() throws IOException {
    Guest good = new Guest(1, 0, 2);
    TestFrames video = TestFrames.of(new SynthVideo(SynthSpec.of(0, 2)));
    ComposeTrack failing = new ComposeTrack("p0", 0, "camera", true, new FrameSource() {
      private int read;

      @Override
      public StreamInfo info() {
        return video.info();
      }

      @Override
      public EncodedFrame next() throws IOException {
        if (read == 10) {
          throw new IOException("chunk is torn");
        }
        return video.frames().get(read++);
      }
    });
    List<ComposeTrack> tracks = new ArrayList<>(good.tracks());
    tracks.add(failing);
    List<TrackInterval> intervals = new ArrayList<>(good.intervals());
    intervals.add(new TrackInterval(TrackKey.of(failing), true, 0, 2 * SECOND));
    Path path = folder.resolve("failing.webm");
    Composer.Result result =
        Composer.compose(tracks, MixPlan.of(intervals, 2 * SECOND), SETTINGS, path, progress -> {});

    assertThat(result.warnings()).singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("chunk is torn"));
    assertThat(MediaProbe.probe(path, FPS).frames()).isEqualTo(2 * FPS);
  }

  @Test
  void pictureMayChangeSizeInTheMiddle() throws IOException {
    Guest guest = new Guest(0, 0, 4);
    TestFrames small = TestFrames.of(videoOf(new SynthSpec(0, 2, MediaCodec.VP8, 320, 180, FPS)));
    TestFrames tall = TestFrames.of(videoOf(new SynthSpec(0, 2, MediaCodec.VP8, 360, 640, FPS)));
    List<EncodedFrame> frames = new ArrayList<>(small.frames());
    frames.addAll(tall.shiftedBy(2 * SECOND).frames());
    guest.video = new TestFrames(small.info(), frames);
    FileReport report = MediaProbe.probe(compose("size.webm", List.of(guest), 4, SETTINGS), FPS);

    assertTile(report, 0, 1_000, 0, 0, 1280, 720);
    assertTile(report, 0, 3_000, 436, 0, 404, 720);
  }

  @Test
  void turnedPictureIsTurnedBack() throws IOException {
    Guest guest = new Guest(0, 0, 2);
    guest.video = guest.video.turned(90);
    Path path = compose("turned.webm", List.of(guest), 2, SETTINGS);
    try (Demuxer demuxer = Demuxer.open(path); VideoDecoder decoder = new VideoDecoder(demuxer.streams().getFirst())) {
      decoder.send(demuxer.next().orElseThrow().frame());
      Picture picture = decoder.receive().orElseThrow();
      // The code at the foot of the picture is now at its left side; the tile is 404 pixels wide in the middle.
      assertColour(picture.pixel(800, 360), SynthColour.of(0));
      assertThat(SynthColour.participant(picture.pixel(460, 360))).isEmpty();
      assertColour(picture.pixel(100, 360), Yuv.BLACK);
    }
  }

  @Test
  void everyCodecCanBeComposed() throws IOException {
    for (MediaCodec codec : List.of(MediaCodec.VP9, MediaCodec.H264, MediaCodec.AV1)) {
      Guest guest = new Guest(3, 0, 2);
      guest.video = TestFrames.of(videoOf(new SynthSpec(3, 2, codec, 320, 180, FPS)));
      FileReport report = MediaProbe.probe(compose(codec + ".webm", List.of(guest), 2, SETTINGS), FPS);
      assertThat(report.counters()).as("%s", codec)
          .containsExactly(new FileReport.Counters(3, 0, 59, 60, 0, 0, 0));
    }
  }

  @Test
  void nothingToComposeIsAnError() {
    assertThatThrownBy(() -> compose("none.webm", List.of(), 1, SETTINGS))
        .isInstanceOf(MediaException.class).hasMessageContaining("nothing to compose");
    assertThat(folder).isEmptyDirectory();
  }

  private Path compose(String name, List<Guest> guests, int seconds, ComposeSettings settings) throws IOException {
    List<TrackWarning> warnings = new ArrayList<>();
    Path path = compose(name, guests, seconds, settings, warnings);
    assertThat(warnings).isEmpty();
    return path;
  }

  private Path compose(String name, List<Guest> guests, int seconds, ComposeSettings settings,
      List<TrackWarning> warnings) throws IOException {
    MixPlan plan = MixPlan.of(guests.stream().flatMap(guest -> guest.intervals().stream()).toList(), seconds * SECOND);
    List<ComposeTrack> tracks = guests.stream().flatMap(guest -> guest.tracks().stream()).toList();
    AtomicReference<Double> last = new AtomicReference<>(0.0);
    Path path = folder.resolve(name);
    Composer.Result result = Composer.compose(tracks, plan, settings, path, progress -> {
      assertThat(progress).isBetween(last.getAndSet(progress), 1.0);
    });
    assertThat(last.get()).isEqualTo(1.0);
    warnings.addAll(result.warnings());
    return path;
  }

  private static EncodedFrame scrambled(EncodedFrame frame, Random random) {
    byte[] data = frame.data().clone();
    random.nextBytes(data);
    return new EncodedFrame(frame.ptsNanos(), frame.durationNanos(), frame.keyFrame(), data);
  }

  private static FrameSource videoOf(SynthSpec spec) {
    try {
      return new SynthVideo(spec);
    } catch (MediaException e) {
      throw new AssertionError(e);
    }
  }

  private static FrameSource audioOf(SynthSpec spec) {
    try {
      return new SynthAudio(spec);
    } catch (MediaException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Integer> visibleAt(FileReport report, long millis) {
    return report.tiles().stream().filter(tile -> tile.fromMs() <= millis && millis <= tile.toMs() + 40)
        .map(FileReport.Tile::participant).distinct().sorted().toList();
  }

  private static void assertTile(FileReport report, int participant, long millis, int x, int y, int width,
      int height) {
    assertThat(report.tiles()).as("participant %d at %d ms", participant, millis).anySatisfy(tile -> {
      assertThat(tile.participant()).isEqualTo(participant);
      assertThat(millis).isBetween(tile.fromMs(), tile.toMs());
      assertThat(tile.x()).isCloseTo(x, within(12));
      assertThat(tile.y()).isCloseTo(y, within(12));
      assertThat(tile.width()).isCloseTo(width, within(16));
      assertThat(tile.height()).isCloseTo(height, within(16));
    });
  }

  private static void assertTone(FileReport report, int participant, long fromMs, long toMs) {
    assertThat(report.tones()).as("tone of participant %d", participant).anySatisfy(tone -> {
      assertThat(tone.hz()).isEqualTo(SynthSpec.toneHz(participant));
      assertThat(tone.fromMs()).isCloseTo(fromMs, within(60L));
      assertThat(tone.toMs()).isCloseTo(toMs, within(60L));
    });
  }

  private static void assertColour(Yuv actual, Yuv expected) {
    assertThat(actual.distanceTo(expected)).as("%s is like %s", actual, expected).isLessThan(200);
  }
}
