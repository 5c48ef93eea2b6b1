package dev.tapedeck.standalone;

import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.protocol.config.Problems;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A call of synthetic participants: all join, all watch all others, all play at once, all leave. */
final class DemoCall implements AutoCloseable {
  private final ClientLoop loop = new ClientLoop("participants");
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<DemoParticipant> participants = new ArrayList<>();

  /** Something every participant does. */
  private interface Step {
    void of(DemoParticipant participant) throws IOException;
  }

  /** Gets the tokens; nobody has joined when this returns. */
  DemoCall(URI origin, ApiClient api, Path clipFolder, List<DemoClips.Clip> clips, String room, boolean record,
      Duration length) throws IOException {
    DemoParticipant.Setting setting =
        new DemoParticipant.Setting(loop, http, origin, api, clipFolder, room, record);
    try {
      for (DemoClips.Clip clip : clips) {
        List<String> others = clips.stream().filter(other -> other != clip).map(DemoClips.Clip::peer).toList();
        participants.add(new DemoParticipant(setting, clip, length, others));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** When this returns everybody publishes nothing yet, but shows everybody else. */
  void join() throws IOException {
    all(DemoParticipant::join);
    all(DemoParticipant::watch);
  }

  /** Plays all clips to their end. */
  void play() throws IOException {
    participants.forEach(DemoParticipant::play);
    all(DemoParticipant::awaitEnd);
  }

  void leave() throws IOException {
    all(DemoParticipant::stopPublishing);
    all(DemoParticipant::stopWatching);
  }

  List<DemoTally> tallies() {
    return participants.stream().map(DemoParticipant::tally).toList();
  }

  @Override
  public void close() {
    participants.forEach(DemoParticipant::close);
    threads.shutdownNow();
    http.shutdownNow();
    loop.close();
  }

  /** Lets everybody do it at the same time. @throws IOException the first failure */
  private void all(Step step) throws IOException {
    List<Future<Void>> running = new ArrayList<>();
    for (DemoParticipant participant : participants) {
      running.add(threads.submit(() -> {
        step.of(participant);
        return null;
      }));
    }
    for (Future<Void> one : running) {
      try {
        one.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the call was interrupted", e);
      } catch (ExecutionException e) {
        throw new IOException("a participant failed: " + Problems.say(e.getCause()), e.getCause());
      }
    }
  }
}
