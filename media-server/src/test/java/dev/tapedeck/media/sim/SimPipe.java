package dev.tapedeck.media.sim;

import java.util.function.Consumer;

/** One direction between a client and the server: delays, loses, reorders and doubles as its {@link SimLink} says. */
final class SimPipe {
  private static final long MAX_OVERTAKEN_NANOS = 30 * SimNetwork.MILLIS;

  private final SimNetwork network;
  private final String name;
  private SimLink link;
  private long lastArrivalNanos;

  SimPipe(SimNetwork network, String name, SimLink link) {
    this.network = network;
    this.name = name;
    this.link = link;
  }

  /** From now on datagrams fare like this. */
  void become(SimLink link) {
    this.link = link;
  }

  /** @param arrival gets the datagram when it arrives, if it does */
  void send(byte[] datagram, Consumer<byte[]> arrival) {
    if (network.random.nextDouble() < link.loss()) {
      return;
    }
    deliver(datagram, arrival);
    if (network.random.nextDouble() < link.duplication()) {
      deliver(datagram, arrival);
    }
  }

  private void deliver(byte[] datagram, Consumer<byte[]> arrival) {
    long jitter = link.jitterNanos() == 0 ? 0 : network.random.nextLong(link.jitterNanos());
    long arrivalNanos = network.nowNanos() + link.delayNanos() + jitter;
    if (network.random.nextDouble() < link.reordering()) {
      arrivalNanos += 1 + network.random.nextLong(MAX_OVERTAKEN_NANOS);
    } else {
      arrivalNanos = Math.max(arrivalNanos, lastArrivalNanos);
      lastArrivalNanos = arrivalNanos;
    }
    network.at(arrivalNanos, () -> {
      network.note(name, datagram);
      arrival.accept(datagram.clone());
    });
  }
}
