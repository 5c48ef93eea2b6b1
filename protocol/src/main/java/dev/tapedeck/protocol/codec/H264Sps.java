package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a sequence parameter set tells of the pictures (ITU-T H.264 §7.3.2.1.1). For cold code: it allocates.
 *
 * @param profileIdc      profile_idc
 * @param constraintFlags the byte of constraint_set flags
 * @param levelIdc        level_idc, ten times the level
 * @param width           pixels that are shown, cropping taken off
 * @param height          pixels that are shown, cropping taken off
 */
public record H264Sps(int profileIdc, int constraintFlags, int levelIdc, int width, int height) {
  /** Longer ones are refused; real ones have some 10 to 60 bytes. */
  private static final int MAX_BYTES = 1024;

  private static final int MAX_MACROBLOCKS_A_SIDE = 4096;
  private static final int MAX_PIC_ORDER_CYCLE = 255;

  /** @return the set in this NAL unit, its header byte included, or nothing if it is not a well-formed one */
  public static Optional<H264Sps> parse(MemorySegment memory, long offset, int length) {
    if (length < 4 || length > MAX_BYTES || (Bytes.u8(memory, offset) & 0x1F) != H264Payload.SPS) {
      return Optional.empty();
    }
    BitReader in = new BitReader(rawBytes(memory, offset + 1, length - 1));
    H264Sps sps = read(in);
    return in.isOverrun() || sps.frameSize() == FrameSize.UNKNOWN ? Optional.empty() : Optional.of(sps);
  }

  public int frameSize() {
    return FrameSize.of(width, height);
  }

  private static H264Sps read(BitReader in) {
    int profileIdc = in.bits(8);
    int constraintFlags = in.bits(8);
    int levelIdc = in.bits(8);
    in.unsignedExpGolomb(); // seq_parameter_set_id
    int chromaFormat = 1;
    if (hasChromaFormat(profileIdc)) {
      chromaFormat = readChromaFormat(in);
    }
    in.unsignedExpGolomb(); // log2_max_frame_num_minus4
    skipPicOrderCount(in);
    in.unsignedExpGolomb(); // max_num_ref_frames
    in.skip(1); // gaps_in_frame_num_value_allowed_flag
    int widthInMacroblocks = in.unsignedExpGolomb() + 1;
    int heightInMapUnits = in.unsignedExpGolomb() + 1;
    boolean framesOnly = in.flag();
    if (!framesOnly) {
      in.skip(1); // mb_adaptive_frame_field_flag
    }
    in.skip(1); // direct_8x8_inference_flag
    int cropLeft = 0;
    int cropRight = 0;
    int cropTop = 0;
    int cropBottom = 0;
    if (in.flag()) {
      cropLeft = in.unsignedExpGolomb();
      cropRight = in.unsignedExpGolomb();
      cropTop = in.unsignedExpGolomb();
      cropBottom = in.unsignedExpGolomb();
    }
    if (widthInMacroblocks > MAX_MACROBLOCKS_A_SIDE || heightInMapUnits > MAX_MACROBLOCKS_A_SIDE) {
      return new H264Sps(profileIdc, constraintFlags, levelIdc, 0, 0);
    }
    int fields = framesOnly ? 1 : 2;
    int cropUnitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1;
    int cropUnitY = (chromaFormat == 1 ? 2 : 1) * fields;
    long width = 16L * widthInMacroblocks - (long) cropUnitX * ((long) cropLeft + cropRight);
    long height = 16L * heightInMapUnits * fields - (long) cropUnitY * ((long) cropTop + cropBottom);
    return new H264Sps(profileIdc, constraintFlags, levelIdc, (int) Math.max(0, width), (int) Math.max(0, height));
  }

  private static boolean hasChromaFormat(int profileIdc) {
    return switch (profileIdc) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  /** chroma_format_idc as far as cropping cares (ChromaArrayType): separate planes count as 4:0:0. */
  private static int readChromaFormat(BitReader in) {
    int format = in.unsignedExpGolomb();
    boolean separatePlanes = format == 3 && in.flag();
    in.unsignedExpGolomb(); // bit_depth_luma_minus8
    in.unsignedExpGolomb(); // bit_depth_chroma_minus8
    in.skip(1); // qpprime_y_zero_transform_bypass_flag
    if (in.flag()) {
      int lists = format == 3 ? 12 : 8;
      for (int i = 0; i < lists; i++) {
        if (in.flag()) {
          skipScalingList(in, i < 6 ? 16 : 64);
        }
      }
    }
    return separatePlanes ? 0 : format;
  }

  private static void skipScalingList(BitReader in, int size) {
    int last = 8;
    for (int i = 0; i < size && !in.isOverrun(); i++) {
      last = last + in.signedExpGolomb() & 0xFF;
      if (last == 0) {
        return;
      }
    }
  }

  private static void skipPicOrderCount(BitReader in) {
    int type = in.unsignedExpGolomb();
    if (type == 0) {
      in.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      in.skip(1); // delta_pic_order_always_zero_flag
      in.signedExpGolomb(); // offset_for_non_ref_pic
      in.signedExpGolomb(); // offset_for_top_to_bottom_field
      int cycle = Math.min(in.unsignedExpGolomb(), MAX_PIC_ORDER_CYCLE);
      for (int i = 0; i < cycle; i++) {
        in.signedExpGolomb(); // offset_for_ref_frame
      }
    }
  }

  /** The payload with emulation prevention bytes taken out: 00 00 03 becomes 00 00 (ITU-T H.264 §7.4.1). */
  private static byte[] rawBytes(MemorySegment memory, long offset, int length) {
    byte[] raw = new byte[length];
    int count = 0;
    int zeros = 0;
    for (int i = 0; i < length; i++) {
      int value = Bytes.u8(memory, offset + i);
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      raw[count++] = (byte) value;
    }
    return Arrays.copyOf(raw, count);
  }
}
