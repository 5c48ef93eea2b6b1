package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.TimeBase;
import dev.tapedeck.composer.io.media.AudioEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The files of one synthetic participant, and what is in them: a description for the program that plays them.
 *  @param video         IVF of the video
 *  @param audio         IVF of the Opus sound; frames of 20 ms, pre-skip 312 samples
 *  @param codec         of the video, lower case
 *  @param colour        as #rrggbb
 *  @param toneHz        of the sound
 *  @param pictures      pictures in the clip, numbered from 0 in their {@link FrameCode}
 *  @param audioFrames   Opus frames in the clip */
public record SynthClip(int participant, String video, String audio, String codec, int width, int height,
    int framesPerSecond, int seconds, String colour, int toneHz, int pictures, int audioFrames) {

  /** Writes {@code participant-<k>.<codec>.ivf} and {@code participant-<k>.opus.ivf} into a folder. */
  public static SynthClip write(SynthSpec spec, Path folder) throws IOException {
    String codec = spec.codec().name().toLowerCase(Locale.ROOT);
    String video = "participant-" + spec.participant() + "." + codec + ".ivf";
    String audio = "participant-" + spec.participant() + ".opus.ivf";
    int pictures = writeVideo(spec, folder.resolve(video));
    int audioFrames = writeAudio(spec, folder.resolve(audio));
    return new SynthClip(spec.participant(), video, audio, codec, spec.width(), spec.height(),
        spec.framesPerSecond(), spec.seconds(), SynthColour.hex(spec.participant()),
        SynthSpec.toneHz(spec.participant()), pictures, audioFrames);
  }

  private static int writeVideo(SynthSpec spec, Path path) throws IOException {
    TimeBase timeBase = TimeBase.perSecond(spec.framesPerSecond());
    int frames = 0;
    try (SynthVideo source = new SynthVideo(spec);
        IvfWriter writer = new IvfWriter(path, fourCc(spec.codec()), spec.width(), spec.height(), timeBase)) {
      for (EncodedFrame frame = source.next(); frame != null; frame = source.next()) {
        writer.write(frame.data(), frames++);
      }
    }
    return frames;
  }

  /** Times count from the first frame. The frame that only flushes the encoder is left out: a loop begins anew. */
  private static int writeAudio(SynthSpec spec, Path path) throws IOException {
    int wanted = spec.seconds() * OpusHead.SAMPLE_RATE / AudioEncoder.FRAME_SAMPLES;
    TimeBase timeBase = TimeBase.perSecond(OpusHead.SAMPLE_RATE);
    int frames = 0;
    try (SynthAudio source = new SynthAudio(spec);
        IvfWriter writer = new IvfWriter(path, fourCc(MediaCodec.OPUS), 0, 0, timeBase)) {
      for (EncodedFrame frame = source.next(); frame != null && frames < wanted; frame = source.next()) {
        writer.write(frame.data(), (long) frames++ * AudioEncoder.FRAME_SAMPLES);
      }
    }
    return frames;
  }

  private static String fourCc(MediaCodec codec) {
    return switch (codec) {
      case OPUS -> "OPUS";
      case VP8 -> "VP80";
      case VP9 -> "VP90";
      case H264 -> "H264";
      case AV1 -> "AV01";
    };
  }
}
