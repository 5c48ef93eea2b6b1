package dev.tapedeck.standalone.meeting;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A performer on the meeting page, doing what people do there. */
final class MeetingPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AUDIO_PACKETS_PER_SECOND = 50;
  private static final String OUTBOUND = """
      const done = arguments[arguments.length - 1];
      window.tapedeck.stats().then((report) => done(JSON.stringify(
        report.filter(({type}) => type === 'outbound-rtp'))));
      """;

  private static final String IS_SEEN =
      "return document.querySelector(arguments[0])?.checkVisibility({visibilityProperty: true}) ?? false";
  private static final String SCREEN = """
      const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
      const pen = canvas.getContext('2d');
      const [colour] = arguments;
      setInterval(() => {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, canvas.width, canvas.height);
      }, 100);
      navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream(10);
      """;

  /** Keeps an eye on all cameras and microphones that the browser hands out. */
  private static final String WATCH = """
      if (navigator.mediaDevices && !window.tracksGiven) {
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        window.tracksGiven = [];
        navigator.mediaDevices.getUserMedia = async (wish) => {
          const stream = await open(wish);
          tracksGiven.push(...stream.getTracks());
          return stream;
        };
      }
      """;

  private final Performer performer;
  private final ChromiumPage page;
  private final Object watch;

  private MeetingPage(Performer performer, ChromiumPage page) {
    this.performer = performer;
    this.page = page;
    watch = page.driver().executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH))
        .get("identifier");
  }

  /** Opens an invite link and joins under the performer's name. @param settings further words of the fragment */
  static MeetingPage join(Performer performer, ChromiumPage page, String invite, String settings) {
    MeetingPage meeting = enterLobby(performer, page, invite + settings);
    meeting.press("join");
    meeting.awaitSent(0);
    return meeting;
  }

  /** Opens an invite link, of which the lobby may not lead into a meeting. */
  static MeetingPage enterLobby(Performer performer, ChromiumPage page, String link) {
    MeetingPage meeting = new MeetingPage(performer, page);
    page.open(link + "&name=" + performer.peer());
    meeting.awaitLobby();
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

  /**
   * Waits until a tile has something on it, or has it no more.
   *
   * @param part {@code main} or {@code screen}
   * @param mark a selector, behind that of the tile
   */
  void awaitOnTile(Performer who, String part, String mark, boolean isThere) {
    String selector = ".tile[data-peer='%s'][data-part='%s']%s".formatted(who.peer(), part, mark);
    Await.until("%s to see %s: %s".formatted(performer, selector, isThere),
        () -> (Boolean) page.driver().executeScript(IS_SEEN, selector), seen -> seen == isThere);
  }

  /** Waits until a shared screen of this colour is seen. */
  void awaitScreen(Performer of, Performer colour) {
    Await.until(performer + " to see the screen of " + of, () -> colour(tiles("screen"), of), colour::isSeenIn);
  }

  /** What people do: presses the button of this id. */
  void press(String button) {
    page.driver().findElement(By.id(button)).click();
  }

  /** Presses a key wherever the focus is. */
  void press(Keys key) {
    page.driver().switchTo().activeElement().sendKeys(key);
  }

  void type(String text) {
    page.driver().switchTo().activeElement().sendKeys(text);
  }

  String text(String id) {
    return page.driver().findElement(By.id(id)).getText();
  }

  /** Waits until an element shows such a text. */
  void awaitText(String id, Predicate<String> wanted) {
    Await.until(performer + " to read " + id, () -> text(id), wanted);
  }

  boolean shows(String id) {
    return page.driver().findElement(By.id(id)).isDisplayed();
  }

  /** Makes the page's picker of screens answer one of a plain colour: no screen is there to be picked. */
  void giveScreen(Performer colour) {
    page.driver().executeScript(SCREEN, colour.cssColour());
  }

  /** From now on the browser refuses camera and microphone, as if the person had said so. */
  void refuseDevices() {
    page.driver().executeScript("navigator.mediaDevices.getUserMedia = () => "
        + "Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))");
  }

  /** Chooses from a list. @param index from 0 */
  void choose(String list, int index) {
    page.driver().executeScript("const list = document.getElementById(arguments[0]); list.selectedIndex = arguments[1];"
        + " list.dispatchEvent(new Event('change'))", list, index);
  }

  /** A screen reader can name every button, field and list that can be used, and nothing is wider than the page. */
  void assertUsable() {
    boolean isModal = !page.driver().findElements(By.cssSelector("dialog[open]")).isEmpty();
    String used = (isModal ? "dialog[open] " : "") + ":is(button, input, select, [role=log])";
    assertThat(page.driver().findElements(By.cssSelector(used)).stream()
        .filter(WebElement::isDisplayed).filter(each -> each.getAccessibleName().isBlank())
        .map(each -> each.getDomAttribute("id"))).as("without a name").isEmpty();
    assertThat((Long) page.driver().executeScript("return document.documentElement.scrollWidth - innerWidth"))
        .as("pixels wider than the page").isNotPositive();
  }

  /** Leaves the page, and with it all its connections. */
  void close() {
    page.driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", watch));
    page.open("about:blank");
  }

  boolean showsRecordingMark() {
    return page.driver().findElement(By.id("recording")).isDisplayed();
  }

  /** Pictures sent so far by the layer that sent the most. */
  long framesSent() {
    return stats("video", "framesSent");
  }

  void leave() {
    press("leave");
    awaitGoodbye("You have left the meeting.");
  }

  /** Waits until the page says that it is over, and why. Camera and microphone are closed then. */
  void awaitGoodbye(String words) {
    awaitText("goodbye-words", words::equals);
    assertThat((List<?>) page.driver().executeScript("return tracksGiven.map(({readyState}) => readyState)"))
        .as("devices of " + performer).isNotEmpty().allMatch("ended"::equals);
  }

  void screenshot(Path file) throws IOException {
    Screenshots.take(page, file);
  }

  void assertNoConsoleErrors() {
    page.assertNoConsoleErrors();
  }

  private void awaitLobby() {
    Await.until("the lobby of " + performer, () -> page.driver().findElement(By.id("join")).isEnabled(),
        enabled -> enabled);
  }

  private void awaitSent(long packets) {
    Await.until(performer + " to send " + packets + " packets of sound", () -> stats("audio", "packetsSent"),
        sent -> sent > packets);
  }

  /** Colour by peer, null without a picture. */
  private Map<String, List<Integer>> tileColours() {
    Map<String, List<Integer>> colours = new HashMap<>();
    tiles("main").forEach(tile -> colours.put(tile.get("peer").asText(), rgb(tile)));
    return colours;
  }

  private static List<Integer> colour(List<JsonNode> tiles, Performer who) {
    return tiles.stream().filter(tile -> tile.get("peer").asText().equals(who.peer()))
        .findFirst().map(MeetingPage::rgb).orElse(null);
  }

  /** The point of the colours is in the part of the picture that is plain. */
  private List<JsonNode> tiles(String part) {
    JsonNode tiles = read((String) page.driver().executeScript(
        "return JSON.stringify(window.tapedeck.tileColours(0.5, 0.3))"));
    return StreamSupport.stream(tiles.spliterator(), false)
        .filter(tile -> tile.get("part").asText().equals(part)).toList();
  }

  private static List<Integer> rgb(JsonNode tile) {
    JsonNode colour = tile.get("colour");
    return colour.isNull() ? null : List.of(colour.get(0).asInt(), colour.get(1).asInt(), colour.get(2).asInt());
  }

  /** @return 0 before the connection is up */
  private long stats(String kind, String field) {
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
