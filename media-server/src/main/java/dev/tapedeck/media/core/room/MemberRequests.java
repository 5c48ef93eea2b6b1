package dev.tapedeck.media.core.room;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.ClientEvent;
import dev.tapedeck.protocol.wire.session.JoinRole;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.Response;
import java.util.Optional;

/** Carries out what a member asks for. Each request is answered, with the same branch or an error. */
final class MemberRequests {
  private final Member member;
  private final MemberEvents events;
  private boolean isDisconnecting;

  /** A join that is answered but not yet carried out. */
  private Join grant;

  private Config grantedFeatures;

  MemberRequests(Member member, MemberEvents events) {
    this.member = member;
    this.events = events;
  }

  /** A message of the client; one that cannot be read is left unanswered, because nobody knows what it was. */
  void handle(long nowNanos, byte[] message) {
    ClientEvent event;
    try {
      event = ClientEvent.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      member.countUnreadable();
      return;
    }
    if (event.hasRequest()) {
      handle(nowNanos, event.getRequest());
    }
  }

  /** Fails a request that is not carried out. */
  void refuse(long nowNanos, byte[] message, SdkError error) {
    try {
      events.fail(nowNanos, ClientEvent.parseFrom(message).getRequest().getReqId(), error);
    } catch (InvalidProtocolBufferException e) {
      member.countUnreadable();
    }
  }

  private void handle(long nowNanos, Request request) {
    try {
      if (isDisconnecting) {
        throw new Refusal(SdkError.ALREADY_DISCONNECTED);
      }
      Response.Builder response = switch (request.getRequestCase()) {
        case SESSION -> session(nowNanos, request.getSession());
        case ROOM -> room(nowNanos, request.getRoom());
        case SENDER -> sender(nowNanos, request.getSender());
        case RECEIVER -> receiver(nowNanos, request.getReceiver());
        case MESSAGE_CHANNEL -> messageChannel(nowNanos, request.getMessageChannel());
        case FEATURES -> features(request.getFeatures());
        case REQUEST_NOT_SET -> throw new Refusal(SdkError.INVALID_REQUEST);
      };
      events.respond(nowNanos, request.getReqId(), response);
      afterwards(nowNanos);
    } catch (Refusal refusal) {
      events.fail(nowNanos, request.getReqId(), refusal.error);
    }
  }

  private Response.Builder session(long nowNanos, Request.Session request) {
    var response = Response.Session.newBuilder();
    switch (request.getRequestCase()) {
      case JOIN -> {
        grant = grant(request.getJoin());
        grantedFeatures = request.getJoin().getInfo().getFeatures();
        response.setJoin(Response.Session.Join.getDefaultInstance());
      }
      case LEAVE -> {
        member.leave(nowNanos, CloseReason.LEFT);
        response.setLeave(Response.Session.Leave.getDefaultInstance());
      }
      case SDP -> response.setSdp(Response.Session.UpdateSdp.newBuilder()
          .setSdp(offered(nowNanos, request.getSdp())));
      case DISCONNECT -> {
        isDisconnecting = true;
        response.setDisconnect(Response.Session.Disconnect.getDefaultInstance());
      }
      case DESCRIBE -> {
        requireRoom();
        var describe = request.getDescribe();
        member.describe(nowNanos, checked(describe.hasMetadata(), describe.getMetadata()));
        response.setDescribe(Response.Session.Describe.getDefaultInstance());
      }
      case REQUEST_NOT_SET -> throw new Refusal(SdkError.INVALID_REQUEST);
    }
    return Response.newBuilder().setSession(response);
  }

  /** What a client expects to hear of only after the answer. */
  private void afterwards(long nowNanos) {
    if (grant != null) {
      Join granted = grant;
      grant = null;
      member.goAsGranted(nowNanos, granted, grantedFeatures);
    }
    if (isDisconnecting) {
      member.disconnect(nowNanos);
    }
  }

  private Join grant(Request.Session.Join request) {
    JoinRole role = request.getInfo().getRole();
    if ((role.getHidden() || role.getRecorder()) && member.isSending()) {
      throw new Refusal(SdkError.NOT_GRANTED);
    }
    return switch (member.decide(request.getInfo(), request.getToken())) {
      case JoinGate.Decision.Granted granted -> granted.join();
      case JoinGate.Decision.Refused refused -> throw new Refusal(refused.error());
    };
  }

  private String offered(long nowNanos, Request.Session.UpdateSdp request) {
    if (request.getTracks().getSendersList().stream().anyMatch(sender -> sender.getState().hasSource())) {
      requireShown();
    }
    if (!member.takeTracks(request.getTracks())) {
      throw new Refusal(SdkError.LIMIT_REACHED);
    }
    try {
      return member.offered(nowNanos, request.getTracks(), request.getSdp());
    } catch (SdpException e) {
      throw new Refusal(SdkError.INVALID_SDP);
    }
  }

  private Response.Builder room(long nowNanos, Request.Room request) {
    requireRoom();
    var response = Response.Room.newBuilder();
    switch (request.getRequestCase()) {
      case SUBSCRIBE -> {
        member.subscribe(nowNanos, request.getSubscribe().getPeer());
        response.setSubscribe(Response.Room.SubscribePeer.getDefaultInstance());
      }
      case UNSUBSCRIBE -> {
        member.unsubscribe(request.getUnsubscribe().getPeer());
        response.setUnsubscribe(Response.Room.UnsubscribePeer.getDefaultInstance());
      }
      case REQUEST_NOT_SET -> throw new Refusal(SdkError.INVALID_REQUEST);
    }
    return Response.newBuilder().setRoom(response);
  }

  private Response.Builder sender(long nowNanos, Request.Sender request) {
    SendLine line = member.lines().sender(request.getName());
    if (line == null) {
      throw new Refusal(SdkError.TRACK_NAME_NOT_FOUND);
    }
    var response = Response.Sender.newBuilder();
    switch (request.getRequestCase()) {
      case ATTACH -> {
        requireShown();
        if (line.source.isPresent()) {
          throw new Refusal(SdkError.TRACK_ALREADY_ATTACHED);
        }
        if (request.getAttach().hasConfig()) {
          line.config = checked(request.getAttach().getConfig());
        }
        checked(true, request.getAttach().getSource().getMetadata());
        member.attach(nowNanos, line, request.getAttach().getSource());
        response.setAttach(Response.Sender.Attach.getDefaultInstance());
      }
      case DETACH -> {
        if (line.source.isEmpty()) {
          throw new Refusal(SdkError.TRACK_NOT_ATTACHED);
        }
        member.detach(nowNanos, line);
        response.setDetach(Response.Sender.Detach.getDefaultInstance());
      }
      case CONFIG -> {
        line.config = checked(request.getConfig());
        response.setConfig(Response.Sender.Config.getDefaultInstance());
      }
      case DESCRIBE -> {
        if (line.source.isEmpty()) {
          throw new Refusal(SdkError.TRACK_NOT_ATTACHED);
        }
        var describe = request.getDescribe();
        member.describe(nowNanos, line, checked(describe.hasMetadata(), describe.getMetadata()));
        response.setDescribe(Response.Sender.Describe.getDefaultInstance());
      }
      case REQUEST_NOT_SET -> throw new Refusal(SdkError.INVALID_REQUEST);
    }
    return Response.newBuilder().setSender(response);
  }

  private static Optional<String> checked(boolean isThere, String metadata) {
    if (metadata.length() > Join.MAX_METADATA_CHARS) {
      throw new Refusal(SdkError.INVALID_REQUEST);
    }
    return isThere ? Optional.of(metadata) : Optional.empty();
  }

  private static Sender.Config checked(Sender.Config config) {
    if (config.getPriority() == 0) {
      throw new Refusal(SdkError.REMOTE_TRACK_INVALID_PRIORITY);
    }
    return config;
  }

  private Response.Builder receiver(long nowNanos, Request.Receiver request) {
    ReceiveLine line = member.lines().receiver(request.getName());
    if (line == null) {
      throw new Refusal(SdkError.TRACK_NAME_NOT_FOUND);
    }
    var response = Response.Receiver.newBuilder();
    switch (request.getRequestCase()) {
      case ATTACH -> {
        requireRoom();
        requireUnmixed(line);
        if (request.getAttach().hasConfig()) {
          line.configure(checked(request.getAttach().getConfig()));
        }
        member.attach(nowNanos, line, request.getAttach().getSource());
        response.setAttach(Response.Receiver.Attach.getDefaultInstance());
      }
      case DETACH -> {
        if (line.source.isEmpty()) {
          throw new Refusal(SdkError.LOCAL_TRACK_NOT_PIN_SOURCE);
        }
        requireUnmixed(line);
        member.detach(nowNanos, line);
        response.setDetach(Response.Receiver.Detach.getDefaultInstance());
      }
      case CONFIG -> {
        line.configure(checked(request.getConfig()));
        response.setConfig(Response.Receiver.Config.getDefaultInstance());
      }
      case REQUEST_NOT_SET -> throw new Refusal(SdkError.INVALID_REQUEST);
    }
    return Response.newBuilder().setReceiver(response);
  }

  private static Receiver.Config checked(Receiver.Config config) {
    if (config.getPriority() == 0) {
      throw new Refusal(SdkError.LOCAL_TRACK_INVALID_PRIORITY);
    }
    return config;
  }

  private Response.Builder messageChannel(long nowNanos, Request.MessageChannel request) {
    MessageChannels channels = requireRoom().messageChannels();
    String label = request.getLabel();
    if (!Ids.isName(label)) {
      throw new Refusal(SdkError.INVALID_REQUEST);
    }
    var response = Response.MessageChannel.newBuilder().setLabel(label);
    Optional<SdkError> error = switch (request.getRequestCase()) {
      case START_PUB -> {
        requireShown();
        response.setStartPub(Response.MessageChannel.StartPublish.getDefaultInstance());
        yield channels.startPublishing(label, member);
      }
      case STOP_PUB -> {
        response.setStopPub(Response.MessageChannel.StopPublish.getDefaultInstance());
        channels.stopPublishing(label, member);
        yield Optional.empty();
      }
      case SUB -> {
        response.setSub(Response.MessageChannel.Subscribe.getDefaultInstance());
        yield channels.subscribe(label, member);
      }
      case UNSUB -> {
        response.setUnsub(Response.MessageChannel.Unsubscribe.getDefaultInstance());
        channels.unsubscribe(label, member);
        yield Optional.empty();
      }
      case PUB -> {
        response.setPub(Response.MessageChannel.Publish.getDefaultInstance());
        yield channels.publish(nowNanos, label, member, request.getPub().getData());
      }
      case REQUEST_NOT_SET -> Optional.of(SdkError.INVALID_REQUEST);
    };
    if (error.isPresent()) {
      throw new Refusal(error.get());
    }
    return Response.newBuilder().setMessageChannel(response);
  }

  private Response.Builder features(dev.tapedeck.protocol.wire.features.Request request) {
    requireRoom();
    MemberMixer mixer = member.mixer().filter(MemberMixer::isManual)
        .orElseThrow(() -> new Refusal(SdkError.AUDIO_MIXER_WRONG_MODE));
    var response = dev.tapedeck.protocol.wire.mixer.Response.newBuilder();
    switch (request.getMixer().getRequestCase()) {
      case ATTACH -> {
        if (!mixer.attach(request.getMixer().getAttach().getSourcesList())) {
          throw new Refusal(SdkError.INVALID_REQUEST);
        }
        response.setAttach(dev.tapedeck.protocol.wire.mixer.Response.Attach.getDefaultInstance());
      }
      case DETACH -> {
        mixer.detach(request.getMixer().getDetach().getSourcesList());
        response.setDetach(dev.tapedeck.protocol.wire.mixer.Response.Detach.getDefaultInstance());
      }
      case REQUEST_NOT_SET -> throw new Refusal(SdkError.INVALID_REQUEST);
    }
    return Response.newBuilder().setFeatures(
        dev.tapedeck.protocol.wire.features.Response.newBuilder().setMixer(response));
  }

  /** What the mixer fills is not the client's to fill. */
  private void requireUnmixed(ReceiveLine line) {
    if (member.mixer().filter(mixer -> mixer.hasOutput(line.name)).isPresent()) {
      throw new Refusal(SdkError.AUDIO_MIXER_WRONG_MODE);
    }
  }

  /** What is sent tells who is there. */
  private void requireShown() {
    if (member.isHidden()) {
      throw new Refusal(SdkError.NOT_GRANTED);
    }
  }

  private Room requireRoom() {
    if (!member.isInRoom()) {
      throw new Refusal(SdkError.ENDPOINT_NOT_IN_ROOM);
    }
    return member.room();
  }

  /** Ends one request; never leaves this class. */
  private static final class Refusal extends RuntimeException {
    private final SdkError error;

    Refusal(SdkError error) {
      super(error.wireName(), null, false, false);
      this.error = error;
    }
  }
}
