package dev.tapedeck.standalone.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserLab;
import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.Performer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** four people on the meeting page, with all that people do there. */
@ExtendWith(BrowserExtension.class)
class MeetingPageTest {
  private static final List<Performer> EVERYBODY =
      List.of(Performer.RED, Performer.GREEN, Performer.BLUE, Performer.MAGENTA);
  private static final Performer FIRST = EVERYBODY.getFirst();
  private static final String MAIN = "main";
  private static final String SCREEN = "screen";
  private static final String SPEAKING = ".is-speaking";
  private static final String MICROPHONE_OFF = " .tile-muted";
  private static final String HOSTILE = "<img src=x onerror=alert(1)> & welcome";

  /** Four browsers share few cores, and a fake microphone's steady tone would be taken for noise. */
  private static final String SETTINGS = "&picture=small&sound=original";

  private static final Path PICTURES = Path.of("target", "meeting");
  private static final int NARROWEST_PHONE = 360;
  private static final int PHONE = 390;

  @TempDir
  static Path folder;

  private static MeetingServer server;

  @BeforeAll
  static void start() {
    server = new MeetingServer(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void fourPeopleMeet(BrowserLab lab) throws Exception {
    List<ChromiumPage> browsers = EVERYBODY.stream().map(lab::browser).toList();
    Screenshots.setSize(browsers.getFirst());
    browsers.stream().skip(1).forEach(browser -> Screenshots.setPhone(browser, PHONE));
    String invite = server.invite("four");
    List<MeetingPage> pages =
        EVERYBODY.stream().map(who -> MeetingPage.join(who, lab.browser(who), invite, SETTINGS)).toList();
    pages.forEach(page -> page.awaitTiles(EVERYBODY));
    pages.getFirst().awaitText("recording-words", "Recording, asked for by you"::equals);
    List<MeetingPage> others = pages.subList(1, pages.size());
    others.forEach(page -> page.awaitText("recording-words", ("Recording, asked for by " + FIRST.peer())::equals));
    others.forEach(page -> page.awaitOnTile(FIRST, MAIN, " .signal[aria-label^='Connection: ']", true));

    devicesAreTurnedOffAndOn(pages);
    messagesAreRead(pages);
    aScreenIsShared(pages, lab.browser(FIRST));
    connectionsBreak(pages);

    server.kick("four", Performer.MAGENTA.peer(), "too loud");
    pages.getLast().awaitGoodbye("You were removed from the meeting: too loud");
    pages.subList(0, 3).forEach(MeetingPage::leave);
    server.awaitComplete("four");
    pages.forEach(MeetingPage::assertNoConsoleErrors);
    pages.forEach(MeetingPage::close);
    browsers.forEach(Screenshots::resetSize);
    assertThat(server.errors()).as("errors in the server's log").isEmpty();
  }

  @Test
  void whoCannotJoinReadsWhy(BrowserLab lab) {
    ChromiumPage browser = lab.browser(FIRST);
    String invite = server.invite("refused");
    MeetingPage page = MeetingPage.enterLobby(FIRST, browser, invite.replaceFirst("invite=.*", "invite=e30.e30.e30"));
    page.press("join");
    page.awaitText("join-problem", words -> words.contains("Ask for a new invitation"));
    page.refuseDevices();
    page.choose("camera", 0);
    page.awaitText("device-problem",
        words -> words.contains("Camera cannot be used: the browser was told not to allow it"));
    browser.forgetConsoleErrors(); // of the request that was to fail
    page.close();
  }

  private static void devicesAreTurnedOffAndOn(List<MeetingPage> pages) throws IOException {
    MeetingPage red = pages.get(0);
    MeetingPage green = pages.get(1);
    MeetingPage blue = pages.get(2);
    for (Performer muted : List.of(Performer.GREEN, Performer.BLUE)) {
      pages.get(EVERYBODY.indexOf(muted)).press("toggle-microphone");
      red.awaitOnTile(muted, MAIN, MICROPHONE_OFF, true);
      red.awaitOnTile(muted, MAIN, SPEAKING, false);
    }
    red.awaitOnTile(Performer.MAGENTA, MAIN, SPEAKING, true);
    red.awaitOnTile(Performer.MAGENTA, MAIN, MICROPHONE_OFF, false);
    green.awaitOnTile(FIRST, MAIN, SPEAKING, true);
    blue.press("toggle-camera");
    red.awaitOnTile(Performer.BLUE, MAIN, " video", false);
    red.screenshot(PICTURES.resolve("meeting-off.png"));
    green.press("toggle-microphone");
    red.awaitOnTile(Performer.GREEN, MAIN, MICROPHONE_OFF, false);
    red.awaitOnTile(Performer.GREEN, MAIN, SPEAKING, true);
    blue.press("toggle-camera");
    pages.forEach(page -> page.awaitTiles(EVERYBODY));
  }

  private static void messagesAreRead(List<MeetingPage> pages) {
    MeetingPage red = pages.get(0);
    MeetingPage green = pages.get(1);
    red.press("toggle-chat");
    red.type(HOSTILE + Keys.ENTER);
    red.awaitText("chat-log", log -> log.contains("You") && log.contains(HOSTILE));
    pages.subList(1, pages.size()).forEach(page -> page.awaitText("unread", count -> count.startsWith("1")));
    green.press("toggle-chat");
    assertThat(green.shows("unread")).isFalse();
    assertThat(green.text("chat-log")).contains(FIRST.peer(), HOSTILE).containsPattern("\\d:\\d\\d");
    green.type("Hello, Red!" + Keys.ENTER);
    red.awaitText("chat-log", log -> log.contains("green") && log.contains("Hello, Red!"));
    green.press(Keys.ESCAPE);
    assertThat(green.shows("chat")).isFalse();
  }

  private static void aScreenIsShared(List<MeetingPage> pages, ChromiumPage browser) throws IOException {
    MeetingPage red = pages.get(0);
    MeetingPage blue = pages.get(2);
    lookAt(red, browser, "meeting-chat");
    red.press(Keys.ESCAPE);
    red.press("open-devices");
    lookAt(red, browser, "meeting-devices");
    red.press("close-devices");
    lookAt(red, browser, "meeting-four");
    blue.giveScreen(Performer.MAGENTA);
    blue.press("toggle-screen");
    for (MeetingPage page : List.of(red, pages.get(1), pages.get(3))) {
      page.awaitScreen(Performer.BLUE, Performer.MAGENTA);
    }
    assertThat(blue.text("sharing")).isEqualTo("You are sharing your screen");
    lookAt(red, browser, "meeting-screen");
    blue.press("toggle-screen");
    red.awaitOnTile(Performer.BLUE, SCREEN, "", false);
    red.awaitTiles(EVERYBODY);
  }

  private static void connectionsBreak(List<MeetingPage> pages) throws Exception {
    MeetingPage green = pages.get(1);
    server.freeze();
    pages.forEach(page -> page.awaitText("connection-problem",
        words -> words.startsWith("The connection is interrupted. Reconnecting…")));
    server.thaw();
    pages.forEach(page -> page.awaitText("connection-problem", String::isEmpty));
    pages.forEach(page -> page.awaitTiles(EVERYBODY));
    green.press("toggle-chat");
    Await.until("a message of green to be read by red", () -> {
      green.type("Back again" + Keys.ENTER); // a message is never sent twice by itself, and red may just be coming back
      return pages.getFirst().text("unread");
    }, count -> !count.isEmpty());
  }

  /** Leaves pictures of the page on a desk and on a phone. */
  private static void lookAt(MeetingPage page, ChromiumPage browser, String name) throws IOException {
    page.assertUsable();
    page.screenshot(PICTURES.resolve(name + ".png"));
    Screenshots.setPhone(browser, NARROWEST_PHONE);
    page.assertUsable();
    Screenshots.setPhone(browser, PHONE);
    page.assertUsable();
    page.screenshot(PICTURES.resolve(name + "-phone.png"));
    Screenshots.setSize(browser);
  }
}
