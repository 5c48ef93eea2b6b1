package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One instance of a room: from its first join until it was empty for a while or was closed. Knows who publishes, who
 * watches, and which recording runs. Owned by the worker thread.
 */
final class Room {
  final String app;
  final String name;
  final long instance;
  private final RoomEvents events;
  private final RoomTape tape;
  private final MessageChannels messageChannels;

  private record TrackName(String peer, String track) {}

  /** Sessions that belong here, connected or still connecting, with the stay each is in. */
  private final Map<PeerSession, Join> sessions = new LinkedHashMap<>();

  /** Tracks of which nothing may reach anybody, those of peers that are away included. */
  private final Set<TrackName> silenced = new HashSet<>();

  private final Map<String, Publication> publications = new LinkedHashMap<>();

  /** Members of whom nobody is told, by peer. They send nothing. */
  private final Map<String, Publication> hidden = new LinkedHashMap<>();

  private final List<RoomListener> listeners = new ArrayList<>();
  private boolean opened;
  private long emptySinceNanos;

  Room(
      String app,
      String name,
      long instance,
      RoomEvents events,
      TapeDeck deck,
      RoomEnvironment environment,
      long nowNanos) {
    this.app = app;
    this.name = name;
    this.instance = instance;
    this.events = events;
    tape = new RoomTape(this, deck, events, environment.timers());
    messageChannels = new MessageChannels(environment.counters(), environment.limits());
    emptySinceNanos = nowNanos;
  }

  RoomTape tape() {
    return tape;
  }

  MessageChannels messageChannels() {
    return messageChannels;
  }

  void admit(PeerSession session, Join join) {
    sessions.put(session, join);
  }

  /** Who is here or on the way, and in which stay. */
  Map<PeerSession, Join> sessions() {
    return sessions;
  }

  void dismiss(long nowNanos, PeerSession session) {
    sessions.remove(session);
    if (isEmpty()) {
      emptySinceNanos = nowNanos;
    }
  }

  /** Whether no session is here or on its way. */
  boolean isEmpty() {
    return sessions.isEmpty();
  }

  /** Since when the room has been empty; meaningful while {@link #isEmpty}. */
  long emptySinceNanos() {
    return emptySinceNanos;
  }

  /** A peer begins to publish. The newest session of a peer wins; the one before it is told why and closed. */
  void join(long nowNanos, Publication publication) {
    open();
    Publication previous = named(publication).put(publication.peer(), publication);
    if (previous != null) {
      previous.session().close(nowNanos, CloseReason.REPLACED);
    }
    if (publication.isHidden()) {
      return;
    }
    tape.tell(nowNanos, at -> joined(at, publication));
    tape.peerJoined(nowNanos, publication);
    events.peerJoined(app, name, publication.peer(), publication.id(), tape.isTaped(publication));
    for (RoomListener listener : List.copyOf(listeners)) {
      listener.peerJoined(nowNanos, publication);
    }
  }

  private Map<String, Publication> named(Publication publication) {
    return publication.isHidden() ? hidden : publications;
  }

  void peerUpdated(long nowNanos, Publication publication) {
    if (publication.isHidden()) {
      return;
    }
    for (RoomListener listener : List.copyOf(listeners)) {
      listener.peerUpdated(nowNanos, publication);
    }
  }

  void trackPublished(long nowNanos, UpTrack track) {
    for (RoomListener listener : List.copyOf(listeners)) {
      listener.trackPublished(nowNanos, track);
    }
  }

  void trackUpdated(long nowNanos, UpTrack track) {
    for (RoomListener listener : List.copyOf(listeners)) {
      listener.trackUpdated(nowNanos, track);
    }
  }

  /** Takes the track from everybody who shows it. */
  void trackUnpublished(long nowNanos, UpTrack track) {
    for (DownTrack downTrack : List.copyOf(track.downTracks())) {
      downTrack.show(nowNanos, null);
    }
    for (RoomListener listener : List.copyOf(listeners)) {
      listener.trackUnpublished(nowNanos, track);
    }
  }

  void leave(long nowNanos, Publication publication, CloseReason reason) {
    if (publication.isHidden()) {
      hidden.remove(publication.peer(), publication);
      return;
    }
    long session = publication.id();
    for (UpTrack track : publication.tracks()) {
      end(nowNanos, track);
    }
    tape.tell(nowNanos, at -> RoomEventEntry.left(at, publication.peer(), session, RoomTape.endOf(reason).word()));
    tape.peerLeft(nowNanos, publication, reason);
    boolean peerGone = publications.remove(publication.peer(), publication);
    events.peerLeft(app, name, publication.peer(), session, reason, peerGone);
    if (peerGone) {
      for (RoomListener listener : List.copyOf(listeners)) {
        listener.peerLeft(nowNanos, publication);
      }
    }
  }

  private RoomEventEntry joined(long atMs, Publication publication) {
    return RoomEventEntry.joined(
        atMs, publication.peer(), publication.id(), tape.wants(publication));
  }

  private static RoomEventEntry event(String type, long atMs, UpTrack track) {
    return RoomEventEntry.track(type, atMs, track.publication.peer(), track.publication.id(),
        track.name, track.isVideo(), track.codecName());
  }

  /** What a tape that begins now has to know of those who are here: as if they came at this moment. */
  List<RoomEventEntry> present(long atMs) {
    List<RoomEventEntry> present = new ArrayList<>();
    for (Publication publication : publications.values()) {
      present.add(joined(atMs, publication));
      for (UpTrack track : publication.tracks()) {
        if (track.isStarted()) {
          present.add(event(RoomEventEntry.TRACK_STARTED, atMs, track));
          if (track.isSilenced()) {
            present.add(event(RoomEventEntry.TRACK_MUTED, atMs, track).byOrder());
          }
        }
      }
    }
    return present;
  }

  void trackMuted(long nowNanos, UpTrack track) {
    if (!track.isSilenced()) {
      tape.tell(nowNanos, at -> event(RoomEventEntry.TRACK_MUTED, at, track));
    }
  }

  void trackUnmuted(long nowNanos, UpTrack track) {
    if (!track.isSilenced()) {
      tape.tell(nowNanos, at -> event(RoomEventEntry.TRACK_UNMUTED, at, track));
    }
  }

  boolean isSilenced(String peer, String track) {
    return silenced.contains(new TrackName(peer, track));
  }

  /**
   * Lets nothing of a track reach anybody, or takes that back. Holds as long as the room does, also when the peer comes
   * back with another session.
   *
   * @return whether there is such a track
   */
  boolean silence(long nowNanos, String peer, String name, boolean isSilenced) {
    UpTrack track = publication(peer).map(publication -> publication.track(name)).orElse(null);
    boolean wasSilenced = isSilenced(peer, name);
    if (track == null && (isSilenced || !wasSilenced)) {
      return false;
    }
    if (isSilenced) {
      silenced.add(new TrackName(peer, name));
    } else {
      silenced.remove(new TrackName(peer, name));
    }
    if (track != null && wasSilenced != isSilenced) {
      track.setSilenced(nowNanos, isSilenced);
      if (track.isStarted()) {
        tellSilenced(nowNanos, track);
      }
    }
    return true;
  }

  private void tellSilenced(long nowNanos, UpTrack track) {
    boolean isSilenced = track.isSilenced();
    if (!track.isMuted()) {
      tape.tell(nowNanos, at -> event(
          isSilenced ? RoomEventEntry.TRACK_MUTED : RoomEventEntry.TRACK_UNMUTED, at, track).byOrder());
    }
    events.trackSilenced(
        app, name, track.publication.peer(), track.publication.id(), track.name, isSilenced);
  }

  void trackStarted(long nowNanos, UpTrack track) {
    tape.tell(nowNanos, at -> event(RoomEventEntry.TRACK_STARTED, at, track));
    events.trackStarted(app, name, track.publication.peer(), track.publication.id(), track.name,
        track.isVideo(), track.codecName());
    if (track.isSilenced()) {
      tellSilenced(nowNanos, track);
    }
  }

  private void end(long nowNanos, UpTrack track) {
    if (track.isPublished()) {
      trackUnpublished(nowNanos, track);
    }
    if (track.isStarted()) {
      tape.tell(nowNanos, at -> event(RoomEventEntry.TRACK_ENDED, at, track));
      events.trackEnded(app, name, track.publication.peer(), track.publication.id(), track.name,
          track.isVideo(), track.codecName());
    }
  }

  /** Tells this one from now on, and first who is here. */
  void watch(long nowNanos, RoomListener listener) {
    open();
    listeners.add(listener);
    for (Publication publication : List.copyOf(publications.values())) {
      listener.peerJoined(nowNanos, publication);
    }
  }

  void unwatch(RoomListener listener) {
    listeners.remove(listener);
  }

  Optional<Publication> publication(String peer) {
    return Optional.ofNullable(publications.get(peer));
  }

  /** Everybody who publishes, in the order they came. */
  List<Publication> publications() {
    return List.copyOf(publications.values());
  }

  /** Ends the sessions in these stays; returns the stays. @param detail what they are told besides the reason */
  List<Join> closeSessions(long nowNanos, Predicate<Join> isMeant, CloseReason reason, String detail) {
    List<Map.Entry<PeerSession, Join>> meant = sessions.entrySet().stream()
        .filter(stay -> isMeant.test(stay.getValue()))
        .map(Map.Entry::copyOf)
        .toList();
    meant.forEach(stay -> stay.getKey().close(nowNanos, reason, detail));
    return meant.stream().map(Map.Entry::getValue).toList();
  }

  /** Ends this instance with all that is in it. @param detail what everybody is told besides the reason */
  void close(long nowNanos, String detail) {
    closeSessions(nowNanos, join -> true, CloseReason.ROOM_CLOSED, detail);
    tape.stop(nowNanos, "room");
    if (opened) {
      events.roomClosed(app, name, instance);
    }
  }

  private void open() {
    if (!opened) {
      opened = true;
      events.roomOpened(app, name, instance);
    }
  }
}
