package dev.tapedeck.media.core.room;

import java.util.Optional;

/** One m-line of a watcher with what it should show. Owned by the worker thread. */
final class DownSlot {
  final DownTrack downTrack;
  private String peer = "";
  private String track = "";

  DownSlot(DownTrack downTrack) {
    this.downTrack = downTrack;
  }

  String mid() {
    return downTrack.media.mid();
  }

  boolean isVideo() {
    return downTrack.media.isVideo();
  }

  boolean isFree() {
    return peer.isEmpty();
  }

  boolean wantsPeer(String name) {
    return peer.equals(name) && !peer.isEmpty();
  }

  void want(String peer, String track) {
    this.peer = peer;
    this.track = track;
  }

  /** The wanted track, if this peer has it. */
  Optional<UpTrack> wantedFrom(Publication publication) {
    return publication.publishedTracks().stream()
        .filter(candidate -> candidate.isVideo() == isVideo() && (track.isEmpty() || candidate.name.equals(track)))
        .findFirst();
  }

  SlotStatus status() {
    UpTrack source = downTrack.source();
    SlotState state = isFree() ? SlotState.EMPTY
        : source == null ? SlotState.WAITING
        : downTrack.canDecode() ? SlotState.ACTIVE
        : SlotState.UNSUPPORTED_CODEC;
    String shown = source != null ? source.name : track;
    return new SlotStatus(mid(), isVideo() ? "video" : "audio", peer, shown, state);
  }
}
