package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.StreamInfo;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;

/** Between {@link StreamInfo} and libav's description of a stream. */
final class CodecParameters {

  private CodecParameters() {}

  /** Fills a fresh {@code parameters}, all that the muxers and decoders of our codecs look at. */
  static void fill(AVCodecParameters parameters, StreamInfo info) throws MediaException {
    parameters.codec_id(Libav.codecId(info.codec()));
    if (info.codec().isVideo()) {
      // Format and profile look like decoration, but mp4 writes an empty, unreadable vpcC for VP9 without them.
      parameters.codec_type(AVMEDIA_TYPE_VIDEO).width(info.width()).height(info.height()).format(AV_PIX_FMT_YUV420P);
      if (info.codec() == MediaCodec.VP9) {
        parameters.profile(0);
      }
    } else {
      parameters.codec_type(AVMEDIA_TYPE_AUDIO).sample_rate(info.sampleRate());
      parameters.initial_padding(OpusHead.preSkip(info.extradata()));
      av_channel_layout_default(parameters.ch_layout(), info.channels());
    }
    byte[] extradata = info.extradata();
    if (extradata.length > 0) {
      BytePointer copy = new BytePointer(Libav.require(
          av_mallocz(extradata.length + AV_INPUT_BUFFER_PADDING_SIZE), "copy codec header"));
      copy.put(extradata, 0, extradata.length);
      parameters.extradata(copy).extradata_size(extradata.length);
    }
  }

  /** @return the stream described by {@code parameters}, empty where its codec is none of ours or a size is missing */
  static Optional<StreamInfo> read(AVCodecParameters parameters) {
    byte[] extradata = new byte[parameters.extradata_size()];
    if (extradata.length > 0) {
      parameters.extradata().get(extradata);
    }
    return codec(parameters.codec_id()).flatMap(codec -> {
      if (!codec.isVideo()) {
        int channels = Math.clamp(parameters.ch_layout().nb_channels(), 1, 2);
        byte[] head = extradata.length > 0 ? extradata : OpusHead.of(channels, 0);
        return Optional.of(new StreamInfo(codec, 0, 0, OpusHead.SAMPLE_RATE, channels, head));
      }
      return parameters.width() > 0 && parameters.height() > 0
          ? Optional.of(StreamInfo.video(codec, parameters.width(), parameters.height(), extradata))
          : Optional.empty();
    });
  }

  private static Optional<MediaCodec> codec(int codecId) {
    return switch (codecId) {
      case avcodec.AV_CODEC_ID_OPUS -> Optional.of(MediaCodec.OPUS);
      case avcodec.AV_CODEC_ID_VP8 -> Optional.of(MediaCodec.VP8);
      case avcodec.AV_CODEC_ID_VP9 -> Optional.of(MediaCodec.VP9);
      case avcodec.AV_CODEC_ID_H264 -> Optional.of(MediaCodec.H264);
      case avcodec.AV_CODEC_ID_AV1 -> Optional.of(MediaCodec.AV1);
      default -> Optional.empty();
    };
  }
}
