package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What a sequence header OBU tells of the pictures (AV1 §5.5.1). For cold code: it allocates.
 *
 * @param profile   seq_profile
 * @param levelIdx  seq_level_idx of the first operating point
 * @param tier      seq_tier of the first operating point
 * @param maxWidth  pixels, 1..65536
 * @param maxHeight pixels, 1..65536
 */
public record Av1SequenceHeader(int profile, int levelIdx, int tier, int maxWidth, int maxHeight) {
  /** Longer ones are refused; real ones have some 10 to 20 bytes, 32 operating points at most some 400. */
  private static final int MAX_BYTES = 1024;

  /** @return the header in this OBU, its OBU header included, or nothing if it is not a well-formed one */
  public static Optional<Av1SequenceHeader> parse(MemorySegment memory, long offset, int length) {
    int headerBytes = Av1Payload.obuHeaderBytes(memory, offset, length);
    boolean isSequenceHeader = headerBytes >= 0
        && (Bytes.u8(memory, offset) >> 3 & 0x0F) == Av1Payload.OBU_SEQUENCE_HEADER;
    if (!isSequenceHeader || length > MAX_BYTES) {
      return Optional.empty();
    }
    BitReader in = new BitReader(memory.asSlice(offset + headerBytes, length - headerBytes).toArray(Bytes.BYTE));
    Av1SequenceHeader header = read(in);
    return in.isOverrun() ? Optional.empty() : Optional.of(header);
  }

  public int frameSize() {
    return FrameSize.of(maxWidth, maxHeight);
  }

  private static Av1SequenceHeader read(BitReader in) {
    int profile = in.bits(3);
    in.skip(1); // still_picture
    boolean reduced = in.flag();
    int levelIdx;
    int tier = 0;
    if (reduced) {
      levelIdx = in.bits(5);
    } else {
      int firstPoint = readOperatingPoints(in);
      levelIdx = firstPoint >> 1;
      tier = firstPoint & 1;
    }
    int widthBits = in.bits(4) + 1;
    int heightBits = in.bits(4) + 1;
    int maxWidth = in.bits(widthBits) + 1;
    int maxHeight = in.bits(heightBits) + 1;
    return new Av1SequenceHeader(profile, levelIdx, tier, maxWidth, maxHeight);
  }

  /** @return level and tier of the first point, {@code level << 1 | tier} */
  private static int readOperatingPoints(BitReader in) {
    boolean hasDecoderModel = false;
    int delayBits = 0;
    if (in.flag()) { // timing_info_present_flag
      in.skip(64); // num_units_in_display_tick, time_scale
      if (in.flag()) { // equal_picture_interval
        in.unsignedExpGolomb(); // num_ticks_per_picture_minus_1
      }
      hasDecoderModel = in.flag();
      if (hasDecoderModel) {
        delayBits = in.bits(5) + 1; // buffer_delay_length_minus_1
        in.skip(32 + 5 + 5); // num_units_in_decoding_tick, two lengths
      }
    }
    boolean hasInitialDelay = in.flag();
    int points = in.bits(5) + 1;
    int firstPoint = 0;
    for (int i = 0; i < points && !in.isOverrun(); i++) {
      in.skip(12); // operating_point_idc
      int levelIdx = in.bits(5);
      int tier = levelIdx > 7 ? in.bits(1) : 0;
      if (i == 0) {
        firstPoint = levelIdx << 1 | tier;
      }
      if (hasDecoderModel && in.flag()) {
        in.skip(2 * delayBits + 1); // decoder_buffer_delay, encoder_buffer_delay, low_delay_mode_flag
      }
      if (hasInitialDelay && in.flag()) {
        in.skip(4); // initial_display_delay_minus_1
      }
    }
    return firstPoint;
  }
}
