package dev.tapedeck.standalone.meeting;

import dev.tapedeck.standalone.browser.ChromiumPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
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

  /** Makes the page as small as on a phone. @param width CSS pixels */
  static void setPhone(ChromiumPage page, int width) {
    page.driver().executeCdpCommand("Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 844, "deviceScaleFactor", 1, "mobile", true));
  }

  /** Makes the page as large as the browser's window again. */
  static void resetSize(ChromiumPage page) {
    page.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  /** Takes more of the page than is in view. @param height pixels from its top */
  static void takeDownTo(ChromiumPage page, int height, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Map<String, Object> clip = Map.of("x", 0, "y", 0, "width", SCREEN.get("width"), "height", height, "scale", 1);
    Object png = page.driver().executeCdpCommand("Page.captureScreenshot",
        Map.of("format", "png", "captureBeyondViewport", true, "clip", clip)).get("data");
    Files.write(file, Base64.getDecoder().decode((String) png));
  }

  static void take(ChromiumPage page, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, page.driver().getScreenshotAs(OutputType.BYTES));
  }
}
