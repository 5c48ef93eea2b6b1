package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Encodes pictures at a constant frame rate, one frame out for one picture in, as a real-time sender would: no
 *  frame refers to a later one. Same pictures, same bytes: nothing depends on the clock or on the number of cores.
 *  Owned by one thread. */
public final class VideoEncoder implements AutoCloseable {
  /** One: libvpx writes other bytes with other numbers of threads, and its VP8 threads wait for one another by
   *  spinning, which on a busy machine costs twenty times the work itself. Cores are better used by several jobs. */
  private static final int THREADS = 1;
  private static final int OBU_SEQUENCE_HEADER = 1;

  /** @param framesPerSecond    1..120
   *  @param bitsPerSecond      what the rate control aims at
   *  @param keyFrameInterval   frames from one key frame to the next */
  public record Settings(MediaCodec codec, int width, int height, int framesPerSecond, long bitsPerSecond,
      int keyFrameInterval) {

    public Settings {
      if (!codec.isVideo() || (width | height) % 2 != 0 || width <= 0 || height <= 0
          || framesPerSecond < 1 || framesPerSecond > 120 || bitsPerSecond < 1 || keyFrameInterval < 1) {
        throw new IllegalArgumentException("cannot encode " + codec + " " + width + "x" + height + " at "
            + framesPerSecond + " frames and " + bitsPerSecond + " bits per second, a key frame every "
            + keyFrameInterval + " frames");
      }
    }
  }

  private final Settings settings;
  private final TimeBase timeBase;
  private final AVCodecContext context;
  private final Packet packet;
  private StreamInfo info;
  private long frameNumber;

  public VideoEncoder(Settings settings) throws MediaException {
    this.settings = settings;
    timeBase = TimeBase.perSecond(settings.framesPerSecond());
    AVCodec implementation = Codec.encoder(settings.codec());
    context = Codec.context(implementation);
    packet = new Packet();
    try (Options options = new Options()) {
      context.width(settings.width()).height(settings.height()).pix_fmt(AV_PIX_FMT_YUV420P);
      context.time_base().num(1).den(settings.framesPerSecond());
      context.framerate().num(settings.framesPerSecond()).den(1);
      context.bit_rate(settings.bitsPerSecond()).gop_size(settings.keyFrameInterval()).max_b_frames(0);
      context.thread_count(THREADS).flags(context.flags() | AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER);
      realTime(settings.codec(), options);
      Codec.open(context, implementation, options, "open encoder " + settings.codec());
      info = StreamInfo.video(settings.codec(), settings.width(), settings.height(), extradata());
    } catch (MediaException e) {
      close();
      throw e;
    }
  }

  private static void realTime(MediaCodec codec, Options options) throws MediaException {
    switch (codec) {
      // A positive cpu-used would follow the load of the machine: neither reproducible nor faster.
      case VP8 -> options.set("deadline", "realtime").set("cpu-used", -8).set("lag-in-frames", 0);
      case VP9 -> options.set("deadline", "realtime").set("cpu-used", 8).set("lag-in-frames", 0).set("row-mt", 1);
      case AV1 -> options.set("usage", "realtime").set("cpu-used", 8).set("lag-in-frames", 0).set("row-mt", 1);
      case H264 -> options.set("profile", "constrained_baseline").set("allow_skip_frames", 0);
      case OPUS -> throw new MediaException("Opus is not video");
    }
  }

  private byte[] extradata() {
    byte[] bytes = new byte[settings.codec() == MediaCodec.H264 ? context.extradata_size() : 0];
    BytePointer header = context.extradata();
    if (bytes.length > 0 && header != null) {
      header.get(bytes);
    }
    return bytes;
  }

  /** The stream for a muxer; that of AV1 is complete once the first frame came out. */
  public StreamInfo info() {
    return info;
  }

  /** Encodes the next picture; it is shown at (pictures before it) / (frames per second).
   *  @param picture of the size in the settings; not kept
   *  @return the frames that are ready, in order */
  public List<EncodedFrame> encode(Picture picture) throws MediaException {
    AVFrame frame = picture.frame();
    boolean keyFrame = frameNumber % settings.keyFrameInterval() == 0;
    frame.pts(frameNumber++).duration(1).pict_type(keyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
    Libav.check(avcodec_send_frame(context, frame), "encode picture " + (frameNumber - 1));
    return receive();
  }

  /** @return the frames the encoder still held; it takes no more pictures */
  public List<EncodedFrame> finish() throws MediaException {
    Libav.check(avcodec_send_frame(context, null), "drain encoder");
    return receive();
  }

  private List<EncodedFrame> receive() throws MediaException {
    List<EncodedFrame> frames = new ArrayList<>();
    while (!Libav.isDry(avcodec_receive_packet(context, packet.empty()), "encode picture")) {
      frames.add(whole(packet.toFrame(timeBase)));
    }
    packet.clear();
    return frames;
  }

  /** Frames leave with exact times, and H.264 key frames with the SPS and PPS that the encoder gave separately. */
  private EncodedFrame whole(EncodedFrame frame) {
    if (settings.codec() == MediaCodec.AV1 && info.extradata().length == 0) {
      info = StreamInfo.video(MediaCodec.AV1, settings.width(), settings.height(), sequenceHeader(frame.data()));
    }
    long number = timeBase.fromNanos(frame.ptsNanos());
    long durationNanos = timeBase.toNanos(number + 1) - timeBase.toNanos(number);
    byte[] data = frame.data();
    if (settings.codec() == MediaCodec.H264 && frame.keyFrame()) {
      byte[] header = info.extradata();
      data = Arrays.copyOf(header, header.length + data.length);
      System.arraycopy(frame.data(), 0, data, header.length, frame.data().length);
    }
    return new EncodedFrame(frame.ptsNanos(), durationNanos, frame.keyFrame(), data);
  }

  /** @param temporalUnit OBUs that carry their sizes (AV1 specification §5.3)
   *  @return the sequence header OBU, empty if there is none */
  private static byte[] sequenceHeader(byte[] temporalUnit) {
    int at = 0;
    while (at < temporalUnit.length) {
      int start = at;
      int type = temporalUnit[at] >> 3 & 0x0F;
      boolean hasExtension = (temporalUnit[at] & 0x04) != 0;
      at += hasExtension ? 2 : 1;
      int bodyBytes = 0;
      for (int shift = 0; at < temporalUnit.length; shift += 7) {
        int next = temporalUnit[at++];
        bodyBytes |= (next & 0x7F) << shift;
        if (next >= 0) {
          break;
        }
      }
      at += bodyBytes;
      if (type == OBU_SEQUENCE_HEADER) {
        return Arrays.copyOfRange(temporalUnit, start, at);
      }
    }
    return new byte[0];
  }

  @Override
  public void close() {
    Codec.free(context);
    packet.close();
  }
}
