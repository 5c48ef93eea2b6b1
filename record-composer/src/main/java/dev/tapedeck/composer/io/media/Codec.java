package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;

import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/** Which implementation of a codec is used, and the steps that opening any of them shares. */
final class Codec {

  private Codec() {}

  static AVCodec decoder(MediaCodec codec) throws MediaException {
    String name = switch (codec) {
      case OPUS -> "libopus";
      case VP8 -> "vp8";
      case VP9 -> "vp9";
      case H264 -> "h264";
      case AV1 -> "libaom-av1"; // the one called "av1" needs a GPU
    };
    return Libav.require(avcodec_find_decoder_by_name(name), "find decoder " + name);
  }

  static AVCodec encoder(MediaCodec codec) throws MediaException {
    String name = switch (codec) {
      case OPUS -> "libopus";
      case VP8 -> "libvpx";
      case VP9 -> "libvpx-vp9";
      case H264 -> "libopenh264";
      case AV1 -> "libaom-av1";
    };
    return Libav.require(avcodec_find_encoder_by_name(name), "find encoder " + name);
  }

  static AVCodecContext context(AVCodec implementation) throws MediaException {
    return Libav.require(avcodec_alloc_context3(implementation), "allocate codec context");
  }

  static void describe(AVCodecContext context, StreamInfo info, TimeBase packetTimeBase) throws MediaException {
    AVCodecParameters parameters = Libav.require(avcodec_parameters_alloc(), "describe stream");
    try {
      CodecParameters.fill(parameters, info);
      Libav.check(avcodec_parameters_to_context(context, parameters), "describe stream to codec");
    } finally {
      avcodec_parameters_free(parameters);
    }
    context.pkt_timebase().num(packetTimeBase.numerator()).den(packetTimeBase.denominator());
  }

  static void open(AVCodecContext context, AVCodec implementation, Options options, String step)
      throws MediaException {
    Libav.check(avcodec_open2(context, implementation, options.dictionary()), step);
  }

  static void free(AVCodecContext context) {
    avcodec_free_context(context);
  }
}
