package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.io.media.MediaException;
import dev.tapedeck.composer.io.media.VideoEncoder;
import java.util.ArrayDeque;
import java.util.Queue;

/** The video of a synthetic participant, encoded as it is read. Same spec, same bytes. */
public final class SynthVideo implements FrameSource {
  private static final double BITS_PER_PIXEL = 0.1;
  /** Below this the code in a small picture blurs. */
  private static final long MIN_BITS_PER_SECOND = 400_000;

  private final SynthSpec spec;
  private final SynthPicture picture;
  private final VideoEncoder encoder;
  private final Queue<EncodedFrame> ready = new ArrayDeque<>();
  private int nextPicture;
  private boolean finished;

  public SynthVideo(SynthSpec spec) throws MediaException {
    this.spec = spec;
    long bitsPerSecond = Math.max(MIN_BITS_PER_SECOND,
        (long) (BITS_PER_PIXEL * spec.width() * spec.height() * spec.framesPerSecond()));
    encoder = new VideoEncoder(new VideoEncoder.Settings(spec.codec(), spec.width(), spec.height(),
        spec.framesPerSecond(), bitsPerSecond, SynthSpec.KEY_FRAME_SECONDS * spec.framesPerSecond()));
    picture = new SynthPicture(spec.participant(), spec.width(), spec.height());
    encodeAhead(); // the stream of AV1 is known only then
  }

  @Override
  public StreamInfo info() {
    return encoder.info();
  }

  @Override
  public EncodedFrame next() throws MediaException {
    encodeAhead();
    return ready.poll();
  }

  private void encodeAhead() throws MediaException {
    while (ready.isEmpty() && !finished) {
      if (nextPicture < spec.pictures()) {
        ready.addAll(encoder.encode(picture.draw(nextPicture++)));
      } else {
        ready.addAll(encoder.finish());
        finished = true;
      }
    }
  }

  @Override
  public void close() {
    encoder.close();
    picture.close();
  }
}
