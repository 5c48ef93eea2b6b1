package dev.tapedeck.standalone.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.meeting.FfmpegTools.Area;
import dev.tapedeck.standalone.meeting.MeetingFiles.Track;
import dev.tapedeck.standalone.meeting.MeetingPlan.Span;
import dev.tapedeck.standalone.meeting.RecordingsPage.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People meet in their browsers, leave, convert the recording on its page, and get what they saw and heard. */
class MeetingToFilesTest {
  private static final String ROOM = "weekly";
  private static final List<Performer> EVERYBODY = List.of(Performer.RED, Performer.GREEN, Performer.BLUE);
  private static final List<Performer> FIRST_TWO = List.of(Performer.RED, Performer.GREEN);

  /** Stays from its join to the end of all, and has one clock for camera and microphone. */
  private static final Performer CLAPPER = Performer.GREEN;

  private static final double AUDIBLE = 0.005;
  private static final double MAX_APART_MILLIS = 100;
  private static final int MIN_CLAPS = 5;
  private static final Path PICTURES = Path.of("target", "meeting");

  @TempDir
  Path folder;

  @Test
  void filesHoldWhatPeopleSawAndHeard() throws Exception {
    try (MeetingServer server = new MeetingServer(folder);
        ChromiumPage red = browser(Performer.RED);
        ChromiumPage green = browser(Performer.GREEN);
        ChromiumPage blue = browser(Performer.BLUE)) {
      Clapper.install(green, CLAPPER);
      meet(server.invite(ROOM), red, green, blue);
      JsonNode recording = server.awaitComplete(ROOM);
      RecordingsPage page = convert(red, server.recordingsLink());
      MeetingFiles files = server.download(recording.get("id").asLong(), folder);
      MeetingPlan plan = new MeetingPlan(files, EVERYBODY);
      Path composed = files.composed().orElseThrow();

      List<Double> flashes = checkTrackPair(files);
      checkTiles(composed, plan, flashes);
      checkTones(composed, plan);
      checkComposedTogether(composed, plan);
      checkLength(composed, server.manifest(recording.get("id").asLong()));
      checkEveryFile(files);
      checkPlayer(page, plan, flashes, seconds(composed));
      page.screenshotOfFiles(PICTURES.resolve("recording.png"));
      page.assertNoConsoleErrors();
      assertThat(server.errors()).as("errors in the server's log").isEmpty();
    }
  }

  private static void meet(String invite, ChromiumPage redBrowser, ChromiumPage greenBrowser,
      ChromiumPage blueBrowser) throws IOException {
    MeetingPage red = MeetingPage.join(Performer.RED, redBrowser, invite, "");
    MeetingPage green = MeetingPage.join(Performer.GREEN, greenBrowser, invite, "");
    red.awaitTiles(FIRST_TWO);
    green.awaitTiles(FIRST_TWO);
    red.stay(3);
    MeetingPage blue = MeetingPage.join(Performer.BLUE, blueBrowser, invite, "");
    for (MeetingPage page : List.of(red, green, blue)) {
      page.awaitTiles(EVERYBODY);
      assertThat(page.showsRecordingMark()).as("recording mark").isTrue();
    }
    blue.stay(4);
    red.screenshot(PICTURES.resolve("meeting.png"));
    blue.leave();
    red.awaitTiles(FIRST_TWO);
    red.stay(2);
    red.leave();
    green.awaitTiles(List.of(Performer.GREEN));
    green.stay(3);
    green.leave();
    List.of(red, green, blue).forEach(MeetingPage::assertNoConsoleErrors);
  }

  private static RecordingsPage convert(ChromiumPage browser, String link) throws IOException {
    RecordingsPage page = RecordingsPage.open(browser, link);
    assertThat(page.firstRow()).contains(ROOM, "red", "green", "blue");
    page.screenshot(PICTURES.resolve("recordings.png"));
    page.openFirst();
    page.convert();
    page.screenshot(PICTURES.resolve("progress.png"));
    page.awaitFiles();
    return page;
  }

  /** The clapper's own two files, each of which begins at its own zero. @return flashes in the composed file's time */
  private static List<Double> checkTrackPair(MeetingFiles files) throws IOException {
    Track picture = files.picture(CLAPPER);
    Track sound = files.sound(CLAPPER);
    double videoStart = files.composedSeconds(picture.startMillis());
    double audioStart = files.composedSeconds(sound.startMillis());
    List<Double> flashes = Clapper.flashes(picture.file(), MeetingPlan.plainArea(0, 1)).stream()
        .map(flash -> flash + videoStart).toList();
    List<Double> claps = Clapper.claps(FfmpegTools.samples(sound.file())).stream()
        .map(clap -> clap + audioStart).toList();
    assertTogether("track files of " + CLAPPER, Clapper.pictureAfterSoundMillis(flashes, claps));
    return flashes;
  }

  private static void checkTiles(Path composed, MeetingPlan plan, List<Double> flashes) throws IOException {
    Span before = plan.whenOnly(FIRST_TWO);
    double after = (plan.stay(Performer.BLUE).to() + plan.stay(Performer.RED).to()) / 2;
    double alone = plan.whenOnly(List.of(Performer.GREEN)).middle();
    assertColours(composed, MeetingPlan.calm(before.middle(), flashes), FIRST_TWO);
    assertColours(composed, MeetingPlan.calm(plan.whenOnly(EVERYBODY).middle(), flashes), EVERYBODY);
    assertColours(composed, MeetingPlan.calm(after, flashes), FIRST_TWO);
    assertColours(composed, MeetingPlan.calm(alone, flashes), List.of(Performer.GREEN));
  }

  private static void assertColours(Path composed, double seconds, List<Performer> people) throws IOException {
    for (int tile = 0; tile < people.size(); tile++) {
      Performer performer = people.get(tile);
      List<Integer> colour = FfmpegTools.colour(composed, seconds, MeetingPlan.plainArea(tile, people.size()));
      assertThat(performer.isSeenIn(colour))
          .as("%s in tile %d of %d at %.2f s, which is %s", performer, tile, people.size(), seconds, colour).isTrue();
    }
  }

  private static void checkTones(Path composed, MeetingPlan plan) throws IOException {
    float[] samples = FfmpegTools.samples(composed);
    for (Performer performer : EVERYBODY) {
      Span there = plan.stay(performer).inner();
      double during = Spectrum.amplitude(samples, there.from(), there.to(), performer.toneHertz());
      System.out.printf("tone of %s: %.4f%n", performer, during);
      assertThat(during).as("tone of %s", performer).isGreaterThan(AUDIBLE);
    }
    Span before = plan.whenOnly(FIRST_TWO);
    assertThat(Spectrum.amplitude(samples, before.from(), before.to(), Performer.BLUE.toneHertz()))
        .as("tone of blue before it came").isLessThan(AUDIBLE / 4);
  }

  private static void checkComposedTogether(Path composed, MeetingPlan plan) throws IOException {
    Span three = plan.whenOnly(EVERYBODY);
    Area tile = MeetingPlan.plainArea(EVERYBODY.indexOf(CLAPPER), EVERYBODY.size());
    List<Double> flashes = Clapper.flashes(composed, tile).stream().filter(three::contains).toList();
    List<Double> claps = Clapper.claps(FfmpegTools.samples(composed));
    assertTogether("composed file", Clapper.pictureAfterSoundMillis(flashes, claps));
  }

  private static void assertTogether(String what, List<Double> pictureAfterSoundMillis) {
    System.out.printf("%s: picture after sound by %s ms%n", what, pictureAfterSoundMillis);
    assertThat(pictureAfterSoundMillis).as(what).hasSizeGreaterThanOrEqualTo(MIN_CLAPS - 1);
    assertThat(pictureAfterSoundMillis.get(pictureAfterSoundMillis.size() / 2)).as(what + ", median of claps")
        .isBetween(-MAX_APART_MILLIS, MAX_APART_MILLIS);
  }

  private static void checkLength(Path composed, JsonNode manifest) throws IOException {
    List<JsonNode> sessions = StreamSupport.stream(manifest.get("sessions").spliterator(), false).toList();
    Instant joined = sessions.stream().map(each -> Instant.parse(each.get("startedAt").asText()))
        .min(Instant::compareTo).orElseThrow();
    Instant left = sessions.stream().map(each -> Instant.parse(each.get("endedAt").asText()))
        .max(Instant::compareTo).orElseThrow();
    System.out.printf("meeting %s, composed file %.3f s%n", Duration.between(joined, left), seconds(composed));
    assertThat(seconds(composed)).isCloseTo(Duration.between(joined, left).toMillis() / 1000.0, within(1.0));
  }

  private static void checkEveryFile(MeetingFiles files) throws IOException {
    assertThat(files.tracks()).hasSize(2 * EVERYBODY.size());
    for (Track track : files.tracks()) {
      JsonNode probed = TrackProbe.check(track);
      double length = probed.get("format").get("duration").asDouble();
      assertThat(length).as(track.file().toString())
          .isCloseTo((track.endMillis() - track.startMillis()) / 1000.0, within(0.1));
    }
  }

  private static void checkPlayer(RecordingsPage page, MeetingPlan plan, List<Double> flashes, double length) {
    double playable = page.playerSeconds();
    assertThat(playable).isFinite().isCloseTo(length, within(0.1));
    for (double wanted : List.of(playable / 2, playable - 1)) {
      double seconds = MeetingPlan.calm(wanted, flashes);
      List<Performer> people = plan.peopleAt(seconds);
      List<Point> points = IntStream.range(0, people.size())
          .mapToObj(tile -> MeetingPlan.plainArea(tile, people.size()))
          .map(area -> new Point(area.left() + area.width() / 2, area.top() + area.height() / 2))
          .toList();
      List<List<Integer>> colours = page.seek(seconds, points);
      for (int tile = 0; tile < people.size(); tile++) {
        assertThat(people.get(tile).isSeenIn(colours.get(tile)))
            .as("%s in the player at %.2f s, which is %s", people.get(tile), seconds, colours.get(tile)).isTrue();
      }
    }
  }

  private static double seconds(Path file) throws IOException {
    return FfmpegTools.probe(file).get("format").get("duration").asDouble();
  }

  private static ChromiumPage browser(Performer performer) {
    ChromiumPage page = new ChromiumPage(performer, PICTURES.resolve(performer.peer()));
    Screenshots.setSize(page);
    return page;
  }
}
