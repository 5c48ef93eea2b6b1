package dev.tapedeck.protocol.codec;

import java.lang.foreign.MemorySegment;

/** What an RTP payload tells of key frames, whatever its codec. Any bytes may be given; nothing throws. */
public final class KeyFrames {
  private KeyFrames() {}

  /**
   * Whether a receiver that has seen nothing can begin with this packet, as far as its payload shows. For H.264 that is
   * said of the parameter sets and again of the IDR picture behind them. Never true for audio, where any packet will do.
   *
   * @param offset of the payload, behind the RTP header
   * @param length payload bytes without padding
   */
  public static boolean startsKeyFrame(Codec codec, MemorySegment memory, long offset, int length) {
    return switch (codec) {
      case OPUS -> false;
      case VP8 -> Vp8Payload.startsKeyFrame(memory, offset, length);
      case VP9 -> Vp9Payload.startsKeyFrame(memory, offset, length);
      case H264 -> H264Payload.startsKeyFrame(memory, offset, length);
      case AV1 -> Av1Payload.startsKeyFrame(memory, offset, length);
    };
  }

  /**
   * Size of the pictures that this packet announces, see {@link FrameSize}. Allocates for H.264 and AV1: ask only for
   * packets that start a key frame.
   *
   * @return {@link FrameSize#UNKNOWN} if the packet tells none
   */
  public static int frameSize(Codec codec, MemorySegment memory, long offset, int length) {
    return switch (codec) {
      case OPUS -> FrameSize.UNKNOWN;
      case VP8 -> Vp8Payload.frameSize(memory, offset, length);
      case VP9 -> Vp9Payload.frameSize(memory, offset, length);
      case H264 -> H264Payload.frameSize(memory, offset, length);
      case AV1 -> Av1Payload.frameSize(memory, offset, length);
    };
  }
}
