package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.TimeBase;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** One libav packet, used again and again: an {@link EncodedFrame} on its way in or out of native code. */
final class Packet implements AutoCloseable {
  private final AVPacket packet;

  Packet() throws MediaException {
    packet = Libav.require(av_packet_alloc(), "allocate packet");
  }

  /** @return the native packet; {@link #clear} it after use */
  AVPacket of(EncodedFrame frame, TimeBase timeBase) throws MediaException {
    clear();
    Libav.check(av_new_packet(packet, frame.data().length), "allocate packet of " + frame.data().length + " bytes");
    packet.data().put(frame.data(), 0, frame.data().length);
    long ticks = timeBase.fromNanos(frame.ptsNanos());
    // Presentation order is decoding order: real-time encoders send no frames that refer to later ones.
    packet.pts(ticks).dts(ticks).duration(timeBase.fromNanos(frame.durationNanos()));
    packet.flags(frame.keyFrame() ? AV_PKT_FLAG_KEY : 0);
    return packet;
  }

  AVPacket empty() {
    clear();
    return packet;
  }

  /** Copies what libav put into the packet. */
  EncodedFrame toFrame(TimeBase timeBase) {
    byte[] data = new byte[packet.size()];
    packet.data().get(data);
    long ticks = packet.pts() == AV_NOPTS_VALUE ? packet.dts() : packet.pts();
    return new EncodedFrame(ticks == AV_NOPTS_VALUE ? 0 : timeBase.toNanos(ticks),
        Math.max(0, timeBase.toNanos(packet.duration())), (packet.flags() & AV_PKT_FLAG_KEY) != 0, data);
  }

  void clear() {
    av_packet_unref(packet);
  }

  @Override
  public void close() {
    av_packet_free(packet);
  }
}
