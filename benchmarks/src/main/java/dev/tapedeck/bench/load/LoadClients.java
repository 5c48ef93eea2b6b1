package dev.tapedeck.bench.load;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.latency.ArrivalProbe;
import dev.tapedeck.bench.latency.Delays;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Metrics;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.SystemCalls;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The clients of one measurement. Three threads carry all of them: one sends, punctually; one counts what most subscribers
 * receive; and one serves the sample that decrypts and times every packet, so that its figures do not wait behind the
 * counting.
 *
 * <p>Its methods block and belong to one thread, but for joins and leaves, which may come from several.
 */
public final class LoadClients implements AutoCloseable {
  static final String COUNTING_LOOP = "bench-counting";

  /** Of the packets that are only counted; a wrong key or a wrong packet would show. */
  private static final int DECRYPT_ONE_IN = 64;
  private static final Duration FIRST_MEDIA_POLL = Duration.ofMillis(1);
  private static final Duration LONGEST_CALL_COUNT = Duration.ofSeconds(2);
  private static final Duration METRICS_TIMEOUT = Duration.ofSeconds(60);
  /** The server's forwarding threads. */
  private static final String WORKERS = "worker";

  private final LoadTarget target;
  private final List<SrtpProtection> protections;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop sendingLoop = ClientLoop.punctual("bench-sending");
  private final ClientLoop countingLoop = new ClientLoop(COUNTING_LOOP);
  private final ClientLoop sampleLoop = new ClientLoop("bench-sample");
  private final List<Sent.Publishing> publishers = new CopyOnWriteArrayList<>();
  private final Map<String, Watching> sample = new LinkedHashMap<>();
  private final List<Watching> counting = new CopyOnWriteArrayList<>();
  private RelayPath relay;
  private double plannedPacketsPerSecond;

  /** @param protections what clients offer, a list of one to force it */
  public LoadClients(LoadTarget target, List<SrtpProtection> protections) {
    this.target = target;
    this.protections = List.copyOf(protections);
  }

  public LoadTarget target() {
    return target;
  }

  /** The clock and timers of all publishers. */
  public ClientLoop sendingLoop() {
    return sendingLoop;
  }

  /** Joins a publisher, who does not send yet. */
  public SyntheticPublisher publish(String room, String peer, List<PublishedTrack> tracks, boolean isRecorded)
      throws IOException {
    SyntheticPublisher publisher = new SyntheticPublisher(sendingLoop, http, target.address(),
        target.tokens().whip(room, peer, isRecorded), settings(peer).withoutSentLog(), tracks);
    publisher.join();
    publishers.add(new Sent.Publishing(publisher, tracks));
    return publisher;
  }

  /** Says how many packets a second all publishers together are to send from now on. */
  public void plan(double packetsPerSecond) {
    plannedPacketsPerSecond = packetsPerSecond;
  }

  /** Sends the same bursts over a plain relay, until {@link #close}; its delays are in every run from now on.
   *  @param firstNanos of its first burst, by the clock of {@link #sendingLoop} */
  public void startRelay(RelayPath.Burst burst, long firstNanos) throws IOException {
    relay = new RelayPath(sendingLoop, sampleLoop, burst);
    relay.start(firstNanos);
  }

  /**
   * Joins a subscriber who counts packets by their headers.
   *
   * @param shown the peer whom its first slots show
   */
  public Watching count(String room, String peer, List<OfferedMedia> media, Optional<String> shown)
      throws IOException {
    Watching watching = new Watching(join(room, peer, media, shown, countingLoop,
        new RtpSessionSettings(peer, false, true, DECRYPT_ONE_IN), Optional.empty()), Optional.empty(), Duration.ZERO);
    counting.add(watching);
    return watching;
  }

  /** The same for one of the sample, who decrypts and checks each packet. @param name in the figures */
  public Watching check(String name, String room, String peer, List<OfferedMedia> media, Optional<String> shown)
      throws IOException {
    Optional<ArrivalProbe> probe = Optional.of(new ArrivalProbe());
    Watching watching = new Watching(join(room, peer, media, shown, sampleLoop,
        new RtpSessionSettings(peer, false, true, 1), probe), probe, Duration.ZERO);
    sample.put(name, watching);
    return watching;
  }

  private SyntheticWatcher join(String room, String peer, List<OfferedMedia> media, Optional<String> shown,
      ClientLoop loop, RtpSessionSettings behaviour, Optional<ArrivalProbe> probe) throws IOException {
    SyntheticWatcher watcher = new SyntheticWatcher(loop, http, target.address(), target.tokens().whep(room, peer),
        settings(peer).withRtp(behaviour), media, mid -> FrameSink.NONE);
    probe.ifPresent(watcher.client()::onMedia);
    watcher.join(shown);
    return watcher;
  }

  private RtcSettings settings(String cname) {
    return RtcSettings.usual(cname, cname.hashCode()).withProtections(protections)
        .withLocalAddresses(List.of(InetAddress.getLoopbackAddress()));
  }

  /** What one subscriber of many does. */
  @FunctionalInterface
  public interface Joining {
    /** @param number 0 to the count less one */
    Watching of(LoadClients clients, int number) throws IOException;
  }

  /**
   * Joins many, of whom the first, the middle one and the last are the sample; these three join alone, so that a server that
   * serves in the order of joining has them in these places.
   *
   * @param counts joins one who counts
   * @param checks joins one of the sample, under the name of its place
   */
  public void joinWithSample(int count, Joining counts, Checking checks) throws IOException {
    int middle = count / 2;
    checks.of(this, "first", 0);
    Together.each(Math.max(0, middle - 1), i -> counts.of(this, 1 + i));
    if (middle > 0 && middle < count - 1) {
      checks.of(this, "middle", middle);
    }
    Together.each(Math.max(0, count - middle - 2), i -> counts.of(this, middle + 1 + i));
    if (count > 1) {
      checks.of(this, "last", count - 1);
    }
  }

  /** What one of the sample does. */
  @FunctionalInterface
  public interface Checking {
    Watching of(LoadClients clients, String name, int number) throws IOException;
  }

  /** Waits until each subscriber has received something.
   *  @throws IOException if one has not in time */
  public void awaitMedia() throws IOException {
    long startNanos = System.nanoTime();
    for (Watching watching : watchings()) {
      awaitFirstPacket(watching, startNanos);
    }
  }

  /** Waits until one subscriber has received something, and looks often.
   *  @return time from {@code startNanos} until then */
  public Duration awaitFirstPacket(Watching watching, long startNanos) throws IOException {
    while (watching.watcher().stats().packetsReceived() == 0) {
      if (System.nanoTime() - startNanos > Await.DEADLINE.toNanos()) {
        throw new IOException("a subscriber received nothing within " + Await.DEADLINE);
      }
      Pause.of(FIRST_MEDIA_POLL);
    }
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Lets subscribers leave; they are counted no more. */
  public void leave(List<Watching> leaving) throws IOException {
    counting.removeAll(leaving);
    sample.values().removeAll(leaving);
    Together.each(leaving.size(), i -> {
      leaving.get(i).watcher().leave();
      return true;
    });
  }

  /** Lets all subscribers leave. */
  public void leaveAll() throws IOException {
    leave(watchings());
  }

  /** Those who receive, the sample first. */
  public List<Watching> watchings() {
    return Stream.concat(sample.values().stream(), counting.stream()).toList();
  }

  /** Measures one window of time, and then the calls into the kernel in a short one. */
  public LoadRun measure(Duration window) throws IOException {
    LoadRun run = measure(() -> Pause.of(window));
    return run.withSystemCalls(systemCallsPerPacket(window));
  }

  /** What happens in a window. */
  @FunctionalInterface
  public interface Doing {
    void run() throws IOException;
  }

  /** Measures while something is done; calls into the kernel are not counted. */
  public LoadRun measure(Doing doing) throws IOException {
    takeLatency();
    LoadReading before = LoadReading.before(this);
    doing.run();
    LoadReading after = LoadReading.after(this);
    return run(before, after, takeLatency());
  }

  private LoadRun run(LoadReading before, LoadReading after, Latency latency) {
    double seconds = (after.atNanos() - before.atNanos()) / 1e9;
    Traffic traffic = after.traffic().minus(before.traffic());
    Sent sent = after.sent().minus(before.sent());
    Generator generator = new Generator(seconds, after.ownThreads().since(before.ownThreads()),
        traffic.packets() - traffic.checked() - traffic.broken(), sent.audio(), sent.video(), Math.round(plannedPacketsPerSecond * seconds),
        after.ownDrops() - before.ownDrops());
    return new LoadRun(seconds, watchings().size(), after.serverCpuMicros() - before.serverCpuMicros(),
        after.serverThreads().since(before.serverThreads()),
        after.serverThreads().waitedSince(before.serverThreads()).getOrDefault(WORKERS, 0L),
        after.serverThreads().switchesSince(before.serverThreads()), OptionalDouble.empty(),
        after.metrics().since(before.metrics()), after.serverDrops() - before.serverDrops(), traffic, generator,
        latency);
  }

  private Latency takeLatency() {
    Map<String, Delays> delays = new LinkedHashMap<>();
    sample.forEach((name, watching) -> delays.put(name, watching.probe().orElseThrow().takeDelays()));
    return new Latency(relay == null ? Delays.NONE : relay.takeDelays(), delays);
  }

  private OptionalDouble systemCallsPerPacket(Duration window) throws IOException {
    long packetsBefore = traffic().packets();
    OptionalLong calls = SystemCalls.during(
        target.pid(), window.compareTo(LONGEST_CALL_COUNT) < 0 ? window : LONGEST_CALL_COUNT);
    long packets = traffic().packets() - packetsBefore;
    return calls.isEmpty() || packets == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) calls.getAsLong() / packets);
  }

  /** What has reached the present subscribers so far. */
  public Traffic traffic() {
    return countingLoop.call(() -> Traffic.of(counting)).plus(sampleLoop.call(() -> Traffic.of(sample.values())));
  }

  Sent sent() {
    return sendingLoop.call(() -> Sent.of(publishers));
  }

  Metrics metrics() throws IOException {
    try {
      HttpResponse<String> page = http.send(HttpRequest.newBuilder(target.address().resolve("/metrics"))
          .timeout(METRICS_TIMEOUT).build(), BodyHandlers.ofString());
      return page.statusCode() == 200 ? Metrics.parse(page.body()) : new Metrics(Map.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the server for its counters", e);
    }
  }

  Set<Integer> ownPorts() {
    return watchings().stream().map(watching -> watching.watcher().client().path().port().localAddress().getPort())
        .collect(Collectors.toSet());
  }

  Set<Integer> serverPorts() {
    return watchings().stream().map(watching -> watching.watcher().client().path().remote().getPort())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() throws IOException {
    publishers.forEach(publishing -> publishing.publisher().close());
    watchings().forEach(watching -> watching.watcher().close());
    if (relay != null) {
      relay.close();
    }
    sendingLoop.close();
    countingLoop.close();
    sampleLoop.close();
    http.close();
  }
}
