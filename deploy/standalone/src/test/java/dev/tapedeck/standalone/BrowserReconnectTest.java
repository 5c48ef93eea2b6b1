package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.ModulePeer;
import dev.tapedeck.standalone.browser.Performer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** our client module and a media server that is killed while it records and started again. */
@ExtendWith(BrowserExtension.class)
class BrowserReconnectTest {
  private static final String ROOM = "reconnect";
  private static final String CAMERA = "video_main";

  /** Nobody touches the pages: publication, subscription and channel come back by themselves, and the recording goes on. */
  @Test
  void aKilledMediaServerIsComeBackToAndTheRecordingSaysSo(BrowserRoom room) {
    try (Lab lab = Lab.start("client-reconnect", Map.of(), Map.of("record.grace", "20s"))) {
      ModulePeer red = enter(room, lab, Performer.RED, true);
      ModulePeer green = enter(room, lab, Performer.GREEN, false);
      red.run("publish", Map.of());
      red.run("openChannel", "chat");
      green.run("openChannel", "chat");
      green.run("subscribe", "picture", Map.of("peer", "red", "name", CAMERA, "kind", "video"), Map.of());
      green.awaitColour("picture", Performer.RED);
      green.awaitView("the recording", view -> view.path("recording").path("state").asText().equals("recording"));
      JsonNode before = green.view().path("recording");
      // A tape that never reached the disk is waited for much longer before its recording gets a verdict.
      Await.until("the first chunk in the store", () -> lab.metric("tapedeck_spool_chunks_verified"), count -> count > 0);

      lab.mediaServer().kill();
      red.awaitView("the break", view -> view.path("state").asText().equals("reconnecting"));
      green.awaitView("the break", view -> view.path("quality").asText().equals("lost"));
      lab.startMediaServer();

      red.awaitView("the way back", view -> view.path("state").asText().equals("connected"));
      green.awaitView("the way back", view -> view.path("state").asText().equals("connected"));
      green.awaitStatus("picture", "active");
      green.awaitColour("picture", Performer.RED);
      green.awaitView("the recording", view -> view.path("recording").path("state").asText().equals("recording"));
      assertThat(green.view().path("recording").path("id")).isEqualTo(before.path("id"));
      red.run("send", "I am back");
      assertThat(green.awaitMessage()).isEqualTo("I am back");
      red.run("close");
      green.run("close");

      assertTwoSessions(lab.manifest(lab.finalized(ROOM)));
      assertThat(lab.api().events().stream().map(event -> event.get("kind").textValue())).containsOnlyOnce(
          "record.started", "record.stopped", "record.finalized");
      red.page().forgetConsoleErrors(); // of requests while nobody was there
      green.page().forgetConsoleErrors();
    }
  }

  /** The first session ends where the server died, the second begins after it, and the gap between them is named. */
  private static void assertTwoSessions(JsonNode manifest) {
    assertThat(manifest.path("verdict").asText()).isEqualTo("partial");
    assertThat(manifest.path("sessions").findValuesAsText("peer")).containsExactly("red", "red");
    assertThat(manifest.path("sessions").findValuesAsText("end")).containsExactly("crashed", "left");
    JsonNode second = manifest.path("sessions").path(1);
    assertThat(second.path("tracks").findValuesAsText("name")).contains(CAMERA, "audio_main");
    assertThat(second.path("packets").asLong()).isPositive();
    assertThat(manifest.path("gaps")).isNotEmpty().allSatisfy(gap -> {
      assertThat(gap.path("cause").asText()).isEqualTo("crash");
      assertThat(gap.path("session")).isNotEqualTo(second.path("session"));
      assertThat(Instant.parse(gap.path("to").asText())).isBefore(Instant.parse(second.path("startedAt").asText()));
    });
  }

  private static ModulePeer enter(BrowserRoom room, Lab lab, Performer performer, boolean record) {
    ModulePeer peer = room.enterWithModule(performer);
    JsonNode result = peer.connect(lab.mediaOrigin(),
        lab.token(TokenKind.WEBRTC, Grant.of(ROOM, peer.name(), record)), ROOM, Map.of());
    assertThat(result.path("state").asText()).as("%s", result).isEqualTo("connected");
    return peer;
  }
}
