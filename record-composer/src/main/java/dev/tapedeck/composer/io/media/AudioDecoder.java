package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Decodes Opus to 48 kHz floating point samples. Owned by one thread. */
public final class AudioDecoder implements AutoCloseable {
  private static final float[] NO_SAMPLES = {};

  private final int channels;
  private final AVCodecContext context;
  private final Packet packet;
  private final AVFrame received;

  public AudioDecoder(StreamInfo info) throws MediaException {
    AVCodec implementation = Codec.decoder(info.codec());
    channels = info.channels();
    context = Codec.context(implementation);
    packet = new Packet();
    received = Libav.require(av_frame_alloc(), "allocate samples");
    try (Options options = new Options()) {
      // No pre-skip: every frame says by its own time where its samples belong.
      StreamInfo bare = StreamInfo.opus(channels);
      Codec.describe(context, bare, TimeBase.perSecond(OpusHead.SAMPLE_RATE));
      context.thread_count(1).request_sample_fmt(AV_SAMPLE_FMT_FLT);
      Codec.open(context, implementation, options, "open decoder " + info.codec());
    } catch (MediaException e) {
      close();
      throw e;
    }
  }

  public int channels() {
    return channels;
  }

  /** @return interleaved samples, {@link #channels} floats of -1..1 for each
   *  @throws MediaException if the frame is broken; the decoder goes on with the next */
  public float[] decode(EncodedFrame frame) throws MediaException {
    if (frame.data().length == 0) {
      throw new MediaException("decode audio at " + frame.ptsNanos() / 1_000_000 + " ms: it has no bytes");
    }
    String step = "decode audio at " + frame.ptsNanos() / 1_000_000 + " ms";
    try {
      Libav.check(avcodec_send_packet(context, packet.of(frame, TimeBase.perSecond(OpusHead.SAMPLE_RATE))), step);
    } finally {
      packet.clear();
    }
    float[] samples = NO_SAMPLES;
    while (!Libav.isDry(avcodec_receive_frame(context, received), step)) {
      samples = append(samples);
    }
    return samples;
  }

  private float[] append(float[] samples) throws MediaException {
    if (received.format() != AV_SAMPLE_FMT_FLT || received.ch_layout().nb_channels() != channels) {
      throw new MediaException("decoder gave samples in an unexpected format");
    }
    int count = received.nb_samples() * channels;
    float[] joined = Arrays.copyOf(samples, samples.length + count);
    MemorySegment native_ = MemorySegment.ofAddress(received.data(0).address()).reinterpret(4L * count);
    MemorySegment.copy(native_, ValueLayout.JAVA_FLOAT, 0, joined, samples.length, count);
    return joined;
  }

  @Override
  public void close() {
    Codec.free(context);
    packet.close();
    av_frame_free(received);
  }
}
