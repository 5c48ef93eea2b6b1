package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.browser.SdkPeer;
import dev.tapedeck.standalone.browser.SdkPeer.Plan;
import dev.tapedeck.standalone.browser.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A-2, S4: the published SDK in a room that is recorded, with tokens of the token API, behind standalone's one origin. */
@ExtendWith(BrowserExtension.class)
class BrowserSdkRecordingTest {
  private static final Pattern RUNNING = Pattern.compile("Tapedeck is running on (http://\\S+)");
  private static final String VIDEO = "video_main";
  private static final int SOME_PACKETS = 100;

  @TempDir
  private Path folder;

  /** The token of the join in force decides: nothing from before the join, after the leave, or of an unrecorded room. */
  @Test
  void tapesWhatIsSentBetweenJoinAndLeave(BrowserRoom lab) throws Exception {
    Path data = folder.resolve("data");
    try (ServerProcess server = ServerProcess.start(TapedeckMain.class, folder.resolve("standalone.log"), RUNNING,
            "standalone", "--data=" + data, "--http.port=0", "--record.grace=1s");
        ApiClient api = new ApiClient(URI.create(server.baseUrl()),
            Secrets.loadOrCreate(data, new SecureRandom()).app().reveal())) {
      SdkPeer red = lab.enterWithSdk(Performer.RED);
      assertThat(red.connectOutside(server.baseUrl(), token(api, "red", "anywhere", false), Plan.IDLE.sending()).state())
          .isEqualTo("connected");
      long before = red.awaitMorePackets(VIDEO, SOME_PACKETS);
      red.join("taped", token(api, "red", "taped", true));
      red.awaitMorePackets(VIDEO, SOME_PACKETS);
      red.leave();
      long after = red.awaitMorePackets(VIDEO, 1);
      red.awaitMorePackets(VIDEO, SOME_PACKETS);
      red.join("untaped", token(api, "red", "untaped", false));
      red.awaitMorePackets(VIDEO, SOME_PACKETS);
      red.disconnect();

      JsonNode recording = complete(api);
      assertThat(recording.path("room").asText()).isEqualTo("taped");
      JsonNode sessions = api.get("/api/recordings/" + recording.path("id").asLong() + "/manifest").path("sessions");
      assertThat(sessions).hasSize(1);
      assertThat(sessions.get(0).path("peer").asText()).isEqualTo("red");
      assertThat(sessions.get(0).path("end").asText()).isEqualTo("left");
      assertThat(received(sessions.get(0), VIDEO)).isBetween((long) SOME_PACKETS / 2, after - before);
      assertThat(received(sessions.get(0), "audio_main")).isPositive();
    }
  }

  private static String token(ApiClient api, String peer, String room, boolean record) throws IOException {
    return api.token("webrtc", Map.of("room", room, "peer", peer, "ttl", 600, "record", record));
  }

  /** The only recording there is, once it has a verdict, which must be that nothing is missing. */
  private static JsonNode complete(ApiClient api) {
    JsonNode recordings = Await.until("the recording to be finalized",
        () -> api.get("/api/recordings").path("recordings"),
        all -> all.size() == 1 && all.get(0).path("state").asText().equals("finalized"));
    assertThat(recordings.get(0).path("verdict").asText()).as("%s", recordings).isEqualTo("complete");
    return recordings.get(0);
  }

  private static long received(JsonNode session, String track) {
    return StreamSupport.stream(session.path("tracks").spliterator(), false)
        .filter(taped -> taped.path("name").asText().equals(track))
        .mapToLong(taped -> taped.path("reception").path("received").asLong()).sum();
  }
}
