package dev.tapedeck.media.sim;

import java.util.function.Consumer;

/** One direction between a client and the server: delays, loses, reorders and doubles as its {@link SimLink} says. */
final class SimPipe {
  private static final long MAX_OVERTAKEN_NANOS = 30 * SimNetwork.MILLIS;

  private static final long MAX_QUEUE_NANOS = SimNetwork.SECONDS;

  private final SimNetwork network;
  private final String name;
  private SimLink link;
  private long lastArrivalNanos;
  private long bitsPerSecond = Long.MAX_VALUE;
  private long freeNanos;
  private int droppedDatagrams;

  SimPipe(SimNetwork network, String name, SimLink link) {
    this.network = network;
    this.name = name;
    this.link = link;
  }

  /** From now on datagrams fare like this. */
  void become(SimLink link) {
    this.link = link;
  }

  /** From now on so much gets through; what would wait for longer than a second is dropped. */
  void narrowTo(long bitsPerSecond) {
    this.bitsPerSecond = bitsPerSecond;
  }

  /** Datagrams that found the queue full. */
  int droppedDatagrams() {
    return droppedDatagrams;
  }

  /** How long a datagram that is sent now must wait for those before it. */
  long queueNanos() {
    return Math.max(0, freeNanos - network.nowNanos());
  }

  /** @param arrival gets the datagram when it arrives, if it does */
  void send(byte[] datagram, Consumer<byte[]> arrival) {
    if (network.random.nextDouble() < link.loss()) {
      return;
    }
    if (queueNanos() > MAX_QUEUE_NANOS) {
      droppedDatagrams++;
      return;
    }
    if (bitsPerSecond != Long.MAX_VALUE) {
      freeNanos = network.nowNanos() + queueNanos() + datagram.length * 8L * SimNetwork.SECONDS / bitsPerSecond;
    }
    deliver(datagram, arrival);
    if (network.random.nextDouble() < link.duplication()) {
      deliver(datagram, arrival);
    }
  }

  private void deliver(byte[] datagram, Consumer<byte[]> arrival) {
    long jitter = link.jitterNanos() == 0 ? 0 : network.random.nextLong(link.jitterNanos());
    long arrivalNanos = network.nowNanos() + queueNanos() + link.delayNanos() + jitter;
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
