package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Encodes 48 kHz samples to Opus frames of 20 ms. Owned by one thread. */
public final class AudioEncoder implements AutoCloseable {
  /** Samples of each channel in a frame: 20 ms. */
  public static final int FRAME_SAMPLES = 960;

  private static final TimeBase SAMPLES = TimeBase.perSecond(OpusHead.SAMPLE_RATE);

  private final int channels;
  private final AVCodecContext context;
  private final Packet packet;
  private final AVFrame frame;
  private final StreamInfo info;
  private long samplesSent;

  /** @param channels 1 or 2 */
  public AudioEncoder(int channels, long bitsPerSecond) throws MediaException {
    this.channels = channels;
    AVCodec implementation = Codec.encoder(MediaCodec.OPUS);
    context = Codec.context(implementation);
    packet = new Packet();
    frame = Libav.require(av_frame_alloc(), "allocate samples");
    try (Options options = new Options().set("application", "audio")) {
      context.sample_rate(OpusHead.SAMPLE_RATE).sample_fmt(AV_SAMPLE_FMT_FLT).bit_rate(bitsPerSecond).thread_count(1);
      context.time_base().num(1).den(OpusHead.SAMPLE_RATE);
      context.flags(context.flags() | AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER);
      av_channel_layout_default(context.ch_layout(), channels);
      Codec.open(context, implementation, options, "open encoder OPUS");
      allocateFrame();
      info = new StreamInfo(MediaCodec.OPUS, 0, 0, OpusHead.SAMPLE_RATE, channels,
          OpusHead.of(channels, context.initial_padding()));
    } catch (MediaException e) {
      close();
      throw e;
    }
  }

  private void allocateFrame() throws MediaException {
    frame.format(AV_SAMPLE_FMT_FLT).nb_samples(FRAME_SAMPLES).sample_rate(OpusHead.SAMPLE_RATE);
    av_channel_layout_default(frame.ch_layout(), channels);
    Libav.check(av_frame_get_buffer(frame, 0), "allocate samples");
  }

  /** The OpusHead in it names the encoder's pre-skip; the first frame's time is below 0 by as much. */
  public StreamInfo info() {
    return info;
  }

  /** Encodes the next samples.
   *  @param interleaved {@code sampleCount * channels} floats of -1..1
   *  @param sampleCount {@link #FRAME_SAMPLES}; only the last call may have fewer
   *  @return the frames that are ready, in order */
  public List<EncodedFrame> encode(float[] interleaved, int sampleCount) throws MediaException {
    Libav.check(av_frame_make_writable(frame), "make samples writable");
    frame.nb_samples(sampleCount).pts(samplesSent);
    int count = sampleCount * channels;
    MemorySegment native_ = MemorySegment.ofAddress(frame.data(0).address()).reinterpret(4L * count);
    MemorySegment.copy(interleaved, 0, native_, ValueLayout.JAVA_FLOAT, 0, count);
    samplesSent += sampleCount;
    Libav.check(avcodec_send_frame(context, frame), "encode samples");
    return receive();
  }

  /** @return the frames the encoder still held; it takes no more samples */
  public List<EncodedFrame> finish() throws MediaException {
    Libav.check(avcodec_send_frame(context, null), "drain encoder");
    return receive();
  }

  private List<EncodedFrame> receive() throws MediaException {
    List<EncodedFrame> frames = new ArrayList<>();
    while (!Libav.isDry(avcodec_receive_packet(context, packet.empty()), "encode samples")) {
      EncodedFrame encoded = packet.toFrame(SAMPLES);
      frames.add(new EncodedFrame(encoded.ptsNanos(), encoded.durationNanos(), true, encoded.data()));
    }
    packet.clear();
    return frames;
  }

  @Override
  public void close() {
    Codec.free(context);
    packet.close();
    av_frame_free(frame);
  }
}
