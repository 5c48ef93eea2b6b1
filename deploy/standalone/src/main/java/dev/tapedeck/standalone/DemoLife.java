package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.id.KeySegment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synthetic participants for people to look at: they meet, talk, leave, and meet again. The first meetings are taped and
 * made into files; later ones are not, so that a forgotten demo does not fill the disk.
 */
final class DemoLife implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DemoLife.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);
  /** Half the usual size: several of them shall leave room for a real participant. */
  private static final List<String> SMALL = List.of("--width", "320", "--height", "180", "--fps", "15");

  private final Standalone server;
  private final Path clipFolder;
  private final String room;
  private final int participants;
  private final Rhythm rhythm;
  private final Thread thread;
  private final Set<Long> converted = new HashSet<>();

  /**
   * How they live.
   *
   * @param talkSeconds   how long a meeting is
   * @param pause         between two meetings
   * @param tapedMeetings how many of them, from the first on
   */
  record Rhythm(int talkSeconds, Duration pause, int tapedMeetings) {
    static final Rhythm USUAL = new Rhythm(45, Duration.ofSeconds(20), 5);
  }

  private DemoLife(Standalone server, Path clipFolder, String room, int participants, Rhythm rhythm) {
    this.server = server;
    this.clipFolder = clipFolder;
    this.room = room;
    this.participants = participants;
    this.rhythm = rhythm;
    this.thread = Thread.ofVirtual().name("demo-life").start(this::run);
  }

  /** @param clipFolder for their clips, which are made anew */
  static DemoLife start(Standalone server, Path clipFolder, String room, int participants, Rhythm rhythm) {
    return new DemoLife(server, clipFolder, room, participants, rhythm);
  }

  /** The participants leave; what of them is being taped is closed by the server's stop. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (ApiClient api = new ApiClient(server.loopback(), server.defaultAppSecret())) {
      List<DemoClips.Clip> clips =
          DemoClips.make(new ComposerTool(ProgramHome.find()), clipFolder, participants, rhythm.talkSeconds(), SMALL);
      for (int meeting = 0; !Thread.currentThread().isInterrupted(); meeting++) {
        meet(api, clips, meeting < rhythm.tapedMeetings());
      }
    } catch (InterruptedException e) {
      // close() asked for it
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        log.atWarn().addKeyValue("error", Problems.say(e)).log("there will be no synthetic participants");
      }
    }
  }

  private void meet(ApiClient api, List<DemoClips.Clip> clips, boolean record) throws InterruptedException {
    try (DemoCall call = new DemoCall(server.loopback(), api, clipFolder, clips, room, record,
        Duration.ofSeconds(rhythm.talkSeconds()))) {
      call.join();
      call.play();
      call.leave();
      Thread.sleep(rhythm.pause());
      convertWhatIsFinal(api);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      log.atWarn().addKeyValue("error", Problems.say(e)).log("a meeting of synthetic participants failed");
      Thread.sleep(PAUSE_AFTER_FAILURE);
    }
  }

  private void convertWhatIsFinal(ApiClient api) throws IOException {
    for (ListedRecording recording : ListedRecording.ofServer(server.loopback(), server.defaultAppSecret())) {
      if (recording.room().equals(room) && "complete".equals(recording.verdict()) && converted.add(recording.id())
          && hasNoFiles(api, recording.id())) {
        api.convert(KeySegment.escape(recording.app()) + "/" + KeySegment.escape(recording.room()) + "/"
            + recording.id());
      }
    }
  }

  private static boolean hasNoFiles(ApiClient api, long recording) throws IOException {
    JsonNode files = api.get("/api/recordings/" + recording).path("files");
    return files.isEmpty();
  }
}
