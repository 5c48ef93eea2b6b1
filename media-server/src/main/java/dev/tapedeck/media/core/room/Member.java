package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SendResult;
import dev.tapedeck.media.core.sdp.Negotiated;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Meeting;
import dev.tapedeck.media.core.session.Negotiation;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.Reoffer;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.session.SessionData;
import dev.tapedeck.media.core.session.SessionHandler;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.limit.TokenBucket;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Response;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A session that speaks the session protocol: it sends and receives on m-lines with names, is told what happens in its
 * room, and may leave it for another. What it sends during one stay is a {@link Publication}. Owned by the worker
 * thread.
 */
final class Member implements SessionHandler, RoomListener {
  /** The channel both sides know of without having talked about it. */
  private static final int CHANNEL = 0;

  /** How often it is looked at what flows to the member. */
  private static final long WATCH_INTERVAL_NANOS = 100_000_000L;

  private static final int MAX_WATCHED_PEERS = 1_000;

  /** How long the last messages may take to be acknowledged. */
  private static final long PARTING_NANOS = 3_000_000_000L;

  private final PeerSession session;
  private final Negotiation negotiation;
  private final MemberEvents events;
  private final MemberRequests requests;
  private final Lines lines;
  private final TokenBucket requestRate;
  private final TokenBucket refusalRate;
  private final TokenBucket deliveryRate;
  private final StreamNames streamNames = new StreamNames();
  private final List<DownTrack> downTracks = new ArrayList<>();
  private final FlowWatch flow;
  private final RecordingWatch recording;
  private final Config firstFeatures;
  private final TimerHeap.Timer watchTimer = new TimerHeap.Timer(this::watchFlow);
  private final TimerHeap.Timer partingTimer = new TimerHeap.Timer(this::part);

  // All of the worker it is on.
  private RoomEnvironment environment;
  private RoomDirectory directory;
  private SubscriptionFeedback feedback;

  private Room room;
  private Join join;
  private Publication publication;
  private Optional<MemberMixer> mixer = Optional.empty();
  private boolean isOpen;

  /** It has heard the last; what happens to it from now on it is not told. */
  private boolean hasEnded;

  /** Peers whose tracks it is told of although it is not told of all. */
  private final Set<String> watchedPeers = new HashSet<>();

  Member(RoomEnvironment environment, RoomDirectory directory, PeerSession session, Meeting meeting) {
    this.environment = environment;
    this.directory = directory;
    this.session = session;
    negotiation = meeting.negotiation();
    SessionData data = session.data().orElseThrow();
    Limits limits = environment.limits();
    lines = new Lines(limits.sessionTracks());
    long nowNanos = session.createdNanos();
    requestRate = new TokenBucket(limits.sessionRequests(), 2.0 * limits.sessionRequests(), nowNanos);
    refusalRate = new TokenBucket(limits.sessionRequests(), 2.0 * limits.sessionRequests(), nowNanos);
    deliveryRate = new TokenBucket(limits.sessionDeliveries(), 2.0 * limits.sessionDeliveries(), nowNanos);
    events = new MemberEvents((atNanos, message) ->
        data.send(atNanos, CHANNEL, true, message) == SendResult.QUEUED);
    requests = new MemberRequests(this, events);
    feedback = new SubscriptionFeedback(environment, session, downTracks);
    flow = new FlowWatch(lines, events);
    recording = new RecordingWatch(events);
    firstFeatures = meeting.features();
    lines.update(meeting.tracks(), negotiation.media(), this::downTrack);
  }

  PeerSession session() {
    return session;
  }

  Lines lines() {
    return lines;
  }

  boolean isInRoom() {
    return room != null;
  }

  Room room() {
    return room;
  }

  /** Whether it is in a room whose others may not know of it. */
  boolean isHidden() {
    return join != null && join.presence().visibility().isHidden();
  }

  /** The stay it is in; null outside a room. */
  Join join() {
    return join;
  }

  ReceivedStats stats() {
    return feedback.stats();
  }

  /** Fills some of its receivers, if it asked for that when it joined. */
  Optional<MemberMixer> mixer() {
    return mixer;
  }

  MemberEvents events() {
    return events;
  }

  @Override
  public void connected(long nowNanos) {
    feedback.start(nowNanos);
    session.data().orElseThrow().openNegotiated(nowNanos, CHANNEL, ChannelParameters.reliable("data"));
  }

  @Override
  public void data(long nowNanos, SctpEvent event) {
    switch (event) {
      case SctpEvent.ChannelOpened opened when opened.channelId() == CHANNEL -> open(nowNanos);
      case SctpEvent.Message message when message.channelId() == CHANNEL -> handle(nowNanos, message.data());
      case SctpEvent.ChannelClosed closed when closed.channelId() == CHANNEL -> part(nowNanos);
      case SctpEvent.Closed closed -> part(nowNanos);
      default -> {} // channels of the client's own are not for us
    }
  }

  /** A flood of requests is refused; one that is twice too many is not even read. */
  private void handle(long nowNanos, byte[] message) {
    if (requestRate.take(nowNanos, 1)) {
      requests.handle(nowNanos, message);
      return;
    }
    environment.counters().refuse(Limit.SESSION_REQUESTS);
    if (refusalRate.take(nowNanos, 1)) {
      requests.refuse(nowNanos, message, SdkError.TOO_MANY_REQUESTS);
    }
  }

  /** Whether it may give so much to other members by its messages. */
  boolean takeDeliveries(long nowNanos, long deliveries) {
    return deliveryRate.take(nowNanos, deliveries);
  }

  private void open(long nowNanos) {
    if (isOpen) {
      return;
    }
    isOpen = true;
    events.connected(nowNanos);
    goAway(nowNanos);
    environment.timers().schedule(watchTimer, nowNanos + WATCH_INTERVAL_NANOS);
    session.spec().join().ifPresent(first -> {
      events.respond(nowNanos, 0, Response.newBuilder().setSession(
          Response.Session.newBuilder().setJoin(Response.Session.Join.getDefaultInstance())));
      go(nowNanos, first, firstFeatures);
    });
  }

  /** Tells how long it may stay, if the server is about to stop. */
  void goAway(long nowNanos) {
    if (isOpen && directory.endNanos().isPresent()) {
      events.goAway(nowNanos, Math.max(0, directory.endNanos().getAsLong() - nowNanos));
    }
  }

  /** Leaves the room it is in and goes to another, on whichever worker that lives. */
  void go(long nowNanos, Join next, Config features) {
    leave(nowNanos, CloseReason.LEFT);
    directory.lead(nowNanos, this, next, features);
  }

  /** Takes itself off its worker; it is in no room. What its client asks from now on waits for the other worker. */
  void moveOut() {
    environment.timers().cancel(watchTimer);
    feedback.stop();
    session.data().orElseThrow().hold();
  }

  /** Goes on under another worker, whose thread owns it from now on. */
  void moveIn(long nowNanos, RoomEnvironment environment, RoomDirectory directory) {
    this.environment = environment;
    this.directory = directory;
    downTracks.forEach(downTrack -> downTrack.moveIn(environment.counters()));
    feedback = new SubscriptionFeedback(environment, session, downTracks);
    feedback.start(nowNanos);
    environment.timers().schedule(watchTimer, nowNanos + WATCH_INTERVAL_NANOS);
    goAway(nowNanos); // the worker it left may not have known yet
  }

  /** Goes into a room of this worker; it is in none. */
  void enter(long nowNanos, Join next, Config features) {
    room = directory.enter(nowNanos, session, next);
    join = next;
    publication = new Publication(environment, room, session, next, streamNames);
    events.joined(nowNanos, next.room(), next.peer());
    for (SendLine line : lines.senders()) {
      if (line.media != null && !isHidden()) {
        line.track = publication.add(line.media, line.name);
        line.track.setMetadata(line.metadata());
        line.track.setPublished(line.source.isPresent());
      }
    }
    if (features.hasMixer()) {
      mixer = Optional.of(
          new MemberMixer(features.getMixer(), next.peer(), lines, events, environment.timers()));
      mixer.get().start(nowNanos);
    }
    room.watch(nowNanos, this);
    publication.connected(nowNanos);
    recording.begin(nowNanos, room.tape(), publication);
  }

  /** Leaves the room; the connection stays. Does nothing outside. */
  void leave(long nowNanos, CloseReason reason) {
    if (room == null) {
      return;
    }
    room.messageChannels().leave(this);
    mixer.ifPresent(MemberMixer::stop);
    mixer = Optional.empty();
    flow.forgetSenders();
    publication.closed(nowNanos, reason);
    room.unwatch(this);
    watchedPeers.clear();
    for (ReceiveLine line : lines.receivers()) {
      if (line.downTrack != null) {
        line.downTrack.show(nowNanos, null);
      }
      line.await(Optional.empty());
    }
    lines.senders().forEach(line -> line.track = null);
    directory.exit(nowNanos, session);
    tellLeft(nowNanos);
    room = null;
    join = null;
    publication = null;
  }

  /** Leaves for good. The connection ends when the client has all that was sent to it. */
  void disconnect(long nowNanos) {
    leave(nowNanos, CloseReason.LEFT);
    tellEnd(nowNanos, CloseReason.LEFT);
    environment.timers().schedule(partingTimer, nowNanos + PARTING_NANOS);
    session.data().orElseThrow().shutdown(nowNanos);
  }

  /** Others can receive from now on what the client sends here. */
  void attach(long nowNanos, SendLine line, Sender.Source source) {
    line.source = Optional.of(source);
    if (line.track != null) {
      publication.publish(nowNanos, line.track, line.metadata());
    }
  }

  void detach(long nowNanos, SendLine line) {
    line.source = Optional.empty();
    if (line.track != null) {
      publication.unpublish(nowNanos, line.track);
    }
  }

  /** Shows this track as soon as it is there. */
  void attach(long nowNanos, ReceiveLine line, Receiver.Source source) {
    line.await(Optional.of(source));
    show(nowNanos, line);
  }

  void detach(long nowNanos, ReceiveLine line) {
    line.await(Optional.empty());
    if (line.downTrack != null) {
      line.downTrack.show(nowNanos, null);
    }
  }

  /** Answers another offer, in which m-lines may have been added; returns the answer. */
  String offered(long nowNanos, Tracks tracks, String offer) throws SdpException {
    String answer = negotiation.answer(offer).answerText();
    adopt(nowNanos, tracks);
    return answer;
  }

  /** Whether anything it sends is for others, now or in a room to come. */
  boolean isSending() {
    return lines.senders().stream().anyMatch(line -> line.source.isPresent());
  }

  /** Whether it may have these tracks besides those it has. */
  boolean takeTracks(Tracks tracks) {
    boolean fits = lines.hasRoomFor(tracks);
    if (!fits) {
      environment.counters().refuse(Limit.SESSION_TRACKS);
    }
    return fits;
  }

  /** Takes up what the last offer brought. */
  private void adopt(long nowNanos, Tracks tracks) {
    Lines.Added added = lines.update(tracks, negotiation.media(), this::downTrack);
    if (room != null && !isHidden()) {
      for (SendLine line : added.senders()) {
        line.track = publication.add(line.media, line.name);
        line.source.ifPresent(source -> publication.publish(nowNanos, line.track, line.metadata()));
      }
    }
    added.receivers().forEach(line -> show(nowNanos, line));
  }

  /** Tells of this peer's tracks, those that are there first. */
  void subscribe(long nowNanos, String peer) {
    if (watchedPeers.size() < MAX_WATCHED_PEERS && watchedPeers.add(peer) && !join.presence().seesTracks()) {
      room.publication(peer).ifPresent(publication -> publication.publishedTracks().stream()
          .filter(this::isTold)
          .forEach(track -> events.trackStarted(nowNanos, track)));
    }
  }

  void unsubscribe(String peer) {
    watchedPeers.remove(peer);
  }

  /**
   * What the token says of a room this member wants to join. Where it is granted the room has a place on this server until
   * {@link #goAsGranted}.
   */
  JoinGate.Decision decide(RoomJoin info, String token) {
    if (directory.endNanos().isPresent()) {
      return new JoinGate.Decision.Refused(SdkError.SERVER_STOPPING, "this server is about to stop; connect to another");
    }
    Optional<String> full = isHere(info.getRoom())
        ? Optional.empty() : directory.fullness(session.spec().app(), info.getRoom());
    if (full.isPresent()) {
      return new JoinGate.Decision.Refused(SdkError.LIMIT_REACHED, full.get());
    }
    String app = session.spec().app();
    if (!directory.claim(app, info.getRoom())) {
      return new JoinGate.Decision.Refused(SdkError.LIMIT_REACHED, "this server has all the rooms it takes");
    }
    boolean isGranted = false;
    try {
      JoinGate.Decision decision = environment.joinGate().decide(app, session.spec().connection(), info, token);
      isGranted = decision instanceof JoinGate.Decision.Granted;
      return decision;
    } finally {
      if (!isGranted) {
        directory.letGo(app, info.getRoom());
      }
    }
  }

  /** As {@link #go}, to where {@link #decide} has let it. */
  void goAsGranted(long nowNanos, Join granted, Config features) {
    try {
      go(nowNanos, granted, features);
    } finally {
      directory.letGo(session.spec().app(), granted.room());
    }
  }

  /** A member of the room takes no more of it by joining again. */
  private boolean isHere(String name) {
    return room != null && room.name.equals(name);
  }

  void countUnreadable() {
    environment.counters().messagesUnreadable++;
  }

  /**
   * Answers an offer with new ICE credentials.
   *
   * @return empty if the token that asks is not for this stay
   */
  Optional<String> restart(long nowNanos, Reoffer reoffer) {
    boolean isAllowed = join == null || reoffer.room().filter(join.room()::equals).isPresent()
        && reoffer.peer().filter(join.peer()::equals).isPresent();
    if (!isAllowed) {
      return Optional.empty();
    }
    Negotiated agreed = negotiation.restart(reoffer.local(), reoffer.offer());
    session.restartIce(nowNanos, reoffer.local(), agreed.remoteUfrag());
    adopt(nowNanos, reoffer.tracks());
    return Optional.of(agreed.answerText());
  }

  /** Changes what others learn of this peer; it is in a room. */
  void describe(long nowNanos, Optional<String> metadata) {
    publication.describe(nowNanos, metadata);
  }

  /** Changes what others learn of a track, in this room and in those to come. */
  void describe(long nowNanos, SendLine line, Optional<String> metadata) {
    Sender.Source.Builder source = line.source.orElseThrow().toBuilder().clearMetadata();
    metadata.ifPresent(source::setMetadata);
    line.source = Optional.of(source.build());
    if (line.track != null) {
      publication.describe(nowNanos, line.track, metadata);
    }
  }

  private void show(long nowNanos, ReceiveLine line) {
    if (room == null || line.downTrack == null || line.source.isEmpty()) {
      return;
    }
    line.downTrack.show(nowNanos, room.publication(line.source.get().getPeer())
        .map(peer -> peer.track(line.source.get().getTrack()))
        .filter(track -> track.isPublished() && track.isVideo() == line.isVideo)
        .orElse(null));
  }

  private DownTrack downTrack(NegotiatedMedia media) {
    DownTrack downTrack = new DownTrack(media, session, environment.counters(),
        new RtpMunger(environment.random().nextInt(1 << 15), environment.random().nextInt()),
        environment.random().nextInt(1 << 15));
    downTracks.add(downTrack);
    return downTrack;
  }

  private void watchFlow(long nowNanos) {
    flow.look(nowNanos);
    if (room != null) {
      recording.look(nowNanos, room.tape(), publication);
    }
    for (ReceiveLine line : lines.receivers()) {
      line.change(nowNanos).ifPresent(status -> events.receiverState(nowNanos, line.name, status));
    }
    environment.timers().schedule(watchTimer, nowNanos + WATCH_INTERVAL_NANOS);
  }

  @Override
  public void peerJoined(long nowNanos, Publication peer) {
    if (isTold(peer)) {
      events.peerJoined(nowNanos, peer);
    }
    for (UpTrack track : peer.publishedTracks()) {
      trackPublished(nowNanos, track);
    }
  }

  @Override
  public void peerUpdated(long nowNanos, Publication peer) {
    if (isTold(peer)) {
      events.peerUpdated(nowNanos, peer);
    }
  }

  @Override
  public void peerLeft(long nowNanos, Publication peer) {
    if (isTold(peer)) {
      events.peerLeft(nowNanos, peer);
    }
  }

  @Override
  public void trackPublished(long nowNanos, UpTrack track) {
    if (isTold(track)) {
      events.trackStarted(nowNanos, track);
    }
    mixer.ifPresent(mixing -> mixing.trackPublished(track));
    for (ReceiveLine line : lines.receivers()) {
      if (line.downTrack != null && line.wants(track)) {
        line.downTrack.show(nowNanos, track);
      }
    }
  }

  @Override
  public void trackUpdated(long nowNanos, UpTrack track) {
    if (isTold(track)) {
      events.trackUpdated(nowNanos, track);
    }
  }

  @Override
  public void trackUnpublished(long nowNanos, UpTrack track) {
    mixer.ifPresent(mixing -> mixing.trackUnpublished(track));
    if (isTold(track)) {
      events.trackStopped(nowNanos, track);
    }
  }

  private boolean isTold(Publication peer) {
    return isHidden() || join.presence().seesPeers() && peer.presence().showsPeer();
  }

  private boolean isTold(UpTrack track) {
    boolean isWanted = join.presence().seesTracks() || watchedPeers.contains(track.publication.peer());
    return isHidden() || isWanted && track.publication.presence().showsTracks();
  }

  @Override
  public void rtp(long nowNanos, long arrivalNanos, int slot, long offset, int length) {
    if (publication == null) {
      environment.counters().drop(DropReason.NOT_IN_ROOM);
      return;
    }
    publication.rtp(nowNanos, arrivalNanos, slot, offset, length);
  }

  @Override
  public void unauthentic(int ssrc) {
    if (publication != null) {
      publication.unauthentic(ssrc);
    }
  }

  @Override
  public void rtcp(long nowNanos, long arrivalNanos, long offset, int length) {
    feedback.read(nowNanos, offset, length);
    if (publication != null) {
      publication.rtcp(nowNanos, arrivalNanos, offset, length);
    }
  }

  @Override
  public void closing(long nowNanos, CloseReason reason) {
    if (room != null) {
      tellLeft(nowNanos);
    }
    tellEnd(nowNanos, reason);
  }

  private void tellLeft(long nowNanos) {
    if (!hasEnded) {
      events.left(nowNanos, join.room(), join.peer());
    }
  }

  private void tellEnd(long nowNanos, CloseReason reason) {
    if (!hasEnded) {
      events.disconnected(nowNanos, reason.name().toLowerCase(Locale.ROOT), session.closeDetail());
      hasEnded = true;
    }
  }

  private void part(long nowNanos) {
    session.close(nowNanos, CloseReason.LEFT);
  }

  @Override
  public void closed(long nowNanos, CloseReason reason) {
    environment.timers().cancel(watchTimer);
    environment.timers().cancel(partingTimer);
    feedback.stop();
    leave(nowNanos, reason);
  }
}
