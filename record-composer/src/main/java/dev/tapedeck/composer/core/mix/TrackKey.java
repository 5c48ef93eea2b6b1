package dev.tapedeck.composer.core.mix;

import dev.tapedeck.composer.core.media.ComposeTrack;

/** The name of one track in a recording. */
public record TrackKey(String peer, long session, String name) {

  public static TrackKey of(ComposeTrack track) {
    return new TrackKey(track.peer(), track.session(), track.name());
  }
}
