package dev.tapedeck.bench.conference;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.load.Tracks;
import java.util.ArrayList;
import java.util.List;

/**
 * Rooms in which everybody sends and receives everybody else.
 *
 * @param rooms                   one or more
 * @param people                  of each room, two or more
 * @param picturePacketsPerSecond of each person, 0 for voices alone
 * @param hasVoice                whether they speak
 */
record Conference(int rooms, int people, int picturePacketsPerSecond, boolean hasVoice) {
  static final int PACKETS_PER_FRAME = 8;

  private static final String VOICE_MID = "0";
  private static final String PICTURE_MID = "1";
  /** 12 bytes of RTP header and 16 of extensions in front of an Opus packet. */
  private static final int VOICE_PACKET_BYTES = 28 + Tracks.VOICE_PAYLOAD_BYTES;

  int persons() {
    return rooms * people;
  }

  boolean hasPicture() {
    return picturePacketsPerSecond > 0;
  }

  /** Of all publishers together. */
  double sentPacketsPerSecond() {
    return (double) persons() * ((hasVoice ? Tracks.VOICE_PACKETS_PER_SECOND : 0) + picturePacketsPerSecond);
  }

  List<PublishedTrack> tracks() {
    List<PublishedTrack> tracks = new ArrayList<>();
    if (hasVoice) {
      tracks.add(Tracks.voice(VOICE_MID));
    }
    if (hasPicture()) {
      tracks.add(Tracks.picture(PICTURE_MID, PACKETS_PER_FRAME, picturePacketsPerSecond));
    }
    return tracks;
  }

  /** M-lines of one who watches all others: of each a voice, a picture, or both. */
  List<OfferedMedia> watched() {
    List<OfferedMedia> media = new ArrayList<>();
    for (int i = 0; i < people - 1; i++) {
      if (hasVoice) {
        media.add(Tracks.receivingVoice(Integer.toString(media.size())));
      }
      if (hasPicture()) {
        media.add(Tracks.receivingPicture(Integer.toString(media.size())));
      }
    }
    return media;
  }

  /** What the relay carries: the bursts of one person's largest track. */
  RelayPath.Burst burst() {
    return hasPicture()
        ? RelayPath.Burst.of(PACKETS_PER_FRAME, Tracks.PACKET_BYTES, picturePacketsPerSecond)
        : RelayPath.Burst.of(1, VOICE_PACKET_BYTES, Tracks.VOICE_PACKETS_PER_SECOND);
  }

  static String room(int number) {
    return "room" + number;
  }

  static String person(int number) {
    return "person" + number;
  }
}
