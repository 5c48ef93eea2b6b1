package dev.tapedeck.composer.core.frame;

import dev.tapedeck.composer.core.media.MediaCodec;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Turns the packets of one stream, in sending order and each once, into whole frames. Owned by one thread; no content
 * makes it throw.
 */
public interface Depacketizer {

  /** A depacketizer for {@code codec}. {@code fmtp} is the format's parameters of the SDP, may be empty. */
  static Depacketizer of(MediaCodec codec, String fmtp, LossPolicy lossPolicy) {
    return switch (codec) {
      case OPUS -> new OpusDepacketizer();
      case VP8 -> new FrameAssembler(new Vp8Format(), lossPolicy);
      case VP9 -> new FrameAssembler(new Vp9Format(), lossPolicy);
      case H264 -> new FrameAssembler(new H264Format(fmtp), lossPolicy);
      case AV1 -> new FrameAssembler(new Av1Format(), lossPolicy);
    };
  }

  /**
   * Takes the next packet.
   *
   * @param index          its place in the track's order, rising by one
   * @param missingPackets packets that were sent between the last one and this and are not on the tape
   * @param rtpTime        unwrapped RTP timestamp
   * @param hasMarker      marker bit of the RTP header
   * @param length         bytes of payload without padding; 0 is a packet of padding alone
   * @param out            gets the frames this packet completed, or showed to be complete: two at most
   */
  void packet(int index, long missingPackets, long rtpTime, boolean hasMarker, MemorySegment memory, long offset,
      int length, Consumer<Frame> out);

  /** Ends the stream: the last frame, if it is whole, goes to {@code out}. */
  void end(Consumer<Frame> out);

  FrameCounts counts();
}
