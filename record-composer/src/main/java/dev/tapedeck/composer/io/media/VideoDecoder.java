package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_LOW_DELAY;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_move_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import dev.tapedeck.composer.core.mix.Rect;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Decodes the video frames of one stream; the picture size may change at any key frame. Owned by one thread. */
public final class VideoDecoder implements AutoCloseable {
  /** Larger pictures are refused: the size in a frame header is a claim of somebody's network packet. */
  private static final long MAX_PIXELS = 8192L * 4320;
  private static final TimeBase NANOS = new TimeBase(1, 1_000_000_000);

  private final AVCodecContext context;
  private final Packet packet;
  private final AVFrame received;
  private final Picture decoded;
  private final Scaler converter = new Scaler();
  private Picture converted;

  public VideoDecoder(StreamInfo info) throws MediaException {
    AVCodec implementation = Codec.decoder(info.codec());
    context = Codec.context(implementation);
    packet = new Packet();
    received = Libav.require(av_frame_alloc(), "allocate picture");
    decoded = new Picture(Libav.require(av_frame_alloc(), "allocate picture"));
    try (Options options = new Options()) {
      Codec.describe(context, info, NANOS);
      // One thread keeps it one picture out for one frame in; threads would hold some back.
      context.thread_count(1).max_pixels(MAX_PIXELS).flags(context.flags() | AV_CODEC_FLAG_LOW_DELAY);
      Codec.open(context, implementation, options, "open decoder " + info.codec());
    } catch (MediaException e) {
      close();
      throw e;
    }
  }

  /** Hands over one frame; then call {@link #receive} until it is empty.
   *  @throws MediaException if the frame is broken; the decoder is still usable, best from the next key frame on */
  public void send(EncodedFrame frame) throws MediaException {
    if (frame.data().length == 0) {
      // libav takes an empty packet for the end of the stream.
      throw new MediaException("decode frame at " + frame.ptsNanos() / 1_000_000 + " ms: it has no bytes");
    }
    try {
      Libav.check(avcodec_send_packet(context, packet.of(frame, NANOS)),
          "decode frame at " + frame.ptsNanos() / 1_000_000 + " ms");
    } finally {
      packet.clear();
    }
  }

  /** Says that no frame follows; {@link #receive} then gives what is left. */
  public void finish() throws MediaException {
    Libav.check(avcodec_send_packet(context, null), "drain decoder");
  }

  /** @return the next picture, this decoder's and valid until it gives another; empty when it wants more frames */
  public Optional<Picture> receive() throws MediaException {
    if (Libav.isDry(avcodec_receive_frame(context, received), "decode picture")) {
      return Optional.empty();
    }
    av_frame_unref(decoded.frame());
    av_frame_move_ref(decoded.frame(), received);
    Picture picture = decoded.frame().format() == AV_PIX_FMT_YUV420P ? mapped() : convert();
    picture.setPtsNanos(decoded.frame().pts());
    return Optional.of(picture);
  }

  private Picture mapped() {
    decoded.mapPlanes();
    return decoded;
  }

  private Picture convert() throws MediaException {
    int width = decoded.width() & ~1;
    int height = decoded.height() & ~1;
    if (converted == null || converted.width() != width || converted.height() != height) {
      closeConverted();
      converted = Picture.allocate(width, height);
    }
    converter.draw(decoded.frame(), converted, new Rect(0, 0, width, height));
    return converted;
  }

  @Override
  public void close() {
    Codec.free(context);
    packet.close();
    av_frame_free(received);
    decoded.close();
    closeConverted();
    converter.close();
  }

  private void closeConverted() {
    if (converted != null) {
      converted.close();
      converted = null;
    }
  }
}
