package dev.tapedeck.composer.core.frame;

import static dev.tapedeck.composer.core.frame.Packetizers.bytes;
import static dev.tapedeck.composer.core.frame.Packetizers.join;

import dev.tapedeck.composer.core.media.MediaCodec;
import java.util.random.RandomGenerator;

/** Frames with true headers of their codec and noise as content: 640x360, as far as a depacketizer looks. */
final class SyntheticFrames {
  static final int WIDTH = 640;
  static final int HEIGHT = 360;
  /** From a 640x360 constrained baseline stream: profile 66, level 3.0, frame_cropping of 8 rows. */
  static final byte[] SPS = h264Sps();
  static final byte[] PPS = bytes(0x68, 0xCE, 0x3C, 0x80);
  static final byte[] START_CODE = bytes(0, 0, 0, 1);

  private SyntheticFrames() {}

  static byte[] frame(MediaCodec codec, boolean isKeyFrame, int noiseBytes, RandomGenerator random) {
    byte[] noise = new byte[noiseBytes];
    for (int i = 0; i < noiseBytes; i++) {
      noise[i] = (byte) (1 + random.nextInt(255)); // no zero: no start code of H.264 by chance
    }
    return switch (codec) {
      case OPUS -> join(bytes(0x78), noise); // 20 ms, hybrid, one frame
      case VP8 -> isKeyFrame
          ? join(bytes(0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, WIDTH & 0xFF, WIDTH >> 8, HEIGHT & 0xFF, HEIGHT >> 8), noise)
          : join(bytes(0x31, 0x02, 0x00), noise);
      case VP9 -> isKeyFrame ? join(vp9KeyHeader(WIDTH, HEIGHT), noise) : join(bytes(0x86), noise);
      case H264 -> isKeyFrame
          ? join(START_CODE, SPS, START_CODE, PPS, START_CODE, bytes(0x65, 0x88), noise)
          : join(START_CODE, bytes(0x41, 0x9A), noise);
      case AV1 -> isKeyFrame
          ? join(obu(1, av1SequenceHeader(WIDTH, HEIGHT)), obu(6, join(bytes(0x10), noise)))
          : obu(6, join(bytes(0x30), noise));
    };
  }

  static byte[] vp9KeyHeader(int width, int height) {
    BitWriter out = new BitWriter();
    // marker, profile, show_existing_frame, key frame, show_frame, error_resilient_mode
    out.bits(2, 2).bits(0, 2).bits(0, 1).bits(0, 1).bits(1, 1).bits(0, 1);
    out.bits(0x498342, 24).bits(2, 3).bits(0, 1).bits(width - 1, 16).bits(height - 1, 16).bits(0, 4);
    return out.toByteArray();
  }

  /** An inter frame with a size of its own, as none of its references has it. */
  static byte[] vp9ResizedHeader(int width, int height, boolean isErrorResilient) {
    BitWriter out = new BitWriter();
    // marker, profile, show_existing_frame, inter frame, show_frame, error_resilient_mode
    out.bits(2, 2).bits(0, 2).bits(0, 1).bits(1, 1).bits(1, 1).bits(isErrorResilient ? 1 : 0, 1);
    out.bits(0, isErrorResilient ? 0 : 2).bits(1, 8).bits(0x048, 12).bits(0, 3); // no reference has the size
    out.bits(width - 1, 16).bits(height - 1, 16).bits(0, 4);
    return out.toByteArray();
  }

  static byte[] av1SequenceHeader(int width, int height) {
    BitWriter out = new BitWriter();
    out.bits(0, 3).bits(0, 1).bits(0, 1); // profile, still_picture, reduced_still_picture_header
    out.bits(0, 1).bits(0, 1).bits(0, 5); // timing_info, initial_display_delay, one operating point
    out.bits(0, 12).bits(5, 5); // idc, level 3.1
    out.bits(15, 4).bits(15, 4).bits(width - 1, 16).bits(height - 1, 16).bits(0, 8);
    return out.toByteArray();
  }

  static byte[] obu(int type, byte[] payload) {
    return join(bytes(type << 3 | 2), Packetizers.leb128(payload.length), payload);
  }

  private static byte[] h264Sps() {
    BitWriter out = new BitWriter();
    out.bits(0x67, 8).bits(66, 8).bits(0xC0, 8).bits(30, 8);
    out.golomb(0).golomb(0).golomb(2).golomb(1).bits(0, 1); // id, frame_num, poc type 2, one reference
    out.golomb(WIDTH / 16 - 1).golomb((HEIGHT + 8) / 16 - 1).bits(1, 1).bits(1, 1);
    out.bits(1, 1).golomb(0).golomb(0).golomb(0).golomb(4).bits(0, 1).bits(1, 1); // 8 rows cropped at the bottom
    return out.toByteArray();
  }

  /** Bits from the most significant on, the last byte filled with zeros. */
  static final class BitWriter {
    private final StringBuilder bits = new StringBuilder();

    BitWriter bits(int value, int count) {
      for (int i = count - 1; i >= 0; i--) {
        bits.append(value >> i & 1);
      }
      return this;
    }

    BitWriter golomb(int value) {
      int length = 32 - Integer.numberOfLeadingZeros(value + 1);
      return bits(0, length - 1).bits(value + 1, length);
    }

    byte[] toByteArray() {
      byte[] bytes = new byte[(bits.length() + 7) / 8];
      for (int i = 0; i < bits.length(); i++) {
        bytes[i / 8] |= (byte) (bits.charAt(i) == '1' ? 0x80 >> i % 8 : 0);
      }
      return bytes;
    }
  }
}
