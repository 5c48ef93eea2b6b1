package dev.tapedeck.media.core.sctp;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Two associations and the network between them, in simulated time; the same for the same seed. */
final class SctpWorld {
  static final long MILLISECOND = 1_000_000;
  static final long SECOND = 1_000_000_000;

  /** What the network does to packets. */
  record Weather(double loss, double duplication, long delayNanos, long jitterNanos) {
    static final Weather FAIR = new Weather(0, 0, 20 * MILLISECOND, 0);

    /** Jitter far above the distance of packets, so they arrive in any order. */
    static final Weather STORM = new Weather(0.2, 0.05, 20 * MILLISECOND, 20 * MILLISECOND);
  }

  private record Flight(long arrivalNanos, long order, SctpPeer to, byte[] packet) implements Comparable<Flight> {
    @Override
    public int compareTo(Flight other) {
      int byTime = Long.compare(arrivalNanos, other.arrivalNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  final SctpPeer server;
  final SctpPeer client;
  final SplittableRandom random;
  Weather weather;
  long nowNanos = 1_000 * SECOND;
  long longestPacket;
  Consumer<byte[]> tapToServer = _ -> {};
  private final PriorityQueue<Flight> flights = new PriorityQueue<>();
  private long order;

  SctpWorld(long seed, Weather weather, SctpConfig serverConfig, SctpConfig clientConfig) {
    random = new SplittableRandom(seed);
    this.weather = weather;
    server = new SctpPeer(serverConfig, random.nextLong());
    client = new SctpPeer(clientConfig, random.nextLong());
  }

  SctpWorld(long seed, Weather weather) {
    this(seed, weather, config(false, true, SctpLimits.defaults()), config(true, true, SctpLimits.defaults()));
  }

  static SctpConfig config(boolean isDtlsClient, boolean offersInterleaving, SctpLimits limits) {
    return new SctpConfig(5000, 5000, isDtlsClient, offersInterleaving, 0, limits, SctpTimes.defaults());
  }

  /** Both sides up. */
  static SctpWorld up(long seed, Weather weather) {
    return new SctpWorld(seed, weather).connect();
  }

  SctpWorld connect() {
    server.association.connect(nowNanos, server);
    runUntil(() -> server.association.isUp() && client.association.isUp(), 120 * SECOND);
    return this;
  }

  /** Lets things happen until the condition holds; fails when it does not within the time. */
  void runUntil(BooleanSupplier condition, long timeNanos) {
    long end = nowNanos + timeNanos;
    carry();
    while (!condition.getAsBoolean()) {
      if (!step(end)) {
        throw new AssertionError("not within " + timeNanos / SECOND + " s; server told " + tail(server)
            + ", client told " + tail(client));
      }
    }
  }

  private static String tail(SctpPeer peer) {
    return peer.events.subList(Math.max(0, peer.events.size() - 3), peer.events.size()).toString();
  }

  void run(long timeNanos) {
    long end = nowNanos + timeNanos;
    carry();
    while (step(end)) {
      continue;
    }
    nowNanos = end;
  }

  /** The next arrival or time-out; false if there is none until then. */
  private boolean step(long end) {
    long arrival = flights.isEmpty() ? Long.MAX_VALUE : flights.peek().arrivalNanos();
    long next = Math.min(arrival,
        Math.min(server.association.nextTimeoutNanos(), client.association.nextTimeoutNanos()));
    if (next > end) {
      return false;
    }
    nowNanos = Math.max(nowNanos, next);
    if (arrival <= nowNanos) {
      Flight flight = flights.remove();
      flight.to().receive(nowNanos, flight.packet());
    }
    for (SctpPeer peer : new SctpPeer[] {server, client}) {
      if (peer.association.nextTimeoutNanos() <= nowNanos) {
        peer.association.handleTimeout(nowNanos, peer);
      }
    }
    carry();
    return true;
  }

  /** Takes what both put out and lets the network have it. */
  void carry() {
    carry(server, client);
    carry(client, server);
  }

  private void carry(SctpPeer from, SctpPeer to) {
    byte[] packet;
    while ((packet = from.packets.poll()) != null) {
      longestPacket = Math.max(longestPacket, packet.length);
      if (to == server) {
        tapToServer.accept(packet);
      }
      if (random.nextDouble() >= weather.loss()) {
        fly(to, packet);
      }
      if (random.nextDouble() < weather.duplication()) {
        fly(to, packet);
      }
    }
  }

  private void fly(SctpPeer to, byte[] packet) {
    long jitter = weather.jitterNanos() == 0 ? 0 : random.nextLong(weather.jitterNanos());
    flights.add(new Flight(nowNanos + weather.delayNanos() + jitter, order++, to, packet));
  }
}
