package dev.tapedeck.bench.load;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.media.VoiceSource;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import java.util.ArrayList;
import java.util.List;

/** The media of loads, with the payload types of a browser. */
public final class Tracks {
  /** RTP header and payload of a picture's packet. */
  public static final int PACKET_BYTES = 1200;
  /** Opus payload; browsers send about this for one voice. */
  public static final int VOICE_BITS_PER_SECOND = 32_000;
  public static final int VOICE_PACKETS_PER_SECOND = 50;
  /** An Opus packet of 20 ms. */
  public static final int VOICE_PAYLOAD_BYTES = VOICE_BITS_PER_SECOND / Byte.SIZE / VOICE_PACKETS_PER_SECOND;

  /** 12 of RTP, and 16 of extensions: mid, transport-cc, abs-send-time in one-byte form. */
  private static final int HEADER_BYTES = 28;
  private static final Codec OPUS = Codec.opus(111);
  private static final Codec VP8 = Codec.vp8(96, 97);

  private Tracks() {}

  public static PublishedTrack voice(String mid) {
    return PublishedTrack.of(
        OfferedMedia.sending(mid, MediaKind.AUDIO, OPUS, 1001, 0), new VoiceSource(VOICE_BITS_PER_SECOND));
  }

  public static PublishedTrack picture(String mid, int packetsPerFrame, int packetsPerSecond) {
    return picture(mid, pictureSource(packetsPerFrame, packetsPerSecond));
  }

  public static PublishedTrack picture(String mid, BurstSource source) {
    return PublishedTrack.of(OfferedMedia.sending(mid, MediaKind.VIDEO, VP8, 1002, 1003), source);
  }

  /** Frames of so many packets in one burst. */
  public static BurstSource pictureSource(int packetsPerFrame, int packetsPerSecond) {
    return new BurstSource(packetsPerFrame, PACKET_BYTES - HEADER_BYTES, packetsPerSecond, Long.MAX_VALUE);
  }

  public static OfferedMedia receivingVoice(String mid) {
    return OfferedMedia.receiving(mid, MediaKind.AUDIO, List.of(OPUS));
  }

  public static OfferedMedia receivingPicture(String mid) {
    return OfferedMedia.receiving(mid, MediaKind.VIDEO, List.of(VP8));
  }

  /** Mids 0 to {@code count - 1}. */
  public static List<OfferedMedia> receivingVoices(int count) {
    List<OfferedMedia> media = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      media.add(receivingVoice(Integer.toString(i)));
    }
    return media;
  }
}
