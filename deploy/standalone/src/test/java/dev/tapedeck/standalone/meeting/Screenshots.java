package dev.tapedeck.standalone.meeting;

import dev.tapedeck.standalone.browser.ChromiumPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.openqa.selenium.OutputType;

/** Pictures of pages, for people to look at. */
final class Screenshots {
  private static final Map<String, Object> SCREEN =
      Map.of("width", 1280, "height", 800, "deviceScaleFactor", 1, "mobile", false);

  private Screenshots() {}

  /** Makes the page as large as the pictures are. */
  static void setSize(ChromiumPage page) {
    page.driver().executeCdpCommand("Emulation.setDeviceMetricsOverride", SCREEN);
  }

  static void take(ChromiumPage page, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, page.driver().getScreenshotAs(OutputType.BYTES));
  }
}
