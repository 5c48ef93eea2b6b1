package dev.tapedeck.composer.core.frame;

/** Picture size from a sequence parameter set (H.264 7.3.2.1.1), all a muxer needs of it. */
record H264Sps(int width, int height) {
  static final H264Sps UNREADABLE = new H264Sps(0, 0);
  private static final int MAX_PIXELS = 1 << 14;
  private static final int NAL_HEADER_BYTES = 1;

  /** Reads a NAL unit of type 7, emulation prevention still in it. */
  static H264Sps parse(byte[] nalUnit) {
    byte[] rbsp = withoutEmulationPrevention(nalUnit);
    BitReader in = new BitReader(rbsp, NAL_HEADER_BYTES, rbsp.length);
    int profile = in.bits(8);
    in.skip(16); // constraint flags, level
    in.unsignedGolomb(); // seq_parameter_set_id
    int chromaFormat = hasChromaFormat(profile) ? skipHighProfile(in) : 1;
    in.unsignedGolomb(); // log2_max_frame_num_minus4
    skipPictureOrder(in);
    in.unsignedGolomb(); // max_num_ref_frames
    in.skip(1);
    int widthInBlocks = in.unsignedGolomb() + 1;
    int heightInUnits = in.unsignedGolomb() + 1;
    int fieldFactor = in.flag() ? 1 : 2;
    if (fieldFactor == 2) {
      in.skip(1); // mb_adaptive_frame_field_flag
    }
    in.skip(1); // direct_8x8_inference_flag
    long width = 16L * widthInBlocks;
    long height = 16L * heightInUnits * fieldFactor;
    if (in.flag()) {
      int unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1;
      int unitY = (chromaFormat == 1 ? 2 : 1) * fieldFactor;
      width -= (long) unitX * in.unsignedGolomb() + (long) unitX * in.unsignedGolomb();
      height -= (long) unitY * in.unsignedGolomb() + (long) unitY * in.unsignedGolomb();
    }
    boolean isSize = width > 0 && height > 0 && width <= MAX_PIXELS && height <= MAX_PIXELS;
    return in.isPastEnd() || !isSize ? UNREADABLE : new H264Sps((int) width, (int) height);
  }

  private static boolean hasChromaFormat(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  private static int skipHighProfile(BitReader in) {
    int chromaFormat = in.unsignedGolomb();
    boolean hasSeparatePlanes = chromaFormat == 3 && in.flag();
    in.unsignedGolomb(); // bit_depth_luma_minus8
    in.unsignedGolomb(); // bit_depth_chroma_minus8
    in.skip(1); // qpprime_y_zero_transform_bypass_flag
    if (in.flag()) {
      int lists = chromaFormat == 3 ? 12 : 8;
      for (int i = 0; i < lists; i++) {
        if (in.flag()) {
          skipScalingList(in, i < 6 ? 16 : 64);
        }
      }
    }
    return hasSeparatePlanes ? 0 : chromaFormat;
  }

  private static void skipScalingList(BitReader in, int size) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size; i++) {
      if (next != 0) {
        next = (last + in.signedGolomb() + 256) & 0xFF;
      }
      last = next == 0 ? last : next;
    }
  }

  private static void skipPictureOrder(BitReader in) {
    int type = in.unsignedGolomb();
    if (type == 0) {
      in.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      in.skip(1);
      in.signedGolomb();
      in.signedGolomb();
      int cycle = in.unsignedGolomb();
      for (int i = 0; i < cycle && !in.isPastEnd(); i++) {
        in.signedGolomb();
      }
    }
  }

  private static byte[] withoutEmulationPrevention(byte[] nalUnit) {
    FrameBuffer out = new FrameBuffer();
    int zeros = 0;
    for (byte value : nalUnit) {
      boolean isInserted = zeros >= 2 && value == 3;
      if (!isInserted) {
        out.put(value);
      }
      zeros = value == 0 ? zeros + 1 : 0;
    }
    return out.copy();
  }
}
