package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import dev.tapedeck.composer.core.media.MediaCodec;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;

/** The one way return codes and pointers of libav become Java: checked, or an exception with libav's own words. */
final class Libav {
  private static final int ERROR_TEXT_BYTES = 128;
  /** AVERROR(EAGAIN), the one code here that is the system's own number. */
  private static final int AGAIN = System.getProperty("os.name").startsWith("Mac") ? -35 : -11;

  static {
    // Everything libav would print is a return code here; its log is a second voice on stderr that nobody reads.
    av_log_set_level(AV_LOG_QUIET);
  }

  private Libav() {}

  /** @param step what was tried, as the start of an error message: {@code "open decoder VP8"}
   *  @return the code, 0 or more */
  static int check(int code, String step) throws MediaException {
    if (code < 0) {
      throw new MediaException(step + ": " + reason(code));
    }
    return code;
  }

  /** Whether a codec has nothing to give now: it wants more input, or is drained. Other failures throw. */
  static boolean isDry(int code, String step) throws MediaException {
    return code == AGAIN || code == AVERROR_EOF || check(code, step) < 0;
  }

  static <P extends Pointer> P require(P pointer, String step) throws MediaException {
    if (pointer == null || pointer.isNull()) {
      throw new MediaException(step + ": libav has none or is out of memory");
    }
    return pointer;
  }

  static int codecId(MediaCodec codec) {
    return switch (codec) {
      case OPUS -> avcodec.AV_CODEC_ID_OPUS;
      case VP8 -> avcodec.AV_CODEC_ID_VP8;
      case VP9 -> avcodec.AV_CODEC_ID_VP9;
      case H264 -> avcodec.AV_CODEC_ID_H264;
      case AV1 -> avcodec.AV_CODEC_ID_AV1;
    };
  }

  static String reason(int code) {
    byte[] text = new byte[ERROR_TEXT_BYTES];
    if (av_strerror(code, text, text.length) < 0) {
      return "error " + code;
    }
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }
}
