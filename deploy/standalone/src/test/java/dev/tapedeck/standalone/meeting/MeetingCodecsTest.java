package dev.tapedeck.standalone.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.meeting.MeetingFiles.Track;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tracks of every other codec that browsers send, as one file each. */
class MeetingCodecsTest {
  private static final List<Performer> PAIR = List.of(Performer.RED, Performer.GREEN);
  private static final String ONE_LAYER = "&layers=0";

  /** Pictures on their way when the browser was asked, and those it still sent until it had left: two seconds. */
  private static final int EDGE_FRAMES = 60;

  @TempDir
  static Path folder;

  private static MeetingServer server;
  private static ChromiumPage red;
  private static ChromiumPage green;

  @BeforeAll
  static void start() {
    server = new MeetingServer(folder);
    red = new ChromiumPage(Performer.RED, Path.of("target", "meeting", "red"));
    green = new ChromiumPage(Performer.GREEN, Path.of("target", "meeting", "green"));
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : Stream.of(green, red, server).filter(Objects::nonNull).toList()) {
      each.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"H264,mkv", "VP9,webm", "AV1,webm"})
  void everyPictureSentIsInTheFile(String codec, String extension) throws Exception {
    String invite = server.invite(codec);
    String settings = ONE_LAYER + "&codec=" + codec;
    List<MeetingPage> pages = List.of(
        MeetingPage.join(Performer.RED, red, invite, settings),
        MeetingPage.join(Performer.GREEN, green, invite, settings));
    pages.forEach(page -> page.awaitTiles(PAIR));
    pages.getFirst().stay(6);
    List<Long> sent = pages.stream().map(MeetingPage::framesSent).toList();
    pages.forEach(MeetingPage::leave);
    JsonNode recording = server.awaitComplete(codec);
    server.transmux(recording);
    MeetingFiles files = server.download(recording.get("id").asLong(), folder);

    for (int i = 0; i < PAIR.size(); i++) {
      Track picture = files.picture(PAIR.get(i));
      JsonNode stream = TrackProbe.check(picture).get("streams").get(0);
      assertThat(picture.file().toString()).endsWith("." + extension);
      assertThat(stream.get("codec_name").asText()).isEqualTo(codec.toLowerCase(Locale.ROOT));
      System.out.println(codec + " of " + PAIR.get(i) + ": sent " + sent.get(i) + " before it left, in the file "
          + stream.get("nb_read_frames").asText());
      assertThat(stream.get("nb_read_frames").asLong()).isBetween(sent.get(i) - 1, sent.get(i) + EDGE_FRAMES);
      TrackProbe.check(files.sound(PAIR.get(i)));
    }
    pages.forEach(MeetingPage::assertNoConsoleErrors);
    assertThat(server.errors()).as("errors in the server's log").isEmpty();
  }
}
