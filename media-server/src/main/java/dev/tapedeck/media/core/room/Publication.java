package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.rtcp.RoundTripEstimator;
import dev.tapedeck.media.core.sdp.Direction;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SessionHandler;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.rtp.Rtx;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that one session sends into a room: its up-tracks. This is where a received packet is counted, repaired, taped,
 * cached and passed on, in that order. Owned by the worker thread.
 */
final class Publication implements SessionHandler {
  private final RoomEnvironment environment;
  private final Room room;
  private final PeerSession session;
  private final Join join;
  private final MemorySegment memory;
  private final List<UpTrack> tracks = new ArrayList<>();
  private final StreamTable streams = new StreamTable();
  private final StreamNames streamNames;
  private StreamResolver resolver;
  private final PublicationFeedback feedback;
  private final SourceClock sourceClock = new SourceClock();
  private final RoundTripEstimator roundTrip = new RoundTripEstimator();
  private int transportCcId;
  private Presence presence;
  private Tape tape;

  /** @param streamNames what the session's packets told before, in another room */
  Publication(RoomEnvironment environment, Room room, PeerSession session, Join join, StreamNames streamNames) {
    this.environment = environment;
    this.room = room;
    this.session = session;
    this.join = join;
    this.streamNames = streamNames;
    presence = join.presence();
    memory = environment.arena().memory();
    feedback = new PublicationFeedback(environment, session, tracks, streams, sourceClock);
    learnExtensions();
  }

  /** Everything the client offered to send, under the usual names and to be received at once. */
  static Publication ofAll(RoomEnvironment environment, Room room, PeerSession session) {
    Publication publication =
        new Publication(environment, room, session, session.spec().requireJoin(), new StreamNames());
    publication.nameTracks();
    return publication;
  }

  /** One more m-line on which the client sends. */
  UpTrack add(NegotiatedMedia media, String name) {
    UpTrack track = new UpTrack(this, media, name, roundTrip);
    track.setSilenced(0, room.isSilenced(peer(), name)); // nobody shows it yet
    tracks.add(track);
    learnExtensions();
    return track;
  }

  private void learnExtensions() {
    resolver = new StreamResolver(tracks, streams, streamNames, environment);
    transportCcId = resolver.transportCcId();
  }

  /** Lets everybody receive the track. */
  void publish(long nowNanos, UpTrack track, Optional<String> metadata) {
    track.setMetadata(metadata);
    track.setPublished(true);
    room.trackPublished(nowNanos, track);
  }

  void unpublish(long nowNanos, UpTrack track) {
    track.setPublished(false);
    room.trackUnpublished(nowNanos, track);
  }

  void describe(long nowNanos, UpTrack track, Optional<String> metadata) {
    track.setMetadata(metadata);
    room.trackUpdated(nowNanos, track);
  }

  /** What others learn of this peer now. */
  Presence presence() {
    return presence;
  }

  void describe(long nowNanos, Optional<String> metadata) {
    presence = presence.withMetadata(metadata);
    room.peerUpdated(nowNanos, this);
  }

  /** Whether nobody may know of this peer. */
  boolean isHidden() {
    return presence.visibility().isHidden();
  }

  PeerSession session() {
    return session;
  }

  /** What the token grants. */
  Join join() {
    return join;
  }

  String peer() {
    return join.peer();
  }

  /** Names this stay on tapes and in events. */
  long id() {
    return join.session();
  }

  /** All m-lines on which the client sends. */
  List<UpTrack> tracks() {
    return tracks;
  }

  /** Those that may be received now. */
  List<UpTrack> publishedTracks() {
    return tracks.stream().filter(UpTrack::isPublished).toList();
  }

  /** The clock behind the sender reports of all its streams. */
  SourceClock sourceClock() {
    return sourceClock;
  }

  /** The track of this name, or null. */
  UpTrack track(String name) {
    for (UpTrack track : tracks) {
      if (track.name.equals(name)) {
        return track;
      }
    }
    return null;
  }

  /** From now on what this session sends goes to the tape as well; null ends that. */
  void tapeTo(Tape tape) {
    this.tape = tape;
    for (UpTrack track : tracks) {
      track.layers().forEach(UpLayer::endTape);
    }
  }

  /** Nothing has come of this track for a while. */
  void muted(long nowNanos, UpTrack track) {
    track.setMuted(true);
    room.trackMuted(nowNanos, track);
  }

  List<SentTrackStats> stats() {
    return tracks.stream().filter(UpTrack::isStarted).map(UpTrack::stats).toList();
  }

  /** To the client, 0 while unknown. */
  long roundTripNanos() {
    return roundTrip.smoothedNanos();
  }

  /** A receiver or the tape cannot go on without a key frame of this layer. */
  void keyFrameWanted(long nowNanos, UpLayer layer) {
    feedback.keyFrameWanted(nowNanos, layer);
  }

  @Override
  public void connected(long nowNanos) {
    room.join(nowNanos, this);
    feedback.start(nowNanos);
  }

  @Override
  public void rtp(long nowNanos, long arrivalNanos, int slot, long offset, int length) {
    int headerBytes = RtpHeader.headerBytes(memory, offset, length);
    int payloadBytes = headerBytes < 0 ? -1 : RtpHeader.payloadBytes(memory, offset, length, headerBytes);
    if (payloadBytes < 0) {
      environment.counters().drop(DropReason.MALFORMED);
      return;
    }
    if (payloadBytes < length - headerBytes) {
      RtpHeader.clearPadding(memory, offset); // from here on the packet ends with its payload
    }
    noteTransportSequence(arrivalNanos, offset, headerBytes);
    int ssrc = RtpHeader.ssrc(memory, offset);
    UpLayer layer = streams.find(ssrc);
    if (layer == null) {
      layer = resolver.resolve(nowNanos, memory, offset, headerBytes, ssrc);
      if (layer == null) {
        environment.counters().drop(DropReason.UNKNOWN_STREAM);
        return;
      }
    }
    boolean repaired = ssrc != layer.ssrc;
    if (repaired) {
      int payloadType = layer.track.originalPayloadType(RtpHeader.payloadType(memory, offset));
      if (payloadType < 0) {
        environment.counters().drop(DropReason.MALFORMED);
        return;
      }
      long original = Rtx.unwrap(memory, offset, headerBytes, payloadBytes, payloadType, layer.ssrc);
      if (original == Rtx.NO_ORIGINAL) {
        return; // padding that probes the path
      }
      offset = original;
      payloadBytes -= Rtx.OSN_BYTES;
    }
    media(nowNanos, arrivalNanos, layer, slot, offset, headerBytes, payloadBytes, repaired);
  }

  private void media(
      long nowNanos,
      long arrivalNanos,
      UpLayer layer,
      int slot,
      long offset,
      int headerBytes,
      int payloadBytes,
      boolean repaired) {
    boolean isFirst = layer.lastPacketNanos == 0;
    if (!layer.accept(nowNanos, arrivalNanos, memory, offset, repaired)) {
      return; // seen before
    }
    environment.counters().packetsReceived++;
    environment.counters().packetsRepaired += repaired ? 1 : 0;
    layer.octets += payloadBytes;
    UpTrack track = layer.track;
    if (!track.isVideo() && !repaired && !track.isSilenced()) {
      track.level.read(nowNanos, memory, offset, headerBytes);
    }
    boolean startsKeyFrame = layer.inspect(nowNanos, memory, offset, headerBytes, payloadBytes);
    if (isFirst) {
      track.layerBegan(nowNanos, layer);
    }
    if (!track.isStarted()) {
      track.markStarted();
      room.trackStarted(nowNanos, track);
    } else if (track.isMuted()) {
      track.setMuted(false);
      room.trackUnmuted(nowNanos, track);
    }
    if (tape != null && payloadBytes > 0) {
      note(tape.rtp(
          nowNanos, arrivalNanos, layer, memory, offset, headerBytes, payloadBytes, repaired, startsKeyFrame));
    }
    if (!track.isSilenced()) {
      passOn(nowNanos, layer, slot, offset, headerBytes, payloadBytes, startsKeyFrame);
    }
    feedback.packetAccepted(layer);
  }

  private void passOn(
      long nowNanos, UpLayer layer, int slot, long offset, int headerBytes, int payloadBytes, boolean startsKeyFrame) {
    int cacheIndex =
        layer.cache.put(slot, offset, RtpHeader.sequenceNumber(memory, offset), headerBytes, payloadBytes, nowNanos);
    if (cacheIndex != PacketCache.MISSING) { // else it is later than anybody could use
      layer.track.forward(
          nowNanos, layer, cacheIndex, layer.sequence(), RtpHeader.rtpTimestamp(memory, offset), startsKeyFrame);
    }
  }

  private void note(Tape.Outcome outcome) {
    switch (outcome) {
      case TAPED -> environment.counters().packetsTaped++;
      case SHED -> environment.counters().packetsShed++;
      case LEFT_OUT -> {}
      case NOT_WANTED -> {
        return;
      }
    }
    room.tape().packetTaped();
  }

  private void noteTransportSequence(long arrivalNanos, long offset, int headerBytes) {
    if (transportCcId == 0) {
      return;
    }
    long element = RtpExtensions.find(memory, offset, headerBytes, transportCcId);
    if (element != RtpExtensions.NONE && RtpExtensions.length(element) >= 2) {
      feedback.transportPacket(arrivalNanos, Bytes.u16(memory, RtpExtensions.offset(element)),
          RtpHeader.ssrc(memory, offset));
    }
  }

  @Override
  public void unauthentic(int ssrc) {
    UpLayer layer = streams.find(ssrc);
    if (layer != null) {
      layer.noteUnauthentic();
    }
  }

  @Override
  public void rtcp(long nowNanos, long arrivalNanos, long offset, int length) {
    feedback.read(arrivalNanos, offset, length, tape);
  }

  @Override
  public void closed(long nowNanos, CloseReason reason) {
    feedback.stop();
    if (session.wasConnected()) {
      room.leave(nowNanos, this, reason);
    }
    for (UpTrack track : tracks) {
      for (UpLayer layer : track.layers()) {
        layer.cache.clear();
      }
    }
    streams.clear();
  }

  /** {@code audio_main}, {@code video_main}, then {@code audio_2}, {@code video_2} and so on, by order of m-lines. */
  private void nameTracks() {
    int audio = 0;
    int video = 0;
    for (NegotiatedMedia media : session.spec().media()) {
      if (media.isRejected() || media.direction() != Direction.RECVONLY) {
        continue;
      }
      boolean isVideo = media.isVideo();
      int number = isVideo ? ++video : ++audio;
      String kind = isVideo ? "video" : "audio";
      add(media, kind + (number == 1 ? "_main" : "_" + number)).setPublished(true);
    }
  }
}
