package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserLab;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.browser.SdkPeer;
import dev.tapedeck.standalone.browser.SdkPeer.Connection;
import dev.tapedeck.standalone.browser.SdkPeer.Message;
import dev.tapedeck.standalone.browser.SdkPeer.Plan;
import dev.tapedeck.standalone.browser.SdkPeer.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** the reference's published SDK, unmodified, in Chromium against the media server. */
@ExtendWith(BrowserExtension.class)
class BrowserSdkTest {
  private static final String PEER_JOINED = "room.peer.joined";
  private static final String PEER_LEFT = "room.peer.leaved";
  private static final String TRACK_STARTED = "room.track.started";
  private static final String TRACK_STOPPED = "room.track.stopped";
  private static final int SOME_FRAMES = 15;

  /** Also of themselves, because applications find their own tracks in the same list; also who comes late. */
  @Test
  void everybodyIsToldOfEverybody(BrowserRoom room) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    SdkPeer green = room.enterWithSdk(Performer.GREEN);
    Connection connection = red.connect(room.server(),
        room.token(TokenKind.WEBRTC, new Grant(room.name(), "red", false, false, "from the backend")), room.name(),
        Plan.IDLE.sending());
    assertThat(connection.state()).isEqualTo("connected");
    assertThat(connection.isIceLite()).isTrue();
    red.awaitEvent(PEER_JOINED, Map.of("peer", "red"));
    red.awaitEvent(TRACK_STARTED, Map.of("peer", "red", "track", "audio_main", "kind", "0"));
    red.awaitEvent(TRACK_STARTED, Map.of("peer", "red", "track", "video_main", "kind", "1"));

    connect(room, green, Plan.IDLE);
    green.awaitEvent(PEER_JOINED, Map.of("peer", "red", "metadata", "I am red", "extraData", "from the backend"));
    green.awaitEvent(TRACK_STARTED, Map.of("peer", "red", "track", "audio_main", "metadata", "my audio"));
    green.awaitEvent(TRACK_STARTED, Map.of("peer", "red", "track", "video_main", "metadata", "my video"));
    red.awaitEvent(PEER_JOINED, Map.of("peer", "green", "metadata", "I am green"));

    red.detachSender("video_main");
    green.awaitEvent(TRACK_STOPPED, Map.of("peer", "red", "track", "video_main", "kind", "1"));
    red.awaitEvent(TRACK_STOPPED, Map.of("peer", "red", "track", "video_main"));
    red.attachSender("video", "video_main", "once more");
    green.awaitEvent(TRACK_STARTED, Map.of("peer", "red", "track", "video_main", "metadata", "once more"));

    green.disconnect();
    red.awaitEvent(PEER_LEFT, Map.of("peer", "green"));
    assertThat(green.connection().state()).isEqualTo("disconnected");
  }

  @Test
  void mediaGoesFromSendersToReceivers(BrowserRoom room) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    SdkPeer green = room.enterWithSdk(Performer.GREEN);
    connect(room, red, Plan.IDLE.ableToSend());
    connect(room, green,
        Plan.IDLE.sending().receiving("audio", "video").attached("audio_0", red.microphone()));
    red.attachSender("audio", "audio_main", "late");
    red.attachSender("video", "video_main", "late");

    green.awaitTone("audio_0", Performer.RED);
    green.awaitStatus("audio_0", Status.ACTIVE);
    green.attach("video_1", red.camera());
    green.awaitColour("video_1", Performer.RED);
    green.awaitMoreFrames("video_1", SOME_FRAMES);
    green.awaitStatus("video_1", Status.ACTIVE);

    green.configureReceiver("video_1", Map.of("priority", 7, "maxSpatial", 1, "maxTemporal", 1));
    red.configureSender("video_main", Map.of("priority", 5, "bitrate", 1));
    green.attach("video_1", green.camera());
    green.awaitColour("video_1", Performer.GREEN);
    green.detach("video_1");
    green.attach("video_1", red.camera());
    green.awaitColour("video_1", Performer.RED);

    red.detachSender("video_main");
    green.awaitStatus("video_1", Status.INACTIVE);
    red.attachSender("video", "video_main", "again");
    green.awaitStatus("video_1", Status.ACTIVE);
    green.awaitMoreFrames("video_1", SOME_FRAMES);
  }

  /** The SDK offers m-lines it has no name for; those that come later must not be mistaken for them. */
  @Test
  void tracksAreAddedToALiveConnection(BrowserRoom room) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    SdkPeer green = room.enterWithSdk(Performer.GREEN);
    connect(room, red, Plan.IDLE);
    connect(room, green, Plan.IDLE);

    red.addSender("video", "video_main");
    red.addSender("audio", "audio_main");
    green.attach(green.addReceiver("audio"), red.microphone());
    green.attach(green.addReceiver("video"), red.camera());

    green.awaitTone("audio_0", Performer.RED);
    green.awaitColour("video_1", Performer.RED);
    green.awaitEvent(TRACK_STARTED, Map.of("peer", "red", "track", "audio_main"));
    assertThat(green.connection().signaling()).isEqualTo("stable");
  }

  @Test
  void messagesReachEverybodyOnTheChannel(BrowserRoom room) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    SdkPeer green = room.enterWithSdk(Performer.GREEN);
    connect(room, red, Plan.IDLE);
    connect(room, green, Plan.IDLE);
    red.openChannel("chat");
    green.openChannel("chat");

    red.publish("hello");
    assertThat(green.awaitMessages(1)).containsExactly(new Message("red", "hello"));
    assertThat(red.awaitMessages(1)).containsExactly(new Message("red", "hello"));
    red.closeChannel();
    green.publish("is anybody here?");
    assertThat(green.awaitMessages(2)).endsWith(new Message("green", "is anybody here?"));
  }

  @Test
  void iceRestartKeepsConnectionAndMedia(BrowserRoom room) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    SdkPeer green = room.enterWithSdk(Performer.GREEN);
    String redId = connect(room, red, Plan.IDLE.sending()).id();
    String greenId = connect(room, green, Plan.IDLE.receiving("video").attached("video_0", red.camera())).id();
    green.awaitColour("video_0", Performer.RED);
    String ufrag = red.iceUfrag();

    assertThat(red.restartIce().id()).isEqualTo(redId);
    assertThat(green.restartIce().id()).isEqualTo(greenId);

    red.awaitOtherIceSession(ufrag);
    green.awaitMoreFrames("video_0", 2 * SOME_FRAMES);
    green.awaitColour("video_0", Performer.RED);
    assertThat(red.events()).noneMatch(event -> event.path("name").asText().equals(PEER_LEFT));
  }

  @Test
  void leavesAndJoinsAgain(BrowserRoom room, BrowserLab lab) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    SdkPeer green = room.enterWithSdk(Performer.GREEN);
    connect(room, red, Plan.IDLE.sending());
    connect(room, green, Plan.IDLE.receiving("video").attached("video_0", red.camera()));
    green.awaitColour("video_0", Performer.RED);

    red.leave();
    green.awaitEvent(TRACK_STOPPED, Map.of("peer", "red", "track", "video_main"));
    green.awaitEvent(PEER_LEFT, Map.of("peer", "red"));
    green.awaitStatus("video_0", Status.INACTIVE);

    red.join(room.name(), room.token(TokenKind.WEBRTC, "red"));
    green.awaitStatus("video_0", Status.ACTIVE);
    green.awaitMoreFrames("video_0", SOME_FRAMES);

    BrowserRoom other = lab.newRoom();
    red.join(other.name(), other.token(TokenKind.WEBRTC, "red"));
    green.awaitStatus("video_0", Status.INACTIVE);
    green.join(other.name(), other.token(TokenKind.WEBRTC, "green"));
    green.attach("video_0", red.camera());
    green.awaitMoreFrames("video_0", SOME_FRAMES);
    red.disconnect();
    green.awaitEvent(PEER_JOINED, Map.of("peer", "green"));
  }

  /** Connected, joined, left, and that it is over, before DTLS ends the connection. */
  @Test
  void newestSessionOfAPeerReplacesTheOneBefore(BrowserRoom room) {
    SdkPeer first = room.enterWithSdk(Performer.RED);
    SdkPeer second = room.enterWithSdk(Performer.GREEN);
    connect(room, first, Plan.IDLE);

    second.connect(room.server(), room.token(TokenKind.WEBRTC, "red"), first.joining(room.name()), Plan.IDLE);

    // Connected, joined, left, disconnected.
    Await.until("the first session to be told", first::sessionEvents, count -> count == 4);
    Await.until("the first session to be over", () -> first.connection().state(), "disconnected"::equals);
    assertThat(second.connection().state()).isEqualTo("connected");
  }

  @Test
  void everyRequestIsAnsweredWithItsBranchOrTheErrorsName(BrowserRoom room) {
    SdkPeer red = room.enterWithSdk(Performer.RED);
    connect(room, red, Plan.IDLE.sending().receiving("audio"));
    Map<String, Object> nobody = Map.of("peer", "nobody", "track", "video_main");

    List<Exchange> exchanges = List.of(
        new Exchange(Map.of("sender", Map.of("name", "unknown", "detach", Map.of())), "RpcTrackNameNotFound"),
        new Exchange(Map.of("sender", Map.of("name", "video_main", "attach", Map.of("source", Map.of("id", "x")))),
        "RpcTrackAlreadyAttached"),
        new Exchange(Map.of("sender", Map.of("name", "video_main", "config", Map.of("priority", 0))),
        "RemoteTrackInvalidPriority"),
        new Exchange(Map.of("sender", Map.of("name", "video_main", "detach", Map.of())), "sender.detach"),
        new Exchange(Map.of("sender", Map.of("name", "video_main", "detach", Map.of())), "RpcTrackNotAttached"),
        new Exchange(Map.of("receiver", Map.of("name", "video_7", "detach", Map.of())), "RpcTrackNameNotFound"),
        new Exchange(Map.of("receiver", Map.of("name", "audio_0", "detach", Map.of())), "LocalTrackNotPinSource"),
        new Exchange(Map.of("receiver", Map.of("name", "audio_0",
        "attach", Map.of("source", nobody, "config", Map.of("priority", 0)))), "LocalTrackInvalidPriority"),
        new Exchange(Map.of("receiver", Map.of("name", "audio_0",
        "attach", Map.of("source", nobody, "config", Map.of("priority", 1)))), "receiver.attach"),
        new Exchange(Map.of("room", Map.of("subscribe", Map.of("peer", "nobody"))), "room.subscribe"),
        new Exchange(Map.of("messageChannel", Map.of("label", "chat", "pub", Map.of("data", Map.of()))),
        "RpcInvalidRequest"),
        new Exchange(Map.of("session", Map.of("sdp", Map.of("sdp", "v=0"))), "InvalidSdp"),
        new Exchange(Map.of("session", Map.of("join", Map.of("token", "x", "info", red.joining(room.name())))),
        "RpcTokenInvalid"),
        new Exchange(Map.of("session", Map.of("join",
            Map.of("token", room.token(TokenKind.WEBRTC, "blue"), "info", red.joining(room.name())))),
        "RpcTokenRoomPeerNotMatch"),
        new Exchange(Map.of("session", Map.of()), "RpcInvalidRequest"),
        new Exchange(Map.of(), "RpcInvalidRequest"),
        new Exchange(Map.of("session", Map.of("leave", Map.of())), "session.leave"),
        new Exchange(Map.of("room", Map.of("unsubscribe", Map.of("peer", "nobody"))), "EndpointNotInRoom"));
    for (Exchange exchange : exchanges) {
      assertThat(red.request(exchange.request)).as("%s", exchange.request).isEqualTo(exchange.answer);
    }
  }

  /** @param answer an error's name or the branch of the response */
  private record Exchange(Map<String, Object> request, String answer) {}

  private static Connection connect(BrowserRoom room, SdkPeer peer, Plan plan) {
    Connection connection =
        peer.connect(room.server(), room.token(TokenKind.WEBRTC, peer.name()), room.name(), plan);
    assertThat(connection.state()).as("%s", peer.performer()).isEqualTo("connected");
    return connection;
  }
}
