package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.Reoffer;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.features.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The rooms of one worker by app and name. A room is made for its first session and ends some time after its last. */
public final class RoomDirectory {
  private record Key(String app, String room) {}

  private final Map<Key, Room> rooms = new HashMap<>();

  /** Rooms that sessions belong to. */
  private final Map<Long, Key> homes = new HashMap<>();

  private final Map<Long, Member> members = new HashMap<>();
  private final Map<Long, Subscription> subscriptions = new HashMap<>();
  private final RoomEnvironment environment;
  private final RoomPlaces places;
  private final TapeDeck deck;
  private final RoomEvents events;
  private final long destroyAfterNanos;

  /** When sessions are ended because the server stops, once that is known. */
  private OptionalLong endNanos = OptionalLong.empty();

  private final TimerHeap.Timer sweep = new TimerHeap.Timer(this::closeEmptyRooms);

  /** Members that wait for the worker to send them on. */
  private final List<Traveller> travellers = new ArrayList<>();

  public RoomDirectory(
      RoomEnvironment environment, RoomPlaces places, TapeDeck deck, RoomEvents events, long destroyAfterNanos) {
    this.environment = environment;
    this.places = places;
    this.deck = deck;
    this.events = events;
    this.destroyAfterNanos = destroyAfterNanos;
  }

  /** Puts the session into its room, if it has one already. It joins when it is connected. */
  public void admit(long nowNanos, PeerSession session) {
    SessionSpec spec = session.spec();
    spec.join().ifPresent(join -> enter(nowNanos, session, join));
    switch (spec.role()) {
      case PUBLISH -> session.attach(Publication.ofAll(environment, rooms.get(home(session)), session));
      case WATCH -> {
        Subscription subscription = new Subscription(environment, rooms.get(home(session)), session);
        subscriptions.put(spec.id(), subscription);
        session.attach(subscription);
      }
      case MEET -> {
        Member member = new Member(environment, this, session, spec.meeting().orElseThrow());
        members.put(spec.id(), member);
        session.attach(member);
      }
    }
  }

  /** Why nobody more can enter this room; empty if somebody can. */
  public Optional<String> fullness(String app, String name) {
    Room room = rooms.get(new Key(app, name));
    int most = environment.limits().roomSessions();
    if (room == null || room.sessions().size() < most) {
      return Optional.empty();
    }
    environment.counters().refuse(Limit.ROOM_SESSIONS);
    return Optional.of("room " + name + " has its " + most
        + " sessions; try again when one has ended, or raise limits.room-sessions");
  }

  /** Keeps a place for the room's next session until {@link #letGo}; false if the server has all the rooms it takes. */
  boolean claim(String app, String room) {
    boolean isHeld = places.claim(app, room);
    if (!isHeld) {
      environment.counters().refuse(Limit.ROOMS);
    }
    return isHeld;
  }

  /** Undoes one {@link #claim} that was granted. */
  void letGo(String app, String room) {
    places.release(app, room);
  }

  /** Puts a member that is in no room into this one, or on the way to it if another worker has it. */
  void lead(long nowNanos, Member member, Join join, Config features) {
    int worker = places.hold(app(member), join.room());
    if (worker == places.here()) {
      enter(nowNanos, member, join, features);
    } else {
      exit(nowNanos, member.session());
      member.moveOut();
      travellers.add(new Traveller(member, join, features, worker));
    }
  }

  private void enter(long nowNanos, Member member, Join join, Config features) {
    try {
      member.enter(nowNanos, join, features);
    } finally {
      places.release(app(member), join.room());
    }
  }

  private static String app(Member member) {
    return member.session().spec().app();
  }

  /** Whether anybody has to be sent on. */
  public boolean hasTravellers() {
    return !travellers.isEmpty();
  }

  /** Those who have to be sent on, once; those whose session has ended meanwhile are not among them. */
  public List<Traveller> takeTravellers() {
    List<Traveller> leaving = new ArrayList<>();
    for (Traveller traveller : travellers) {
      if (traveller.session().isClosed()) {
        giveUp(traveller);
      } else {
        members.remove(traveller.session().spec().id());
        leaving.add(traveller);
      }
    }
    travellers.clear();
    return leaving;
  }

  /** A member of another worker has come; its session is on this one already. */
  public void receive(long nowNanos, Traveller traveller) {
    members.put(traveller.session().spec().id(), traveller.member);
    traveller.member.moveIn(nowNanos, environment, this);
  }

  /** Puts it into the room it came for. */
  public void enter(long nowNanos, Traveller traveller) {
    enter(nowNanos, traveller.member, traveller.join(), traveller.features);
  }

  /** It will not enter the room it wanted to go to. */
  public void giveUp(Traveller traveller) {
    String app = app(traveller.member);
    places.release(app, traveller.join().room());
    environment.joinGate().giveBack(app, traveller.session().spec().connection(), traveller.join());
  }

  /** From now on the session belongs to this room, and to no other. */
  Room enter(long nowNanos, PeerSession session, Join join) {
    exit(nowNanos, session);
    Room room = room(nowNanos, session.spec().app(), join.room());
    room.admit(session, join);
    homes.put(session.spec().id(), new Key(room.app, room.name));
    return room;
  }

  /** The session belongs to no room any more. */
  void exit(long nowNanos, PeerSession session) {
    Key home = homes.remove(session.spec().id());
    Room room = home == null ? null : rooms.get(home);
    if (room != null) {
      room.dismiss(nowNanos, session);
    }
    sweepAfter(nowNanos);
  }

  private Key home(PeerSession session) {
    return homes.get(session.spec().id());
  }

  /**
   * See {@link Member#restart}.
   *
   * @throws dev.tapedeck.media.core.sdp.SdpException if the offer cannot be answered
   */
  public Optional<String> restart(long nowNanos, PeerSession session, Reoffer reoffer) {
    Member member = members.get(session.spec().id());
    return member == null ? Optional.empty() : member.restart(nowNanos, reoffer);
  }

  /** Forgets what is kept by session. */
  public void sessionClosed(long nowNanos, PeerSession session) {
    members.remove(session.spec().id());
    subscriptions.remove(session.spec().id());
    exit(nowNanos, session);
  }

  /** @return what is wrong, empty when done */
  public String assignSlots(long nowNanos, PeerSession session, List<Slot> slots) {
    Subscription subscription = subscriptions.get(session.spec().id());
    return subscription == null ? "this session publishes; only a watcher has slots" : subscription.assign(nowNanos, slots);
  }

  public List<SlotStatus> slots(PeerSession session) {
    Subscription subscription = subscriptions.get(session.spec().id());
    return subscription == null ? List.of() : subscription.slots();
  }

  /**
   * Ends every session of this peer in the room.
   *
   * @param reason told to those who can be told, "" for none
   * @return the stays that ended, empty if the peer was not there
   */
  public List<Join> kick(long nowNanos, String app, String room, String peer, String reason) {
    Room target = rooms.get(new Key(app, room));
    return target == null ? List.of()
        : target.closeSessions(nowNanos, join -> join.peer().equals(peer), CloseReason.KICKED, reason);
  }

  /** Ends every stay that one of these tokens granted. */
  public void endStays(long nowNanos, Predicate<TokenFingerprint> isRevoked) {
    for (Room room : List.copyOf(rooms.values())) {
      room.closeSessions(
          nowNanos, join -> join.token().filter(isRevoked).isPresent(), CloseReason.KICKED, "the token was revoked");
    }
  }

  /** See {@link Room#silence}. */
  public boolean silence(long nowNanos, String app, String name, String peer, String track, boolean isSilenced) {
    Room room = rooms.get(new Key(app, name));
    return room != null && room.silence(nowNanos, peer, track, isSilenced);
  }

  /** Of every session that is connected. */
  public List<SessionStats> stats() {
    List<SessionStats> stats = new ArrayList<>();
    for (Room room : rooms.values()) {
      room.sessions().forEach((session, join) -> {
        if (session.isConnected()) {
          stats.add(stats(room, session, join));
        }
      });
    }
    return stats;
  }

  private SessionStats stats(Room room, PeerSession session, Join join) {
    Optional<Publication> publication =
        room.publication(join.peer()).filter(candidate -> candidate.session() == session);
    Optional<ReceivedStats> received = Optional.ofNullable(members.get(session.spec().id())).map(Member::stats)
        .or(() -> Optional.ofNullable(subscriptions.get(session.spec().id())).map(Subscription::stats));
    Visibility visibility = join.presence().visibility();
    boolean isUntold = session.spec().role() == SessionSpec.Role.WATCH || visibility.isHidden();
    return new SessionStats(room.app, room.name, join.peer(), join.session(), isUntold, visibility,
        publication.map(Publication::roundTripNanos).orElse(0L),
        publication.map(Publication::stats).orElse(List.of()), received);
  }

  /**
   * Ends a room.
   *
   * @param reason told to those who can be told, "" for none
   * @return whether the room was there
   */
  public boolean close(long nowNanos, String app, String name, String reason) {
    Room room = rooms.get(new Key(app, name));
    if (room == null) {
      return false;
    }
    end(nowNanos, room, reason);
    return true;
  }

  /** Tapes everybody in the room; returns the recording's id. */
  public long startRecording(long nowNanos, String app, String name, RecordPolicy policy) {
    return room(nowNanos, app, name).tape().start(nowNanos, policy);
  }

  /** See {@link RoomTape#pause}; returns 0 if no recording is open. */
  public long pauseRecording(long nowNanos, String app, String name, boolean isPaused) {
    Room room = rooms.get(new Key(app, name));
    return room == null ? RoomTape.NONE : room.tape().pause(nowNanos, isPaused);
  }

  /** Ends the room's recording; returns its id, or 0 if none was open. */
  public long stopRecording(long nowNanos, String app, String name) {
    Room room = rooms.get(new Key(app, name));
    if (room == null) {
      return 0;
    }
    long recording = room.tape().recording();
    room.tape().stop(nowNanos, "stop");
    return recording;
  }

  /** Nobody enters a room over a data channel any more; members are told, those who are connecting too. */
  public void drain(long nowNanos, long remainingNanos) {
    endNanos = OptionalLong.of(nowNanos + remainingNanos);
    List.copyOf(members.values()).forEach(member -> member.goAway(nowNanos));
  }

  /** When sessions are ended because the server stops; empty while it goes on. */
  OptionalLong endNanos() {
    return endNanos;
  }

  public void closeAll(long nowNanos) {
    for (Room room : List.copyOf(rooms.values())) {
      end(nowNanos, room, "");
    }
  }

  private Room room(long nowNanos, String app, String name) {
    return rooms.computeIfAbsent(new Key(app, name), key -> {
      Room room = new Room(app, name, Ids.draw(environment.random()), events, deck, environment, nowNanos);
      sweepAfter(nowNanos);
      events.roomMade(app, name);
      return room;
    });
  }

  private void sweepAfter(long nowNanos) {
    environment.timers().scheduleAtMost(sweep, nowNanos + destroyAfterNanos);
  }

  private void closeEmptyRooms(long nowNanos) {
    for (Room room : List.copyOf(rooms.values())) {
      if (room.isEmpty()) {
        if (nowNanos - room.emptySinceNanos() >= destroyAfterNanos) {
          end(nowNanos, room, "");
        } else {
          environment.timers().scheduleAtMost(sweep, room.emptySinceNanos() + destroyAfterNanos);
        }
      }
    }
  }

  private void end(long nowNanos, Room room, String reason) {
    rooms.remove(new Key(room.app, room.name));
    room.close(nowNanos, reason);
    events.roomGone(room.app, room.name);
  }
}
