package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserLab;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.ModulePeer;
import dev.tapedeck.standalone.browser.Performer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** our client module in Chromium against the media server. */
@ExtendWith(BrowserExtension.class)
class BrowserClientTest {
  private static final String CAMERA = "video_main";
  private static final String MICROPHONE = "audio_main";
  private static final int CAMERA_WIDTH = 1280;

  @Test
  void picturesAndSoundGoFromPublicationsToSubscriptions(BrowserRoom room) {
    ModulePeer magenta = enter(room, Performer.MAGENTA, Map.of("metadata", "I am magenta"));
    ModulePeer green = enter(room, Performer.GREEN, Map.of());
    magenta.run("publish", Map.of("metadata", "mine"));
    green.awaitEvent("peer", peer -> peer.path("metadata").asText().equals("I am magenta"));
    green.awaitEvent("track", track -> track.path("source").asText().equals("camera")
        && track.path("metadata").asText().equals("mine"));
    assertThat(magenta.eventNames()).as("of itself nobody is told").doesNotContain("track");

    green.run("subscribe", "picture", magenta.track(CAMERA), Map.of());
    green.run("subscribe", "sound", magenta.track(MICROPHONE), Map.of());
    green.awaitColour("picture", Performer.MAGENTA);
    green.awaitTone("sound", Performer.MAGENTA);
    green.awaitStatus("picture", "active");
    awaitFigures(green, "picture");

    green.run("setLayers", "picture", Map.of("maxSpatial", 0));
    green.awaitWidth("picture", width -> width > 0 && width <= CAMERA_WIDTH / 4);
    green.run("setLayers", "picture", Map.of());
    green.run("setPriority", "picture", 5);
    green.awaitWidth("picture", width -> width >= CAMERA_WIDTH / 2);
    assertThat(green.ask("subscription", "picture").path("priority").asInt()).isEqualTo(5);
    assertThat(green.ask("stats").path("incomingBitsPerSecond").asLong()).isPositive();
  }

  @Test
  void tracksAreMutedSharedAndExchanged(BrowserRoom room) {
    ModulePeer red = enter(room, Performer.RED, Map.of());
    ModulePeer green = enter(room, Performer.GREEN, Map.of());
    red.run("publish", Map.of("simulcast", false));
    green.awaitEvent("track", track -> track.path("name").asText().equals(CAMERA));
    green.run("subscribe", "picture", red.track(CAMERA), Map.of());
    green.awaitColour("picture", Performer.RED);

    red.run("mute", CAMERA);
    green.awaitEvent("trackend", track -> track.path("name").asText().equals(CAMERA));
    green.awaitStatus("picture", "inactive");
    red.run("unmute", CAMERA);
    green.awaitStatus("picture", "active");
    red.run("describeTrack", CAMERA, "by the window");
    green.awaitEvent("trackupdate", track -> track.path("metadata").asText().equals("by the window"));
    red.run("describe", "hand raised");
    green.awaitEvent("peerupdate", peer -> peer.path("metadata").asText().equals("hand raised"));

    assertThat(red.ask("share", Performer.BLUE.cssColour()).get(0).asText()).isEqualTo("video_screen");
    green.awaitEvent("track", track -> track.path("source").asText().equals("screen"));
    green.run("switchTo", "picture", red.track("video_screen"));
    green.awaitColour("picture", Performer.BLUE);
    green.run("detach", "picture");
    green.run("subscribe", "again", red.track(CAMERA), Map.of("layers", Map.of("maxSpatial", 1)));
    green.awaitColour("again", Performer.RED);

    red.run("unpublish", CAMERA);
    red.awaitView("one publication less", view -> view.path("publications").size() == 2);
    red.run("close");
    green.awaitEvent("peerleft", peer -> peer.path("name").asText().equals("red"));
  }

  @Test
  void theLoudestIsHeardOnTheMixerAndListedAsSpeaker(BrowserRoom room) {
    ModulePeer green = enter(room, Performer.GREEN, Map.of("mixer", Map.of("outputs", 2)));
    ModulePeer red = enter(room, Performer.RED, Map.of());
    red.run("publish", Map.of());
    green.awaitSlotTone(0, Performer.RED);
    green.awaitView("who is on the slot", view -> view.path("slots").get(0).path("peer").asText().equals("red"));
    green.awaitEvent("speakers", speakers -> speakers.path(0).path("peer").asText().equals("red")
        && speakers.path(0).path("track").asText().equals(MICROPHONE));
    red.run("mute", MICROPHONE);
    green.awaitView("nobody speak", view -> view.path("speakers").isEmpty());
  }

  @Test
  void messagesReachEverybodyOnTheChannel(BrowserRoom room) {
    ModulePeer red = enter(room, Performer.RED, Map.of());
    ModulePeer green = enter(room, Performer.GREEN, Map.of());
    red.run("openChannel", "chat");
    green.run("openChannel", "chat");
    red.run("send", "hello, žluťoučký kůň");
    for (ModulePeer peer : List.of(red, green)) {
      JsonNode message = messages(peer, 1).get(0);
      assertThat(message.path("text").asText()).isEqualTo("hello, žluťoučký kůň");
      assertThat(message.path("peer").asText()).isEqualTo("red");
      assertThat(message.path("isMine").asBoolean()).isEqualTo(peer == red);
    }
    red.run("closeChannel");
    green.run("send", "is anybody here?");
    assertThat(messages(green, 2).get(1).path("isMine").asBoolean()).isTrue();
  }

  /** Also S1-1: everybody is told that a recording runs, of whom, and because of whom. */
  @Test
  void everybodySeesThatItRecordsAndWhoAskedForIt(BrowserRoom room) {
    ModulePeer green = enter(room, Performer.GREEN, Map.of());
    green.awaitEvent("recording", recording -> recording.path("state").asText().equals("none"));
    ModulePeer red = room.enterWithModule(Performer.RED);
    red.connect(room.server(), room.token(TokenKind.WEBRTC, Grant.of(room.name(), "red", true)), room.name(), Map.of());
    red.run("publish", Map.of());
    green.awaitView("a recording", view -> view.path("recording").path("state").asText().equals("recording"));
    assertThat(green.view().path("recording").path("askedBy").asText()).isEqualTo("red");
    assertThat(green.view().path("recording").path("isTapingMe").asBoolean()).isFalse();
    red.awaitView("that it is taped", view -> view.path("recording").path("isTapingMe").asBoolean());
  }

  @Test
  void leavesAndJoinsAgain(BrowserRoom room, BrowserLab lab) {
    ModulePeer red = enter(room, Performer.RED, Map.of());
    ModulePeer green = enter(room, Performer.GREEN, Map.of());
    red.run("publish", Map.of());
    red.run("openChannel", "chat");
    green.awaitEvent("track", track -> track.path("name").asText().equals(CAMERA));

    green.run("leave");
    assertThat(green.view().path("state").asText()).isEqualTo("outside");
    assertThat(green.view().path("peers")).isEmpty();
    red.awaitEvent("peerleft", peer -> peer.path("name").asText().equals("green"));
    green.run("join", stay(room, green));
    green.run("subscribe", "picture", red.track(CAMERA), Map.of());
    green.awaitColour("picture", Performer.RED);
    awaitFigures(green, "picture"); // by now red's packets do not name their layer any more

    BrowserRoom other = lab.newRoom();
    green.run("join", stay(other, green));
    red.run("join", stay(other, red));
    green.awaitView("red in the other room", view -> view.path("peers").path(0).path("tracks").size() == 2);
    green.run("openChannel", "chat");
    red.run("send", "here we are");
    assertThat(messages(green, 1).get(0).path("text").asText()).isEqualTo("here we are");
    green.run("restartIce");
    green.run("subscribe", "there", red.track(CAMERA), Map.of());
    green.awaitColour("there", Performer.RED);
    assertThat(green.eventNames()).doesNotContain("closed");
  }

  @Test
  void saysWhyItCannotConnect(BrowserRoom room) {
    ModulePeer red = room.enterWithModule(Performer.RED);
    String green = room.token(TokenKind.WEBRTC, "green");
    refused(red.connect(room.server(), green, room.name(), Map.of()), "forbidden", true);
    refused(red.connect("http://localhost:1", green, room.name(), Map.of()), "unreachable", false);
    refused(red.connect(room.server(), "", room.name(), Map.of()), "bad_options", true);
    refused(red.connect(room.server(), "no token", room.name(), Map.of()), "token_refused", true);
    red.page().forgetConsoleErrors(); // of requests that were to fail
  }

  @Test
  void aNewerSessionOfTheSamePeerEndsTheMeeting(BrowserRoom room) {
    ModulePeer first = enter(room, Performer.RED, Map.of());
    ModulePeer second = room.enterWithModule(Performer.GREEN);
    second.connect(room.server(), room.token(TokenKind.WEBRTC, "red"), room.name(), Map.of("peer", "red"));
    first.awaitEvent("closed", end -> end.path("reason").asText().equals("replaced"));
    assertThat(first.view().path("state").asText()).isEqualTo("closed");
    assertThat(second.view().path("state").asText()).isEqualTo("connected");
  }

  private static ModulePeer enter(BrowserRoom room, Performer performer, Map<String, Object> options) {
    ModulePeer peer = room.enterWithModule(performer);
    JsonNode result = peer.connect(room.server(), room.token(TokenKind.WEBRTC, peer.name()), room.name(), options);
    assertThat(result.path("state").asText()).as("%s", result).isEqualTo("connected");
    return peer;
  }

  private static Map<String, Object> stay(BrowserRoom room, ModulePeer peer) {
    return Map.of("room", room.name(), "peer", peer.name(), "token", room.token(TokenKind.WEBRTC, peer.name()));
  }

  /** Told every two seconds. */
  private static void awaitFigures(ModulePeer peer, String subscription) {
    Await.until("the server's figures", () -> peer.ask("subscription", subscription).path("stats"),
        stats -> stats.path("source").path("bitrateKbps").asInt() > 0 && stats.path("transmit").has("spatial"));
  }

  private static JsonNode messages(ModulePeer peer, int count) {
    return Await.until(peer.performer() + " to get " + count + " messages", () -> peer.ask("messages"),
        messages -> messages.size() >= count);
  }

  private static void refused(JsonNode result, String code, boolean isFinal) {
    assertThat(result.path("code").asText()).as("%s", result).isEqualTo(code);
    assertThat(result.path("isFinal").asBoolean()).isEqualTo(isFinal);
    assertThat(result.path("message").asText()).isNotBlank();
  }
}
