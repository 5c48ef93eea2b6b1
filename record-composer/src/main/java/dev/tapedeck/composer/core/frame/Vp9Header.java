package dev.tapedeck.composer.core.frame;

/**
 * What the uncompressed header of a VP9 frame tells (VP9 bitstream specification 6.2).
 *
 * @param width  pixels; 0 if the frame has the size of one it refers to, or is not shown
 * @param height as width
 */
record Vp9Header(boolean isKeyFrame, int width, int height) {
  /** The header up to the size is never longer. */
  static final int MAX_BYTES = 16;
  private static final Vp9Header UNTOLD = new Vp9Header(false, 0, 0);
  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x498342;
  private static final int COLOR_SPACE_RGB = 7;
  private static final int REFERENCES = 3;

  static Vp9Header parse(byte[] bytes) {
    BitReader in = new BitReader(bytes, 0, bytes.length);
    boolean isVp9 = in.bits(2) == FRAME_MARKER;
    int profile = in.bit() | in.bit() << 1;
    if (profile == 3) {
      in.skip(1);
    }
    boolean showsExisting = in.flag();
    boolean isInter = in.flag();
    boolean isShown = in.flag();
    boolean isErrorResilient = in.flag();
    if (!isVp9 || showsExisting) {
      return UNTOLD;
    }
    return isInter ? parseInter(in, isShown, isErrorResilient) : parseKey(in, profile);
  }

  private static Vp9Header parseKey(BitReader in, int profile) {
    if (in.bits(24) != SYNC_CODE) {
      return UNTOLD;
    }
    skipColor(in, profile);
    return sized(in, true);
  }

  /** A sender that grows or shrinks needs no key frame: an inter frame may have a size that none of its references has. */
  private static Vp9Header parseInter(BitReader in, boolean isShown, boolean isErrorResilient) {
    if (!isShown) {
      return UNTOLD;
    }
    in.skip(isErrorResilient ? 0 : 2); // reset_frame_context
    in.skip(8); // refresh_frame_flags
    in.skip(4 * REFERENCES); // ref_frame_idx and its sign bias
    for (int i = 0; i < REFERENCES; i++) {
      if (in.flag()) { // found_ref
        return UNTOLD;
      }
    }
    return sized(in, false);
  }

  private static Vp9Header sized(BitReader in, boolean isKeyFrame) {
    int width = in.bits(16) + 1;
    int height = in.bits(16) + 1;
    return in.isPastEnd() ? UNTOLD : new Vp9Header(isKeyFrame, width, height);
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
