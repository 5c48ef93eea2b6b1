package dev.tapedeck.composer.core.frame;

/** What the uncompressed header of a VP9 frame tells (VP9 bitstream specification 6.2); size only of key frames. */
record Vp9Header(boolean isKeyFrame, int width, int height) {
  /** The header up to the size is never longer. */
  static final int MAX_BYTES = 16;
  private static final Vp9Header NO_KEY_FRAME = new Vp9Header(false, 0, 0);
  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x498342;
  private static final int COLOR_SPACE_RGB = 7;

  static Vp9Header parse(byte[] bytes) {
    BitReader in = new BitReader(bytes, 0, bytes.length);
    boolean isVp9 = in.bits(2) == FRAME_MARKER;
    int profile = in.bit() | in.bit() << 1;
    if (profile == 3) {
      in.skip(1);
    }
    boolean showsExisting = in.flag();
    boolean isInter = in.flag();
    in.skip(2); // show_frame, error_resilient_mode
    if (!isVp9 || showsExisting || isInter || in.bits(24) != SYNC_CODE) {
      return NO_KEY_FRAME;
    }
    skipColor(in, profile);
    int width = in.bits(16) + 1;
    int height = in.bits(16) + 1;
    return in.isPastEnd() ? NO_KEY_FRAME : new Vp9Header(true, width, height);
  }

  private static void skipColor(BitReader in, int profile) {
    if (profile >= 2) {
      in.skip(1); // ten_or_twelve_bit
    }
    boolean hasSubsampling = (profile & 1) != 0;
    if (in.bits(3) == COLOR_SPACE_RGB) {
      in.skip(hasSubsampling ? 1 : 0);
    } else {
      in.skip(1); // color_range
      in.skip(hasSubsampling ? 3 : 0);
    }
  }
}
