package dev.tapedeck.standalone.meeting;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.browser.ChromiumPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** An operator on the recordings pages, doing what people do there. */
final class RecordingsPage {
  private static final String SEEK = """
      const [seconds, points, done] = arguments;
      const player = document.getElementById('player');
      const seeked = new Promise((resolve) => player.addEventListener('seeked', resolve, {once: true}));
      const drawn = new Promise((resolve) => {
        const look = (now, {mediaTime}) => (
          Math.abs(mediaTime - seconds) < 0.5 ? resolve() : player.requestVideoFrameCallback(look));
        player.requestVideoFrameCallback(look);
      });
      player.currentTime = seconds;
      Promise.all([seeked, drawn]).then(() => {
        const {videoWidth: width, videoHeight: height} = player;
        const pen = Object.assign(document.createElement('canvas'), {width, height}).getContext('2d');
        pen.drawImage(player, 0, 0);
        done(points.map(([x, y]) => [...pen.getImageData(x * width, y * height, 1, 1).data.slice(0, 3)]));
      });
      """;

  private final ChromiumPage page;

  private RecordingsPage(ChromiumPage page) {
    this.page = page;
  }

  /** A point of a picture, as shares of its width and height. */
  record Point(double x, double y) {}

  /** Opens the list. */
  static RecordingsPage open(ChromiumPage page, String link) {
    page.open(link);
    RecordingsPage recordings = new RecordingsPage(page);
    recordings.await("#rows a");
    return recordings;
  }

  /** What the list says of its first recording, in the words on the page. */
  String firstRow() {
    return await("#rows tr").getText();
  }

  /** Goes to the first recording of the list. */
  void openFirst() {
    await("#rows a").click();
    await("#convert");
  }

  /** Presses Convert and sees the progress begin. */
  void convert() {
    await("#convert").click();
    await("#job-progress");
  }

  /** Watches the progress until the files are listed. */
  void awaitFiles() {
    Await.until("the files on the page", () -> page.driver().findElements(By.cssSelector("#file-rows tr")).size(),
        rows -> rows > 0);
    Await.until("the progress to go", () -> page.driver().findElement(By.id("job")).isDisplayed(), shown -> !shown);
  }

  /** Length of what the player has loaded, as the browser understands it. */
  double playerSeconds() {
    return Await.until("the player to know its file",
        () -> (Number) page.driver().executeScript("return document.getElementById('player').duration || 0"),
        seconds -> seconds.doubleValue() > 0).doubleValue();
  }

  /** Seeks, waits for `seeked` and a picture of about that time, and reads colours from what is drawn. */
  @SuppressWarnings("unchecked")
  List<List<Integer>> seek(double seconds, List<Point> points) {
    List<List<Number>> colours = (List<List<Number>>) page.driver().executeAsyncScript(SEEK, seconds,
        points.stream().map(point -> List.of(point.x(), point.y())).toList());
    return colours.stream().map(rgb -> rgb.stream().map(Number::intValue).toList()).toList();
  }

  void screenshot(Path file) throws IOException {
    Screenshots.take(page, file);
  }

  /** From the head of the page to the end of its list of files. */
  void screenshotOfFiles(Path file) throws IOException {
    page.driver().executeScript("scrollTo(0, 0)");
    Number bottom = (Number) page.driver().executeScript(
        "return Math.ceil(document.getElementById('convert-form').closest('section').getBoundingClientRect().bottom)");
    Screenshots.takeDownTo(page, bottom.intValue() + 20, file);
  }

  void assertNoConsoleErrors() {
    page.assertNoConsoleErrors();
  }

  private WebElement await(String selector) {
    return Await.until(selector + " on the page", () -> page.driver().findElements(By.cssSelector(selector)),
        found -> !found.isEmpty() && found.getFirst().isDisplayed()).getFirst();
  }
}
