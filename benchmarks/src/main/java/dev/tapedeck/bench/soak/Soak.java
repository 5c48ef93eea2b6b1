package dev.tapedeck.bench.soak;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Metrics;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One recording after another in one server: join, some packets, leave, stored. */
final class Soak implements AutoCloseable {
  /** Samples spread over the cycles, besides the one after warming up. */
  static final int SAMPLES = 5;

  private static final String TAPED = "tapedeck_rtp_packets_taped";
  private static final String VERIFIED = "tapedeck_spool_chunks_verified";
  private static final Duration SETTLED_DEADLINE = Duration.ofSeconds(60);
  private static final Duration CLIP_DEADLINE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  /** Buffers and helper threads of HTTP clients and gRPC end by themselves, after half a minute at the latest. */
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final int PACKETS_PER_FRAME = 4;
  private static final int PAYLOAD_BYTES = 1000;
  private static final int PACKETS_PER_SECOND = 400;
  private static final long CLIP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ServerProcess server;
  private final LoadTarget target;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop loop = new ClientLoop("soak");
  private int cycle;

  Soak(ServerProcess server) {
    this.server = server;
    target = server.target();
  }

  /**
   * Runs so many cycles; the first fifth warms up and is over when the first sample is taken.
   *
   * @param progress hears of each sample
   */
  List<SoakSample> run(int cycles, Consumer<SoakSample> progress) throws IOException {
    List<SoakSample> samples = new ArrayList<>();
    for (int i = 0; i <= SAMPLES; i++) {
      int until = cycles * (i + 1) / (SAMPLES + 1);
      while (cycle < until) {
        record();
      }
      samples.add(sample());
      progress.accept(samples.getLast());
    }
    return samples;
  }

  private void record() throws IOException {
    Metrics before = server.metrics();
    OfferedMedia media = OfferedMedia.sending("0", MediaKind.VIDEO, Codec.vp8(96, 97), 1001, 1002);
    BurstSource clip = new BurstSource(PACKETS_PER_FRAME, PAYLOAD_BYTES, PACKETS_PER_SECOND, CLIP_NANOS);
    RtcSettings settings =
        RtcSettings.usual("soak", cycle).withLocalAddresses(List.of(InetAddress.getLoopbackAddress()));
    try (SyntheticPublisher publisher = new SyntheticPublisher(loop, http, target.address(),
        target.tokens().whip("soak-" + cycle, "peer", true), settings, List.of(PublishedTrack.of(media, clip)))) {
      publisher.join();
      publisher.play();
      publisher.awaitEnd(CLIP_DEADLINE);
      // A server that is still cold may hear the leave before it has looked into its socket.
      await("taped", now -> now.get(TAPED) > before.get(TAPED));
      publisher.leave(Duration.ZERO);
    }
    await("stored", now -> isSettled(now, before.get(VERIFIED) + 1));
    cycle++;
  }

  private void await(String what, Predicate<Metrics> condition) throws IOException {
    long deadlineNanos = System.nanoTime() + SETTLED_DEADLINE.toNanos();
    while (!condition.test(server.metrics())) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IOException("recording " + cycle + " was not " + what + " within " + SETTLED_DEADLINE);
      }
      Pause.of(POLL);
    }
  }

  /** The recording is stored and its session gone. */
  private static boolean isSettled(Metrics metrics, long verifiedChunks) {
    return metrics.get(VERIFIED) >= verifiedChunks
        && metrics.get("tapedeck_spool_unsent_bytes") == 0
        && metrics.get("tapedeck_sessions") == 0;
  }

  private SoakSample sample() throws IOException {
    Pause.of(IDLE);
    return new SoakSample(cycle, JvmFacts.of(target.pid()));
  }

  @Override
  public void close() {
    loop.close();
    http.close();
  }
}
