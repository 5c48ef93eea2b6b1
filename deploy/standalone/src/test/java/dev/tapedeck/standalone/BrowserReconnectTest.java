package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.ModulePeer;
import dev.tapedeck.standalone.browser.Performer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** our client module and a media server that is killed while it records and started again. */
@ExtendWith(BrowserExtension.class)
class BrowserReconnectTest {
  private static final String ROOM = "reconnect";
  private static final String CAMERA = "video_main";

  /** Nobody touches the pages: publication, subscription, channel and recording come back by themselves. */
  @Test
  void aKilledMediaServerIsComeBackToAndTheRecordingSaysSo(BrowserRoom room) {
    try (Lab lab = Lab.start("client-reconnect", Map.of(), Map.of())) {
      ModulePeer red = enter(room, lab, Performer.RED, true);
      ModulePeer green = enter(room, lab, Performer.GREEN, false);
      red.run("publish", Map.of());
      red.run("openChannel", "chat");
      green.run("openChannel", "chat");
      green.run("subscribe", "picture", Map.of("peer", "red", "name", CAMERA, "kind", "video"), Map.of());
      green.awaitColour("picture", Performer.RED);
      green.awaitView("the recording", view -> view.path("recording").path("state").asText().equals("recording"));
      JsonNode before = green.view().path("recording");

      Instant killedAt = Instant.now();
      lab.mediaServer().kill();
      red.awaitView("the break", view -> view.path("state").asText().equals("reconnecting"));
      green.awaitView("the break", view -> view.path("quality").asText().equals("lost"));
      lab.startMediaServer();

      red.awaitView("the way back", view -> view.path("state").asText().equals("connected"));
      green.awaitView("the way back", view -> view.path("state").asText().equals("connected"));
      green.awaitStatus("picture", "active");
      green.awaitColour("picture", Performer.RED);
      green.awaitView("another recording", view -> view.path("recording").path("state").asText().equals("recording")
          && view.path("recording").path("id").asLong() != before.path("id").asLong());
      red.run("send", "I am back");
      assertThat(green.awaitMessage()).isEqualTo("I am back");
      assertThat(green.eventNames()).as("who came back had not gone").doesNotContain("peerleft", "trackend", "closed");
      red.run("close");
      green.run("close");

      System.out.println(lab.api().recordings(ROOM));
    }
    red(room);
  }

  private static void red(BrowserRoom room) {}

  private static ModulePeer enter(BrowserRoom room, Lab lab, Performer performer, boolean record) {
    ModulePeer peer = room.enterWithModule(performer);
    JsonNode result = peer.connect(lab.mediaOrigin(),
        lab.token(TokenKind.WEBRTC, Grant.of(ROOM, peer.name(), record)), ROOM, Map.of());
    assertThat(result.path("state").asText()).as("%s", result).isEqualTo("connected");
    return peer;
  }
}
