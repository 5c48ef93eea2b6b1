package dev.tapedeck.standalone.meeting;

import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.meeting.FfmpegTools.Area;
import dev.tapedeck.standalone.meeting.FfmpegTools.Brightness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Tells how well sound and picture of somebody are together. The fake devices of a browser each have a clock of their
 * own, so a page of the clapper gets both from one: every second the picture flashes white while a second tone sounds.
 */
final class Clapper {
  private static final int CLAP_HERTZ = 3300;
  private static final double AUDIBLE = 0.03;
  private static final double WHITE_LUMA = 180;

  private Clapper() {}

  /** Makes all pages this browser opens from now on take their camera and microphone from the clapper. */
  static void install(ChromiumPage page, Performer performer) {
    String settings = "window.clapper = {toneHertz: %d, clapHertz: %d, colour: '%s'};".formatted(
        performer.toneHertz(), CLAP_HERTZ, performer.cssColour());
    page.driver().executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", settings + script()));
  }

  /** When the picture turns white, in seconds of the file. */
  static List<Double> flashes(Path video, Area area) throws IOException {
    List<Double> flashes = new ArrayList<>();
    boolean isWhite = true; // whoever comes in the middle of a flash is not seen to flash
    for (Brightness picture : FfmpegTools.brightness(video, area)) {
      boolean turnsWhite = picture.luma() > WHITE_LUMA;
      if (turnsWhite && !isWhite) {
        flashes.add(picture.seconds());
      }
      isWhite = turnsWhite;
    }
    return flashes;
  }

  /** When the clap begins to be heard, in seconds of the file. */
  static List<Double> claps(float[] samples) {
    return Spectrum.onsets(samples, CLAP_HERTZ, AUDIBLE);
  }

  /** How much later the picture is than the sound, one number per flash that has a clap within half a second. */
  static List<Double> pictureAfterSoundMillis(List<Double> flashes, List<Double> claps) {
    return flashes.stream()
        .flatMap(flash -> claps.stream().map(clap -> (flash - clap) * 1000)
            .min(Comparator.comparingDouble(Math::abs)).filter(offset -> Math.abs(offset) < 500).stream())
        .sorted()
        .toList();
  }

  private static String script() {
    try (InputStream file = Clapper.class.getResourceAsStream("/browser/clapper.js")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
