package dev.tapedeck.media.core.room;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.session.MessageSink;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.protocol.wire.Error;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.mixer.ServerEvent.SlotSet;
import dev.tapedeck.protocol.wire.mixer.ServerEvent.SlotUnset;
import dev.tapedeck.protocol.wire.session.Response;
import dev.tapedeck.protocol.wire.session.ServerEvent;

/** What a member is told, as messages of the session protocol. Owned by the worker thread. */
final class MemberEvents {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final MessageSink sink;
  private int sequence;

  MemberEvents(MessageSink sink) {
    this.sink = sink;
  }

  void respond(long nowNanos, int request, Response.Builder response) {
    tell(nowNanos, ServerEvent.newBuilder().setResponse(response.setReqId(request)));
  }

  void fail(long nowNanos, int request, SdkError error) {
    respond(nowNanos, request, Response.newBuilder()
        .setError(Error.newBuilder().setCode(error.code()).setMessage(error.wireName())));
  }

  void connected(long nowNanos) {
    session(nowNanos, ServerEvent.Session.newBuilder()
        .setConnected(ServerEvent.Session.Connected.getDefaultInstance()));
  }

  void joined(long nowNanos, String room, String peer) {
    session(nowNanos, ServerEvent.Session.newBuilder()
        .setJoined(ServerEvent.Session.JoinedRoom.newBuilder().setRoom(room).setPeer(peer)));
  }

  void left(long nowNanos, String room, String peer) {
    session(nowNanos, ServerEvent.Session.newBuilder()
        .setLeaved(ServerEvent.Session.LeavedRoom.newBuilder().setRoom(room).setPeer(peer)));
  }

  /** The server is about to stop. */
  void goAway(long nowNanos, long remainingNanos) {
    session(nowNanos, ServerEvent.Session.newBuilder().setGoway(ServerEvent.Session.GoAway.newBuilder()
        .setReason("shutdown").setRemainSeconds((int) (remainingNanos / NANOS_PER_SECOND))));
  }

  /** The last thing a member hears. @param detail what whoever ended it has to say */
  void disconnected(long nowNanos, String reason, String detail) {
    session(nowNanos, ServerEvent.Session.newBuilder()
        .setDisconnected(ServerEvent.Session.Disconnected.newBuilder().setReason(reason).setDetail(detail)));
  }

  void peerJoined(long nowNanos, Publication peer) {
    var event = ServerEvent.Room.PeerJoined.newBuilder().setPeer(peer.peer());
    peer.presence().metadata().ifPresent(event::setMetadata);
    peer.presence().extraData().ifPresent(event::setExtraData);
    room(nowNanos, ServerEvent.Room.newBuilder().setPeerJoined(event));
  }

  void peerUpdated(long nowNanos, Publication peer) {
    var event = ServerEvent.Room.PeerUpdated.newBuilder().setPeer(peer.peer());
    peer.presence().metadata().ifPresent(event::setMetadata);
    room(nowNanos, ServerEvent.Room.newBuilder().setPeerUpdated(event));
  }

  void peerLeft(long nowNanos, Publication peer) {
    room(nowNanos, ServerEvent.Room.newBuilder()
        .setPeerLeaved(ServerEvent.Room.PeerLeaved.newBuilder().setPeer(peer.peer())));
  }

  void trackStarted(long nowNanos, UpTrack track) {
    var event = ServerEvent.Room.TrackStarted.newBuilder()
        .setPeer(track.publication.peer()).setTrack(track.name).setKind(kind(track));
    track.metadata().ifPresent(event::setMetadata);
    room(nowNanos, ServerEvent.Room.newBuilder().setTrackStarted(event));
  }

  void trackUpdated(long nowNanos, UpTrack track) {
    var event = ServerEvent.Room.TrackUpdated.newBuilder()
        .setPeer(track.publication.peer()).setTrack(track.name).setKind(kind(track));
    track.metadata().ifPresent(event::setMetadata);
    room(nowNanos, ServerEvent.Room.newBuilder().setTrackUpdated(event));
  }

  void trackStopped(long nowNanos, UpTrack track) {
    room(nowNanos, ServerEvent.Room.newBuilder().setTrackStopped(ServerEvent.Room.TrackStopped.newBuilder()
        .setPeer(track.publication.peer()).setTrack(track.name).setKind(kind(track))));
  }

  void recording(long nowNanos, ServerEvent.Room.Recording recording) {
    room(nowNanos, ServerEvent.Room.newBuilder().setRecording(recording));
  }

  void senderState(long nowNanos, String name, Sender.Status status) {
    tell(nowNanos, ServerEvent.newBuilder().setSender(ServerEvent.Sender.newBuilder()
        .setName(name).setState(ServerEvent.Sender.State.newBuilder().setStatus(status))));
  }

  void receiverState(long nowNanos, String name, Receiver.Status status) {
    receiver(nowNanos, name, ServerEvent.Receiver.newBuilder()
        .setState(ServerEvent.Receiver.State.newBuilder().setStatus(status)));
  }

  /** @param decibels 0 is the loudest, -127 silence (RFC 6464) */
  void voiceActivity(long nowNanos, String name, int decibels) {
    receiver(nowNanos, name, ServerEvent.Receiver.newBuilder()
        .setVoiceActivity(ServerEvent.Receiver.VoiceActivity.newBuilder().setAudioLevel(decibels)));
  }

  void receiverStats(long nowNanos, String name, ServerEvent.Receiver.Stats stats) {
    receiver(nowNanos, name, ServerEvent.Receiver.newBuilder().setStats(stats));
  }

  /** The mixer's slot hears this source from now on. */
  void slotSet(long nowNanos, int slot, Receiver.Source source) {
    mixer(nowNanos, dev.tapedeck.protocol.wire.mixer.ServerEvent.newBuilder()
        .setSlotSet(SlotSet.newBuilder().setSlot(slot).setSource(source)));
  }

  void slotUnset(long nowNanos, int slot) {
    mixer(nowNanos, dev.tapedeck.protocol.wire.mixer.ServerEvent.newBuilder()
        .setSlotUnset(SlotUnset.newBuilder().setSlot(slot)));
  }

  /** @return false if the member takes nothing more for now */
  boolean message(long nowNanos, String label, String peer, ByteString data) {
    return tell(nowNanos, ServerEvent.newBuilder().setMessageChannel(ServerEvent.MessageChannel.newBuilder()
        .setLabel(label)
        .setMessage(ServerEvent.MessageChannel.Message.newBuilder().setPeer(peer).setMessage(data))));
  }

  private void session(long nowNanos, ServerEvent.Session.Builder event) {
    tell(nowNanos, ServerEvent.newBuilder().setSession(event));
  }

  private void room(long nowNanos, ServerEvent.Room.Builder event) {
    tell(nowNanos, ServerEvent.newBuilder().setRoom(event));
  }

  private void receiver(long nowNanos, String name, ServerEvent.Receiver.Builder event) {
    tell(nowNanos, ServerEvent.newBuilder().setReceiver(event.setName(name)));
  }

  private void mixer(long nowNanos, dev.tapedeck.protocol.wire.mixer.ServerEvent.Builder event) {
    tell(nowNanos, ServerEvent.newBuilder().setFeatures(
        dev.tapedeck.protocol.wire.features.ServerEvent.newBuilder().setMixer(event)));
  }

  private boolean tell(long nowNanos, ServerEvent.Builder event) {
    boolean taken = sink.send(nowNanos, event.setSeq(sequence).build().toByteArray());
    sequence += taken ? 1 : 0;
    return taken;
  }

  private static Kind kind(UpTrack track) {
    return track.isVideo() ? Kind.VIDEO : Kind.AUDIO;
  }
}
