package dev.tapedeck.composer.io.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthAudio;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.synth.SynthVideo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the bytes, the outcome is a picture, sound or a {@link MediaException}; the virtual machine lives. */
class BrokenMediaTest {
  private static final long SEED = 20_261_121;
  private static final int ROUNDS = 12;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(value = MediaCodec.class, names = {"VP8", "VP9", "H264", "AV1"})
  void videoDecoderSurvivesMutatedFrames(MediaCodec codec) throws IOException {
    TestFrames clip = TestFrames.of(new SynthVideo(new SynthSpec(0, 1, codec, 160, 90, 30)));
    Random random = new Random(SEED);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (VideoDecoder decoder = new VideoDecoder(clip.info())) {
        for (EncodedFrame frame : clip.frames()) {
          try {
            decoder.send(mutated(frame, random));
            while (decoder.receive().isPresent()) {
              // every picture must be readable memory; reading it is receive's own business
            }
          } catch (MediaException e) {
            refused++;
          }
        }
      }
    }
    System.out.printf("fuzz %s decoder: corpus %d, mutations %d, seed %d, refused %d%n", codec,
        clip.frames().size(), ROUNDS * clip.frames().size(), SEED, refused);
    try (VideoDecoder decoder = new VideoDecoder(clip.info())) {
      decoder.send(clip.frames().getFirst());
      assertThat(decoder.receive()).isPresent();
    }
  }

  @Test
  void audioDecoderSurvivesMutatedFrames() throws IOException {
    TestFrames clip = TestFrames.of(new SynthAudio(SynthSpec.of(0, 2)));
    Random random = new Random(SEED);
    int refused = 0;
    try (AudioDecoder decoder = new AudioDecoder(clip.info())) {
      for (int round = 0; round < 50; round++) {
        for (EncodedFrame frame : clip.frames()) {
          try {
            for (float sample : decoder.decode(mutated(frame, random))) {
              assertThat(Float.isFinite(sample)).isTrue();
            }
          } catch (MediaException e) {
            refused++;
          }
        }
      }
      assertThat(refused).isPositive();
      assertThat(decoder.decode(clip.frames().getFirst())).hasSize(960);
    }
  }

  @Test
  void demuxerSurvivesMutatedFiles() throws IOException {
    Path whole = folder.resolve("whole.webm");
    MuxerTest.mux(whole, Container.WEBM,
        TestFrames.of(new SynthVideo(new SynthSpec(0, 1, MediaCodec.VP8, 160, 90, 30))),
        TestFrames.of(new SynthAudio(SynthSpec.of(0, 1))));
    byte[] bytes = Files.readAllBytes(whole);
    Random random = new Random(SEED);
    Path broken = folder.resolve("broken.webm");
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      boolean cut = random.nextInt(4) == 0;
      byte[] copy = Arrays.copyOf(bytes, cut ? random.nextInt(bytes.length) : bytes.length);
      for (int i = 0; i < 8 && copy.length > 0; i++) {
        copy[random.nextInt(random.nextBoolean() ? copy.length : Math.min(copy.length, 400))] = (byte) random.nextInt();
      }
      Files.write(broken, copy);
      try (Demuxer demuxer = Demuxer.open(broken)) {
        while (demuxer.next().isPresent()) {
          assertThat(demuxer.streams()).isNotEmpty();
        }
      } catch (MediaException e) {
        refused++;
      }
    }
    System.out.printf("fuzz demuxer: corpus 1, mutations 500, seed %d, refused %d%n", SEED, refused);
    assertThat(refused).isBetween(1, 499);
  }

  private static EncodedFrame mutated(EncodedFrame frame, Random random) {
    byte[] data = frame.data().clone();
    switch (random.nextInt(4)) {
      case 0 -> data = Arrays.copyOf(data, random.nextInt(data.length + 1));
      case 1 -> random.nextBytes(data);
      default -> {
        for (int i = 0; i < 6; i++) {
          data[random.nextInt(data.length)] = (byte) random.nextInt();
        }
      }
    }
    return new EncodedFrame(frame.ptsNanos(), frame.durationNanos(), frame.keyFrame(), data);
  }
}
