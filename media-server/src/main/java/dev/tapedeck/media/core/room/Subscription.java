package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.SessionHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that one session receives from a room: a slot for each of its m-lines. As long as the client has not said what it
 * wants to see, the first slots show the peer it asked for, or the first one there is. Owned by the worker thread.
 */
final class Subscription implements SessionHandler, RoomListener {
  private final Room room;
  private final PeerSession session;
  private final Map<String, DownSlot> slots = new LinkedHashMap<>();
  private final SubscriptionFeedback feedback;

  /** Whether slots are still filled by us. */
  private boolean automatic = true;

  Subscription(RoomEnvironment environment, Room room, PeerSession session) {
    this.room = room;
    this.session = session;
    List<DownTrack> downTracks = new ArrayList<>();
    for (NegotiatedMedia media : session.spec().media()) {
      if (!media.isRejected() && media.local().isPresent()) {
        DownTrack downTrack = new DownTrack(media, session, environment.counters(),
            new RtpMunger(environment.random().nextInt(1 << 15), environment.random().nextInt()),
            environment.random().nextInt(1 << 15));
        downTracks.add(downTrack);
        slots.put(media.mid(), new DownSlot(downTrack));
      }
    }
    feedback = new SubscriptionFeedback(environment, session, downTracks);
  }

  PeerSession session() {
    return session;
  }

  ReceivedStats stats() {
    return feedback.stats();
  }

  /** State of every slot, in the order of the m-lines. */
  List<SlotStatus> slots() {
    return slots.values().stream().map(DownSlot::status).toList();
  }

  /**
   * Shows these tracks from now on; slots that are not named keep what they show.
   *
   * @return what is wrong with the request, empty if nothing; then nothing was changed
   */
  String assign(long nowNanos, List<Slot> wanted) {
    for (Slot slot : wanted) {
      DownSlot target = slots.get(slot.mid());
      if (target == null) {
        return "there is no slot with mid " + slot.mid() + "; the offer has " + String.join(", ", slots.keySet());
      }
      String mismatch = room.publication(slot.peer())
          .map(publication -> publication.track(slot.track()))
          .filter(track -> track.isVideo() != target.isVideo())
          .map(track -> "track " + slot.track() + " of peer " + slot.peer() + " does not fit the "
              + (target.isVideo() ? "video" : "audio") + " slot " + slot.mid())
          .orElse("");
      if (!mismatch.isEmpty()) {
        return mismatch;
      }
    }
    automatic = false;
    for (Slot slot : wanted) {
      show(nowNanos, slots.get(slot.mid()), slot.peer(), slot.track());
    }
    return "";
  }

  private void show(long nowNanos, DownSlot slot, String peer, String track) {
    slot.want(peer, track);
    slot.downTrack.show(nowNanos, room.publication(peer).flatMap(slot::wantedFrom).orElse(null));
  }

  @Override
  public void peerJoined(long nowNanos, Publication publication) {
    fillFreeSlots(nowNanos, publication);
    for (DownSlot slot : slots.values()) {
      if (slot.wantsPeer(publication.peer())) {
        slot.wantedFrom(publication).ifPresent(track -> slot.downTrack.show(nowNanos, track));
      }
    }
  }

  @Override
  public void peerLeft(long nowNanos, Publication publication) {
    if (!automatic || !session.spec().watchedPeer().isEmpty()) {
      return; // the slots wait for this peer to come back
    }
    for (DownSlot slot : slots.values()) {
      if (slot.wantsPeer(publication.peer())) {
        slot.want("", "");
      }
    }
    for (Publication other : room.publications()) {
      peerJoined(nowNanos, other);
    }
  }

  @Override
  public void trackPublished(long nowNanos, UpTrack track) {
    peerJoined(nowNanos, track.publication);
  }

  private void fillFreeSlots(long nowNanos, Publication publication) {
    String wanted = session.spec().watchedPeer();
    boolean isWanted = wanted.isEmpty()
        ? !publication.peer().equals(session.spec().requireJoin().peer()) && slots.values().stream().allMatch(DownSlot::isFree)
        : wanted.equals(publication.peer());
    if (!automatic || !isWanted) {
      return;
    }
    for (UpTrack track : publication.publishedTracks()) {
      slots.values().stream()
          .filter(slot -> slot.isVideo() == track.isVideo()
              && (slot.isFree() || slot.wantsPeer(publication.peer())) && slot.downTrack.source() == null)
          .findFirst()
          .ifPresent(slot -> {
            slot.want(publication.peer(), track.name);
            slot.downTrack.show(nowNanos, track);
          });
    }
  }

  @Override
  public void connected(long nowNanos) {
    room.watch(nowNanos, this);
    for (DownSlot slot : slots.values()) {
      slot.downTrack.start(nowNanos);
    }
    feedback.start(nowNanos);
  }

  @Override
  public void rtp(long nowNanos, long arrivalNanos, int slot, long offset, int length) {
    // A watcher that sends media agreed on none; it is not forwarded.
  }

  @Override
  public void rtcp(long nowNanos, long arrivalNanos, long offset, int length) {
    feedback.read(nowNanos, offset, length);
  }

  @Override
  public void closed(long nowNanos, CloseReason reason) {
    feedback.stop();
    for (DownSlot slot : slots.values()) {
      slot.downTrack.show(nowNanos, null);
    }
    room.unwatch(this);
  }
}
