package dev.tapedeck.standalone.meeting;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.Performer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A performer on the meeting page, doing what people do there. */
final class MeetingPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AUDIO_PACKETS_PER_SECOND = 50;
  private static final String OUTBOUND = """
      const done = arguments[arguments.length - 1];
      window.tapedeck.pcs.whip.getStats().then((report) => done(JSON.stringify(
        [...report.values()].filter(({type}) => type === 'outbound-rtp'))));
      """;

  private final Performer performer;
  private final ChromiumPage page;

  private MeetingPage(Performer performer, ChromiumPage page) {
    this.performer = performer;
    this.page = page;
  }

  /** Opens an invite link and joins under the performer's name. @param settings further words of the fragment */
  static MeetingPage join(Performer performer, ChromiumPage page, String invite, String settings) {
    page.open(invite + "&name=" + performer.peer() + settings);
    MeetingPage meeting = new MeetingPage(performer, page);
    WebElement join = page.driver().findElement(By.id("join"));
    Await.until("the lobby of " + performer, join::isEnabled, enabled -> enabled);
    join.click();
    meeting.awaitSent(0);
    return meeting;
  }

  /** Stays until so many more seconds of sound were sent. */
  void stay(int seconds) {
    awaitSent(stats("audio", "packetsSent") + (long) seconds * AUDIO_PACKETS_PER_SECOND);
  }

  /** Waits until this page shows these people, each in their colour, and nobody else. */
  void awaitTiles(List<Performer> everybody) {
    Await.until(performer + " to see " + everybody, this::tileColours, colours -> colours.size() == everybody.size()
        && everybody.stream().allMatch(who -> who.isSeenIn(colours.get(who.peer()))));
  }

  boolean showsRecordingMark() {
    return page.driver().findElement(By.id("recording")).isDisplayed();
  }

  /** Pictures sent so far by the layer that sent the most. */
  long framesSent() {
    return stats("video", "framesSent");
  }

  void leave() {
    page.driver().findElement(By.id("leave")).click();
    Await.until(performer + " to have left", () -> page.driver().findElement(By.id("goodbye")).isDisplayed(),
        shown -> shown);
  }

  void screenshot(Path file) throws IOException {
    Screenshots.take(page, file);
  }

  void assertNoConsoleErrors() {
    page.assertNoConsoleErrors();
  }

  private void awaitSent(long packets) {
    Await.until(performer + " to send " + packets + " packets of sound", () -> stats("audio", "packetsSent"),
        sent -> sent > packets);
  }

  /** Colour by peer, null without a picture. The point is in the part of the picture that is plain. */
  private Map<String, List<Integer>> tileColours() {
    JsonNode tiles = read((String) page.driver().executeScript(
        "return JSON.stringify(window.tapedeck.tileColours(0.5, 0.3))"));
    Map<String, List<Integer>> colours = new HashMap<>();
    tiles.forEach(tile -> {
      JsonNode colour = tile.get("colour");
      colours.put(tile.get("peer").asText(), colour.isNull()
          ? null : List.of(colour.get(0).asInt(), colour.get(1).asInt(), colour.get(2).asInt()));
    });
    return colours;
  }

  /** @return 0 before the connection is up */
  private long stats(String kind, String field) {
    Object isUp = page.driver().executeScript("return Boolean(window.tapedeck.pcs.whip)");
    if (!Boolean.TRUE.equals(isUp)) {
      return 0;
    }
    long most = 0;
    for (JsonNode stream : read((String) page.driver().executeAsyncScript(OUTBOUND))) {
      most = stream.get("kind").asText().equals(kind) ? Math.max(most, stream.path(field).asLong()) : most;
    }
    return most;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(json, e);
    }
  }
}
