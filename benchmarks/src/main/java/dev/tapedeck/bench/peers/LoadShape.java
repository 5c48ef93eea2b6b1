package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.media.MediaSource;
import dev.tapedeck.bench.client.media.VoiceSource;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.latency.RelayPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What all systems of a comparison are given.
 *
 * @param kind             one video to many watchers, or rooms of people who all speak and hear each other
 * @param publishers       per room
 * @param subscribers      per room; speakers are also listeners, who do not hear themselves
 * @param packetsPerSecond of each video, in frames of {@link #PACKETS_PER_FRAME}; a voice sends 50 whatever this says
 */
public record LoadShape(MediaKind kind, int rooms, int publishers, int subscribers, int packetsPerSecond) {
  public static final int PACKETS_PER_FRAME = 8;
  private static final int PACKET_BYTES = 1200;
  /** 12 of RTP, and 16 of extensions: mid, transport-cc, abs-send-time in one-byte form. */
  private static final int HEADER_BYTES = 28;
  private static final int VOICE_BITS_PER_SECOND = 32_000;
  private static final int VOICE_PACKETS_PER_SECOND = 50;

  public static LoadShape video(int subscribers, int packetsPerSecond) {
    return new LoadShape(MediaKind.VIDEO, 1, 1, subscribers, packetsPerSecond);
  }

  public static LoadShape audio(int rooms, int speakers) {
    return new LoadShape(MediaKind.AUDIO, rooms, speakers, speakers, VOICE_PACKETS_PER_SECOND);
  }

  /** Indices of the publishers of a room that one of its subscribers receives. */
  List<Integer> heardBy(int subscriber) {
    return IntStream.range(0, publishers)
        .filter(publisher -> kind == MediaKind.VIDEO || publisher != subscriber)
        .boxed().toList();
  }

  /** Packets that a perfect server forwards in a second. */
  public long forwardedPerSecond() {
    long streams = IntStream.range(0, subscribers).mapToLong(subscriber -> heardBy(subscriber).size()).sum();
    return rooms * streams * packetsPerSecond;
  }

  OfferedMedia sent() {
    return switch (kind) {
      case VIDEO -> OfferedMedia.sending("0", kind, Codec.vp8(96, 97), 1001, 1002);
      case AUDIO -> OfferedMedia.sending("0", kind, Codec.opus(111), 1001, 0);
    };
  }

  /** Mids from 0, for a client that offers to receive so many streams. */
  List<OfferedMedia> received(int streams) {
    List<OfferedMedia> media = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      media.add(OfferedMedia.receiving(Integer.toString(i), kind, List.of(codec())));
    }
    return media;
  }

  /** The datagrams of one publisher, for a relay in the system's place. */
  RelayPath.Burst burst() {
    return switch (kind) {
      case VIDEO -> RelayPath.Burst.of(PACKETS_PER_FRAME, PACKET_BYTES, packetsPerSecond);
      case AUDIO ->
          RelayPath.Burst.of(1, VOICE_BITS_PER_SECOND / Byte.SIZE / VOICE_PACKETS_PER_SECOND, packetsPerSecond);
    };
  }

  private Codec codec() {
    return switch (kind) {
      case VIDEO -> Codec.vp8(96, 97);
      case AUDIO -> Codec.opus(111);
    };
  }

  /** What one publisher plays. */
  public MediaSource source() {
    return switch (kind) {
      case VIDEO ->
          new BurstSource(PACKETS_PER_FRAME, PACKET_BYTES - HEADER_BYTES, packetsPerSecond, Long.MAX_VALUE);
      case AUDIO -> new VoiceSource(VOICE_BITS_PER_SECOND);
    };
  }
}
