package dev.tapedeck.composer.core.frame;

/** Largest picture size from an AV1 sequence header OBU (AV1 specification 5.5.1). */
record Av1SequenceHeader(int width, int height) {
  static final Av1SequenceHeader UNREADABLE = new Av1SequenceHeader(0, 0);
  private static final int LEVEL_WITH_TIER = 8;

  /** Reads the OBU's payload at {@code from..to}, without OBU header and size. */
  static Av1SequenceHeader parse(byte[] bytes, int from, int to) {
    BitReader in = new BitReader(bytes, from, to);
    in.skip(4); // seq_profile, still_picture
    boolean isReducedStill = in.flag();
    if (isReducedStill) {
      in.skip(5);
    } else {
      skipOperatingPoints(in);
    }
    int widthBits = in.bits(4) + 1;
    int heightBits = in.bits(4) + 1;
    int width = in.bits(widthBits) + 1;
    int height = in.bits(heightBits) + 1;
    return in.isPastEnd() ? UNREADABLE : new Av1SequenceHeader(width, height);
  }

  private static void skipOperatingPoints(BitReader in) {
    boolean hasDecoderModel = false;
    int delayBits = 0;
    if (in.flag()) { // timing_info_present_flag
      in.skip(64);
      if (in.flag()) { // equal_picture_interval
        in.unsignedGolomb(); // uvlc() of 4.10.3 has the same code
      }
      hasDecoderModel = in.flag();
      if (hasDecoderModel) {
        delayBits = in.bits(5) + 1;
        in.skip(42);
      }
    }
    boolean hasDisplayDelay = in.flag();
    int points = in.bits(5) + 1;
    for (int i = 0; i < points; i++) {
      in.skip(12); // operating_point_idc
      if (in.bits(5) >= LEVEL_WITH_TIER) {
        in.skip(1);
      }
      if (hasDecoderModel && in.flag()) {
        in.skip(2 * delayBits + 1);
      }
      if (hasDisplayDelay && in.flag()) {
        in.skip(4);
      }
    }
  }
}
