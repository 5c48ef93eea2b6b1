package dev.tapedeck.standalone.browser;

import dev.tapedeck.bench.lab.Await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * One Chromium process with a profile, camera and microphone of its own, showing one page. What a test may do in that
 * page is the object {@code client} of {@code browser/client.js}; any other page is driven by {@link #driver}.
 */
public final class ChromiumPage implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Warns that Selenium has no DevTools bindings for this very version; we use none. Held, so that the level stays. */
  private static final Logger DEVTOOLS_LOG = Logger.getLogger("org.openqa.selenium.devtools");

  static {
    DEVTOOLS_LOG.setLevel(Level.SEVERE);
  }

  private final ChromeDriverService service;
  private final ChromeDriver driver;

  /**
   * Starts the browser.
   *
   * @param folder holds the profile and the device files; made if it is not there
   * @throws IllegalStateException when there is no Chromium on this machine
   */
  public ChromiumPage(Performer performer, Path folder) {
    Path browser = program("chromium");
    service = new ChromeDriverService.Builder()
        .usingDriverExecutable(program("chromedriver").toFile())
        .usingAnyFreePort()
        .withLogFile(folder.resolve("chromedriver.log").toFile())
        .build();
    driver = new ChromeDriver(service, options(browser, performer, folder));
    driver.manage().timeouts().scriptTimeout(Await.DEADLINE);
  }

  /** For what {@link #call} does not cover: clicks, texts, any script. */
  public ChromeDriver driver() {
    return driver;
  }

  /** Leaves the page before, with all its connections, and shows another. */
  public void open(String url) {
    if (beforeFragment(driver.getCurrentUrl()).equals(beforeFragment(url))) {
      driver.get("about:blank"); // else nothing would be loaded
    }
    driver.get(url);
  }

  /**
   * Calls a function of the page's client and waits for its promise.
   *
   * @param result what its JSON is read as
   * @throws IllegalStateException with the page's own words when it fails
   */
  public <T> T call(Class<T> result, String function, Object... arguments) {
    String reply = (String) driver.executeAsyncScript(
        "window.callClient(arguments[0], JSON.parse(arguments[1]), arguments[2])", function, write(arguments));
    JsonNode json = read(reply);
    if (json.has("problem")) {
      throw new IllegalStateException(json.get("problem").asText());
    }
    return JSON.convertValue(json.get("value"), result);
  }

  /** Nothing the page or the browser complained of since this was asked last. */
  public void assertNoConsoleErrors() {
    List<LogEntry> errors = driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .toList();
    assertThat(errors).as("errors in the browser's console").isEmpty();
  }

  /** What it complained of until now was meant to happen. */
  public void forgetConsoleErrors() {
    driver.manage().logs().get(LogType.BROWSER);
  }

  @Override
  public void close() {
    driver.quit();
    service.stop();
  }

  private static ChromeOptions options(Path browser, Performer performer, Path folder) {
    Path camera = folder.resolve("camera.y4m");
    Path microphone = folder.resolve("microphone.wav");
    try {
      Files.createDirectories(folder);
      FakeDevices.writeCamera(performer, camera);
      FakeDevices.writeMicrophone(performer, microphone);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
    options.setPageLoadTimeout(Duration.ofSeconds(60));
    options.addArguments(
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--user-data-dir=" + folder.resolve("profile").toAbsolutePath(),
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        "--use-file-for-fake-video-capture=" + camera.toAbsolutePath(),
        "--use-file-for-fake-audio-capture=" + microphone.toAbsolutePath(),
        "--autoplay-policy=no-user-gesture-required", "--force-prefers-reduced-motion",
        "--disable-features=WebRtcHideLocalIpsWithMdns");
    return options;
  }

  private static String beforeFragment(String url) {
    return url.split("#", 2)[0];
  }

  private static Path program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(
            "browser tests need " + name + ", which is not on the PATH; run ./tapedeck test, which installs it"));
  }

  private static String write(Object[] arguments) {
    try {
      return JSON.writeValueAsString(arguments);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonNode read(String reply) {
    try {
      return JSON.readTree(reply);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(reply, e);
    }
  }
}
