package dev.tapedeck.standalone.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.lab.Folders;
import dev.tapedeck.media.MediaServerMain;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** What all browser tests of one run share: a media server, the page they open, a browser for each performer. */
public final class BrowserLab implements AutoCloseable {
  public static final String APP = "demo";
  public static final String SECRET = "a secret of at least 32 bytes for browser tests";

  private static final Path FOLDER = Path.of("target", "browser");

  private final PageServer pages = new PageServer();
  private final ServerProcess server = ServerProcess.start(MediaServerMain.class, FOLDER.resolve("media-server.log"),
      Pattern.compile("media server on (http://\\S+)"), "--http.port=0",
      "--data=" + Folders.empty(FOLDER.resolve("data")), "--apps." + APP + ".secrets=" + SECRET);
  private final TokenIssuer tokens =
      new TokenIssuer(Apps.of(Map.of(APP, List.of(Redacted.of(SECRET)))), System::currentTimeMillis);
  private final Map<Performer, ChromiumPage> browsers = new EnumMap<>(Performer.class);
  private final AtomicInteger rooms = new AtomicInteger();

  /** A room nobody was in before. */
  public BrowserRoom newRoom() {
    return new BrowserRoom(this, "room " + rooms.incrementAndGet());
  }

  public TokenIssuer tokens() {
    return tokens;
  }

  /** Base URL of the media server. */
  public String server() {
    return server.baseUrl();
  }

  /** The server has logged neither an error nor an exception. */
  void assertNoServerErrors() {
    assertThat(server.log().lines().filter(line -> line.contains(" ERROR ") || line.startsWith("\tat ")))
        .as("errors in the log of the media server")
        .isEmpty();
  }

  /** The performer's browser, on whatever page it was last; it is started when first asked for. */
  public ChromiumPage browser(Performer performer) {
    return browsers.computeIfAbsent(performer, who -> new ChromiumPage(who, FOLDER.resolve(who.peer())));
  }

  /** The performer's browser with this test page, which has no connection yet. */
  ChromiumPage freshPage(Performer performer, String name) {
    ChromiumPage page = browser(performer);
    page.open(pages.url(name));
    return page;
  }

  @Override
  public void close() throws Exception {
    browsers.values().forEach(ChromiumPage::close);
    server.close();
    pages.close();
  }
}
