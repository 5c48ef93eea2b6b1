package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tapedeck.standalone.browser.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people find on the pages of {@code standalone --demo}. */
class DemoLifeTest {
  /** A name that is escaped in keys. */
  private static final String ROOM = "büro 1";
  private static final String ROOM_PATH = "/api/rooms/b%C3%BCro%201";
  private static final int PARTICIPANTS = 2;
  private static final DemoLife.Rhythm QUICK = new DemoLife.Rhythm(3, Duration.ofSeconds(2), 1);

  @TempDir
  private Path folder;

  @Test
  void peopleMeetAreTapedAndMadeIntoFilesThenMeetUntaped() throws Exception {
    try (Standalone server = Standalone.start(
            List.of("--data=" + folder.resolve("data"), "--http.port=0", "--record.grace=1s"));
        ApiClient api = new ApiClient(server.loopback(), server.defaultAppSecret())) {
      server.awaitComposer();
      try (DemoLife life = DemoLife.start(server, folder.resolve("clips"), ROOM, PARTICIPANTS, QUICK)) {
        Await.until("the first meeting", () -> peers(api), DemoLifeTest::isInFullSwing);
        JsonNode recording = Await.until("the files of the first meeting", () -> firstRecording(api),
            found -> found.path("files").size() == 1 + 2 * PARTICIPANTS + 1);
        assertThat(recording.path("verdict").asText()).isEqualTo("complete");
        assertThat(recording.path("peers")).hasSize(PARTICIPANTS);
        assertThat(recording.path("files")).extracting(file -> file.path("kind").asText())
            .containsOnlyOnce("composed", "summary").contains("track");

        JsonNode later = Await.until("a later meeting", () -> peers(api), DemoLifeTest::isInFullSwing);
        assertThat(later).allSatisfy(person -> assertThat(person.path("recorded").asBoolean()).isFalse());
      }
      Await.until("everybody to have left", () -> peers(api), JsonNode::isEmpty);
      assertThat(api.get("/api/recordings").path("recordings")).as("tapes of later meetings").hasSize(1);
    }
  }

  /** Empty while nobody is there, and before the room's first meeting. */
  private static JsonNode peers(ApiClient api) throws Exception {
    boolean isThere = StreamSupport.stream(api.get("/api/rooms").path("rooms").spliterator(), false)
        .anyMatch(room -> room.path("room").asText().equals(ROOM));
    return isThere ? api.get(ROOM_PATH).path("peers") : MissingNode.getInstance();
  }

  private static boolean isInFullSwing(JsonNode people) {
    return people.size() == PARTICIPANTS
        && StreamSupport.stream(people.spliterator(), false).allMatch(person -> person.path("tracks").size() == 2);
  }

  /** Empty before there is one. */
  private static JsonNode firstRecording(ApiClient api) throws Exception {
    JsonNode first = api.get("/api/recordings").path("recordings").path(0);
    return first.isMissingNode() ? first : api.get("/api/recordings/" + first.path("id").asLong());
  }
}
