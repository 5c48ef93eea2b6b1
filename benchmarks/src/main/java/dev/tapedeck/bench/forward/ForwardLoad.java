package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ProcessCpu;
import dev.tapedeck.bench.process.SocketDrops;
import dev.tapedeck.bench.process.ThreadCpu;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The clients of a measurement: one publisher, and subscribers that count packets on one shared thread and decrypt only
 * a sample, so that two cores hold fifty of them beside the server.
 */
final class ForwardLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 8;
  private static final int PACKET_BYTES = 1200;
  /** 12 of RTP, and 16 of extensions: mid, transport-cc, abs-send-time in one-byte form. */
  private static final int HEADER_BYTES = 28;
  private static final int DECRYPT_ONE_IN = 64;
  private static final String ROOM = "bench";
  private static final String PUBLISHER = "publisher";
  private static final String MID = "0";

  private final LoadTarget target;
  private final List<SrtpProtection> protections;
  private final int packetsPerSecond;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop publisherLoop = new ClientLoop("bench-publisher");
  private final ClientLoop subscriberLoop = new ClientLoop("bench-subscribers");
  private SyntheticPublisher publisher;

  ForwardLoad(LoadTarget target, List<SrtpProtection> protections, int packetsPerSecond) {
    this.target = target;
    this.protections = protections;
    this.packetsPerSecond = packetsPerSecond;
  }

  /** Joins the publisher and lets it send until {@link #close}. */
  void publish() throws IOException {
    OfferedMedia media = OfferedMedia.sending(MID, MediaKind.VIDEO, Codec.vp8(96, 97), 1001, 1002);
    BurstSource source = new BurstSource(
        PACKETS_PER_FRAME, PACKET_BYTES - HEADER_BYTES, packetsPerSecond, Long.MAX_VALUE);
    RtcSettings settings = RtcSettings.usual(PUBLISHER, 1).withProtections(protections);
    String token = target.tokens().whip(ROOM, PUBLISHER, false);
    publisher = new SyntheticPublisher(
        publisherLoop, http, target.address(), token, settings, List.of(PublishedTrack.of(media, source)));
    publisher.join();
    publisher.play();
  }

  ForwardRun measure(int subscribers, Duration warmUp, Duration window) throws IOException {
    List<SyntheticWatcher> watchers = Together.each(subscribers, this::joinOne);
    try {
      for (SyntheticWatcher watcher : watchers) {
        Await.until("media at every subscriber", () -> watcher.stats().packetsReceived(), received -> received > 0);
      }
      Pause.of(warmUp);
      Set<Integer> ports = watchers.stream()
          .map(watcher -> watcher.client().path().port().localAddress().getPort())
          .collect(Collectors.toSet());
      Snapshot before = Snapshot.take(target.pid(), watchers, ports);
      Pause.of(window);
      Snapshot after = Snapshot.take(target.pid(), watchers, ports);
      return after.since(before, subscribers);
    } finally {
      for (SyntheticWatcher watcher : watchers) {
        watcher.leave();
      }
    }
  }

  private SyntheticWatcher joinOne(int number) throws IOException {
    RtpSessionSettings counting = new RtpSessionSettings("subscriber" + number, false, true, DECRYPT_ONE_IN);
    RtcSettings settings =
        RtcSettings.usual("subscriber" + number, 100 + number).withProtections(protections).withRtp(counting);
    List<OfferedMedia> media =
        List.of(OfferedMedia.receiving(MID, MediaKind.VIDEO, List.of(Codec.vp8(96, 97))));
    SyntheticWatcher watcher = new SyntheticWatcher(subscriberLoop, http, target.address(),
        target.tokens().whep(ROOM, "subscriber" + number), settings, media, mid -> FrameSink.NONE);
    watcher.join(Optional.of(PUBLISHER));
    return watcher;
  }

  @Override
  public void close() {
    if (publisher != null) {
      publisher.close();
    }
    publisherLoop.close();
    subscriberLoop.close();
    http.close();
  }

  /** Counters at one moment, taken as close together as can be. */
  private record Snapshot(
      long atNanos, long cpuMicros, ThreadCpu threads, long received, long lost, long drops) {
    static Snapshot take(long serverPid, List<SyntheticWatcher> watchers, Set<Integer> ports)
        throws IOException {
      long cpuMicros = ProcessCpu.micros(serverPid);
      ThreadCpu threads = ThreadCpu.of(serverPid);
      long atNanos = System.nanoTime();
      long received = 0;
      long lost = 0;
      for (SyntheticWatcher watcher : watchers) {
        SessionStats stats = watcher.stats();
        received += stats.packetsReceived();
        lost += stats.lostPackets();
      }
      return new Snapshot(atNanos, cpuMicros, threads, received, lost, SocketDrops.total(ports));
    }

    ForwardRun since(Snapshot before, int subscribers) {
      return new ForwardRun(subscribers, (atNanos - before.atNanos) / 1e9, cpuMicros - before.cpuMicros,
          received - before.received, lost - before.lost, drops - before.drops, threads.since(before.threads));
    }
  }
}
