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
import java.util.Map;
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
      green.awaitView("another recording", view -> view.path("recording").path("state").asText().equals("recording")
          && view.path("recording").path("id").asLong() != before.path("id").asLong());
      red.run("send", "I am back");
      assertThat(green.awaitMessage()).isEqualTo("I am back");
      JsonNode after = green.view().path("recording");
      red.run("close");
      green.run("close");

      assertPartialByTheCrash(lab, before.path("id").asLong());
      assertComplete(lab, after.path("id").asLong());
      red.page().forgetConsoleErrors(); // of requests while nobody was there
      green.page().forgetConsoleErrors();
    }
  }

  /** The first recording ends where the server died, and says that the rest is missing. */
  private static void assertPartialByTheCrash(Lab lab, long recording) {
    JsonNode manifest = lab.manifest(finalized(lab, recording));
    assertThat(manifest.path("verdict").asText()).isEqualTo("partial");
    assertThat(manifest.path("gaps")).isNotEmpty().allSatisfy(gap ->
        assertThat(gap.path("cause").asText()).isEqualTo("crash"));
    assertThat(manifest.path("sessions")).singleElement().satisfies(session -> {
      assertThat(session.path("peer").asText()).isEqualTo("red");
      assertThat(session.path("end").asText()).isEqualTo("crashed");
    });
  }

  /** What was sent after the return is whole, in a recording and a session of its own. */
  private static void assertComplete(Lab lab, long recording) {
    JsonNode manifest = lab.manifest(finalized(lab, recording));
    assertThat(manifest.path("verdict").asText()).isEqualTo("complete");
    assertThat(manifest.path("sessions")).singleElement().satisfies(session -> {
      assertThat(session.path("end").asText()).isEqualTo("left");
      assertThat(session.path("tracks").findValuesAsText("name")).contains(CAMERA, "audio_main");
      assertThat(session.path("packets").asLong()).isPositive();
    });
  }

  private static JsonNode finalized(Lab lab, long recording) {
    return Await.until("the verdict of " + recording, () -> lab.api().recordings(ROOM).stream()
            .filter(each -> each.path("id").asLong() == recording).findFirst(),
        found -> found.isPresent() && found.get().path("state").asText().equals("finalized")).orElseThrow();
  }

  private static ModulePeer enter(BrowserRoom room, Lab lab, Performer performer, boolean record) {
    ModulePeer peer = room.enterWithModule(performer);
    JsonNode result = peer.connect(lab.mediaOrigin(),
        lab.token(TokenKind.WEBRTC, Grant.of(ROOM, peer.name(), record)), ROOM, Map.of());
    assertThat(result.path("state").asText()).as("%s", result).isEqualTo("connected");
    return peer;
  }
}
