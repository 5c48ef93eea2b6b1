package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.RtcClient;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.media.SourcePlayer;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.latency.ArrivalProbe;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.peers.PeerSystem.Leaving;
import dev.tapedeck.bench.peers.PeerSystem.Publication;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The clients of one round on one system: they join, play, are counted, and leave. */
public final class PeerLoad implements AutoCloseable {
  /** A prime, so that the sample meets every place in a frame. */
  private static final int DECRYPT_ONE_IN = 61;
  private static final Duration MEDIA_DEADLINE = Duration.ofSeconds(60);
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  /** Speakers start one after the other within a packet's time, as people's clocks are spread. */
  private static final long SPREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final PeerSystem system;
  private final LoadShape shape;
  private final List<SrtpProtection> protections;
  private final ClientLoop publisherLoop = new ClientLoop("bench-publishers");
  private final ClientLoop subscriberLoop = new ClientLoop("bench-subscribers");
  private final List<List<Published>> rooms = new ArrayList<>();
  private final List<Subscribed> subscribed = new ArrayList<>();
  private final List<SourcePlayer> players = new ArrayList<>();
  /** Of the first, the middle and the last subscriber, who decrypt every packet. */
  private final List<ArrivalProbe> probes = new ArrayList<>();
  private RelayPath relay;

  private record Published(PeerClient client, Publication publication) {}

  private record Subscribed(PeerClient client, Leaving leaving) {}

  public PeerLoad(PeerSystem system, LoadShape shape, SrtpProtection protection) {
    this.system = system;
    this.shape = shape;
    this.protections = List.of(protection);
  }

  /** Joins everybody, a few at a time; nobody sends media yet.
   *  @param instance makes the names of its rooms differ from those of other rounds */
  public void join(int instance) throws IOException {
    for (int room = 0; room < shape.rooms(); room++) {
      String name = "bench-" + instance + "-" + room;
      rooms.add(Together.each(shape.publishers(), number -> publish(name, number)));
    }
    for (List<Published> room : rooms) {
      List<List<Publication>> wanted = wantedIn(room);
      Set<Integer> sample = room == rooms.getFirst() ? sampleOf(wanted.size()) : Set.of();
      subscribed.addAll(Together.each(
          wanted.size(), number -> subscribe(wanted.get(number), number, sample.contains(number))));
    }
  }

  private Published publish(String room, int number) throws IOException {
    OfferedMedia media = shape.sent();
    PeerClient client = new PeerClient(publisherLoop, settings("publisher" + number, number, false), List.of(media));
    Publication publication = system.publish(room, shape.kind(), client);
    client.connect();
    return new Published(client, publication);
  }

  /** One list for each connection; a subscriber has several where the system wants that. */
  private List<List<Publication>> wantedIn(List<Published> room) {
    List<List<Publication>> wanted = new ArrayList<>();
    for (int subscriber = 0; subscriber < shape.subscribers(); subscriber++) {
      List<Publication> heard =
          shape.heardBy(subscriber).stream().map(number -> room.get(number).publication()).toList();
      for (int from = 0; from < heard.size(); from += Math.min(system.streamsPerConnection(), heard.size())) {
        int to = (int) Math.min(heard.size(), (long) from + system.streamsPerConnection());
        wanted.add(heard.subList(from, to));
      }
    }
    return wanted;
  }

  private static Set<Integer> sampleOf(int connections) {
    return new TreeSet<>(List.of(0, connections / 2, connections - 1));
  }

  private Subscribed subscribe(List<Publication> publications, int number, boolean isProbed) throws IOException {
    PeerClient client = new PeerClient(
        subscriberLoop, settings("subscriber" + number, 1000 + number, isProbed), shape.received(publications.size()));
    if (isProbed) {
      ArrivalProbe probe = new ArrivalProbe();
      client.rtc().onMedia(probe);
      synchronized (probes) {
        probes.add(probe);
      }
    }
    Leaving leaving = system.subscribe(publications, client);
    client.connect();
    return new Subscribed(client, leaving);
  }

  private RtcSettings settings(String cname, long seed, boolean isProbed) {
    return RtcSettings.usual(cname, seed).withProtections(protections)
        .withLocalAddresses(List.of(MediaAddress.get()))
        .withRtp(new RtpSessionSettings(cname, false, true, isProbed ? 1 : DECRYPT_ONE_IN))
        .withoutSentLog();
  }

  /** Connections that have joined, both ways. */
  public int sessions() {
    return rooms.stream().mapToInt(List::size).sum() + subscribed.size();
  }

  /** Lets everybody send, and a relay beside them, and waits until every subscriber has received something. */
  public void play() throws IOException {
    long startNanos = publisherLoop.nowNanos() + START_DELAY_NANOS;
    List<Published> all = rooms.stream().flatMap(List::stream).toList();
    for (int i = 0; i < all.size(); i++) {
      RtcClient client = all.get(i).client().rtc();
      players.add(new SourcePlayer(publisherLoop, shape.source(), client.sender("0", ""), client.sentLog(),
          startNanos + SPREAD_NANOS * i / all.size()));
    }
    publisherLoop.execute(() -> players.forEach(SourcePlayer::start));
    relay = new RelayPath(publisherLoop, subscriberLoop, shape.burst());
    relay.start(startNanos + shape.burst().intervalNanos() / 2);
    for (Subscribed subscriber : subscribed) {
      Await.until("media at every subscriber of " + system.name(), MEDIA_DEADLINE,
          () -> subscriber.client().rtc().stats().packetsReceived(), received -> received > 0);
    }
  }

  /** Counters of the subscribers, all taken within some milliseconds. */
  ReceivedCount received() throws IOException {
    return ReceivedCount.of(subscribed.stream().map(subscriber -> subscriber.client().rtc()).toList());
  }

  /** What was seen of the ways through the system and through the relay since the last call. */
  PathDelays takeDelays() {
    return new PathDelays(probes.stream().map(ArrivalProbe::takeDelays).toList(), relay.takeDelays());
  }

  /** Packets that the probes found changed on their way. */
  long brokenPackets() {
    return probes.stream().mapToLong(ArrivalProbe::brokenPackets).sum();
  }

  /** Everybody stops and leaves, with a word to the server. */
  @Override
  public void close() throws IOException {
    if (relay != null) {
      relay.close();
    }
    players.forEach(SourcePlayer::stop);
    List<Runnable> goodbyes = new ArrayList<>();
    subscribed.forEach(one -> goodbyes.add(() -> leave(one.client(), one.leaving())));
    rooms.forEach(room -> room.forEach(one -> goodbyes.add(() -> leave(one.client(), one.publication().leaving()))));
    goodbyes.forEach(Runnable::run);
    publisherLoop.close();
    subscriberLoop.close();
  }

  private static void leave(PeerClient client, Leaving leaving) {
    try (client) {
      leaving.leave();
    } catch (IOException e) {
      // A server that has already ended the session has nothing left to be told.
    }
  }
}
