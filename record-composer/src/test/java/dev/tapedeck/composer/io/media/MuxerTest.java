package dev.tapedeck.composer.io.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.composer.check.FileReport;
import dev.tapedeck.composer.check.MediaProbe;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.synth.SynthAudio;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.synth.SynthVideo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MuxerTest {
  private static final int SECONDS = 3;
  private static final int FPS = 30;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"VP8,WEBM", "VP9,WEBM", "AV1,WEBM", "H264,MATROSKA", "VP8,MATROSKA", "H264,MP4", "VP9,MP4", "AV1,MP4"})
  void everyPictureOfEachCodecComesBack(MediaCodec codec, Container container) throws IOException {
    Path path = folder.resolve("clip." + container.extension());
    mux(path, container, TestFrames.of(new SynthVideo(new SynthSpec(2, SECONDS, codec, 320, 180, FPS))));

    FileReport report = MediaProbe.probe(path, FPS);
    assertThat(report.kind()).isEqualTo("video");
    assertThat(report.codecs()).containsExactly(codec.name().toLowerCase(Locale.ROOT));
    assertThat(report.width()).isEqualTo(320);
    assertThat(report.height()).isEqualTo(180);
    assertThat(report.frames()).isEqualTo(SECONDS * FPS);
    assertThat(report.decodeErrors()).isZero();
    assertThat(report.durationMs()).isBetween(SECONDS * 1000L - 1, SECONDS * 1000L + 1);
    assertThat(report.counters())
        .containsExactly(new FileReport.Counters(2, 0, SECONDS * FPS - 1, SECONDS * FPS, 0, 0, 0));
    assertThat(report.cues()).isEqualTo(container != Container.MP4);
  }

  @ParameterizedTest
  @CsvSource({"WEBM", "OGG", "MATROSKA", "MP4"})
  void soundComesBackAtItsTime(Container container) throws IOException {
    Path path = folder.resolve("clip." + container.extension());
    mux(path, container, TestFrames.of(new SynthAudio(SynthSpec.of(4, SECONDS))));

    FileReport report = MediaProbe.probe(path, FPS);
    assertThat(report.kind()).isEqualTo("audio");
    assertThat(report.codecs()).containsExactly("opus");
    assertThat(report.durationMs()).isBetween(SECONDS * 1000L - 10, SECONDS * 1000L + 20);
    assertThat(report.tones()).singleElement().satisfies(tone -> {
      assertThat(tone.hz()).isEqualTo(820);
      assertThat(tone.fromMs()).isZero();
      assertThat(tone.toMs()).isBetween(SECONDS * 1000L - 60, SECONDS * 1000L + 60);
    });
  }

  @Test
  void pictureAndSoundStayTogether() throws IOException {
    Path path = folder.resolve("clip.webm");
    mux(path, Container.WEBM, TestFrames.of(new SynthVideo(SynthSpec.of(1, 5))),
        TestFrames.of(new SynthAudio(SynthSpec.of(1, 5))));

    FileReport report = MediaProbe.probe(path, FPS);
    assertThat(report.kind()).isEqualTo("av");
    assertThat(report.avOffsetMs()).isBetween(-5L, 5L);
  }

  @Test
  void seeksToTheKeyFrameBefore() throws IOException {
    Path path = folder.resolve("clip.webm");
    mux(path, Container.WEBM, TestFrames.of(new SynthVideo(SynthSpec.of(0, 7))));

    try (Demuxer demuxer = Demuxer.open(path)) {
      demuxer.seek(0, 5_500 * TestFrames.MILLI);
      EncodedFrame frame = demuxer.next().orElseThrow().frame();
      assertThat(frame.keyFrame()).isTrue();
      assertThat(frame.ptsNanos()).isEqualTo(4_000 * TestFrames.MILLI);
    }
  }

  @Test
  void sameFramesGiveSameBytes() throws IOException {
    TestFrames video = TestFrames.of(new SynthVideo(SynthSpec.of(1, 1)));
    TestFrames audio = TestFrames.of(new SynthAudio(SynthSpec.of(1, 1)));
    Path first = folder.resolve("first.webm");
    Path second = folder.resolve("second.webm");
    mux(first, Container.WEBM, video, audio);
    mux(second, Container.WEBM, video, audio);
    assertThat(second).hasSameBinaryContentAs(first);
    Path ogg = folder.resolve("first.ogg");
    Path oggAgain = folder.resolve("second.ogg");
    mux(ogg, Container.OGG, audio);
    mux(oggAgain, Container.OGG, audio);
    assertThat(oggAgain).hasSameBinaryContentAs(ogg);
  }

  @Test
  void framesOfOneInstantAreKept() throws IOException {
    TestFrames video = TestFrames.of(new SynthVideo(SynthSpec.of(1, 1)));
    Path path = folder.resolve("clip.webm");
    mux(path, Container.WEBM, video.map(frame ->
        new EncodedFrame(frame.ptsNanos() / 100_000_000 * 100_000_000, 0, frame.keyFrame(), frame.data())));

    assertThat(MediaProbe.probe(path, FPS).counters().getFirst().distinct()).isEqualTo(FPS);
  }

  @Test
  void fileWithoutFinishLeavesNothing() throws IOException {
    Path path = folder.resolve("clip.webm");
    TestFrames video = TestFrames.of(new SynthVideo(SynthSpec.of(1, 1)));
    try (Muxer muxer = Muxer.open(path, Container.WEBM, List.of(video.info()))) {
      muxer.write(0, video.frames().getFirst());
      assertThat(path).doesNotExist();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesWhatTheContainerCannotHold() {
    StreamInfo h264 = StreamInfo.video(MediaCodec.H264, 320, 180, new byte[] {0, 0, 0, 1});
    assertThatThrownBy(() -> Muxer.open(folder.resolve("a.webm"), Container.WEBM, List.of(h264)))
        .isInstanceOf(MediaException.class).hasMessageContaining("WEBM cannot carry H264");
    StreamInfo bare = StreamInfo.video(MediaCodec.AV1, 320, 180);
    assertThatThrownBy(() -> Muxer.open(folder.resolve("a.webm"), Container.WEBM, List.of(bare)))
        .isInstanceOf(MediaException.class).hasMessageContaining("AV1 needs its codec header");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void manyFilesCanBeOpenAtOnce() throws IOException {
    TestFrames audio = TestFrames.of(new SynthAudio(SynthSpec.of(0, 1)));
    List<Muxer> open = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      open.add(Muxer.open(folder.resolve(i + ".webm"), Container.WEBM, List.of(audio.info())));
    }
    for (Muxer muxer : open) {
      for (EncodedFrame frame : audio.frames()) {
        muxer.write(0, frame);
      }
      muxer.finish();
      muxer.close();
    }
    for (int i = 1; i < 40; i++) {
      assertThat(Files.mismatch(folder.resolve("0.webm"), folder.resolve(i + ".webm"))).isEqualTo(-1);
    }
  }

  static void mux(Path path, Container container, TestFrames... tracks) throws IOException {
    List<StreamInfo> infos = Arrays.stream(tracks).map(TestFrames::info).toList();
    try (Muxer muxer = Muxer.open(path, container, infos)) {
      record Next(int track, EncodedFrame frame) {}
      List<Next> all = new ArrayList<>();
      for (int i = 0; i < tracks.length; i++) {
        int track = i;
        tracks[i].frames().forEach(frame -> all.add(new Next(track, frame)));
      }
      all.sort(Comparator.comparingLong(next -> next.frame().ptsNanos()));
      for (Next next : all) {
        muxer.write(next.track(), next.frame());
      }
      muxer.finish();
    }
  }
}
