package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.protocol.wire.Sender;
import java.util.Optional;

/** One m-line on which a member sends, by the name it gave it. Outlives its stays in rooms. Owned by the worker thread. */
final class SendLine {
  final String name;
  final boolean isVideo;
  NegotiatedMedia media;
  Sender.Config config;

  /** What the client sends on it; empty while it sends nothing. */
  Optional<Sender.Source> source;

  /** In the room the member is in; null outside. */
  UpTrack track;

  SendLine(String name, boolean isVideo, Sender.Config config, Optional<Sender.Source> source) {
    this.name = name;
    this.isVideo = isVideo;
    this.config = config;
    this.source = source;
  }

  Optional<String> metadata() {
    return source.filter(Sender.Source::hasMetadata).map(Sender.Source::getMetadata);
  }
}
