package dev.tapedeck.bench.load;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.sdp.MediaKind;
import java.util.Collection;
import java.util.List;

/** Packets that publishers have sent. */
record Sent(long audio, long video) {
  /** One of them, and what it sends: one stream in each track. */
  record Publishing(SyntheticPublisher publisher, List<PublishedTrack> tracks) {}

  /** So far; on the loop thread of these publishers. */
  static Sent of(Collection<Publishing> publishers) {
    long audio = 0;
    long video = 0;
    for (Publishing publishing : publishers) {
      for (PublishedTrack track : publishing.tracks) {
        long packets = publishing.publisher.client().sender(track.media().mid(), "").packetsSent();
        if (track.media().kind() == MediaKind.AUDIO) {
          audio += packets;
        } else {
          video += packets;
        }
      }
    }
    return new Sent(audio, video);
  }

  Sent minus(Sent before) {
    return new Sent(audio - before.audio, video - before.video);
  }
}
