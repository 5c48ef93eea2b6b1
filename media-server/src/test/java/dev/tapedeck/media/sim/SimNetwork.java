package dev.tapedeck.media.sim;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and all that waits for its moment: datagrams on their way, timers of clients and workers. The same seed
 * gives the same run, which {@link #transcript} proves.
 */
final class SimNetwork {
  static final long MILLIS = 1_000_000L;
  static final long SECONDS = 1_000_000_000L;

  /** Monotonic clocks begin anywhere but at 0. */
  private static final long START_NANOS = 1_000 * SECONDS;

  /** Things of one moment happen in the order they were planned. */
  private record Event(long nanos, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(order, other.order);
    }
  }

  final long seed;
  final SplittableRandom random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final MessageDigest transcript;
  private long planned;
  private long nowNanos = START_NANOS;

  SimNetwork(long seed) {
    this.seed = seed;
    random = new SplittableRandom(seed);
    try {
      transcript = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  void at(long nanos, Runnable action) {
    events.add(new Event(Math.max(nanos, nowNanos), planned++, action));
  }

  void after(long nanos, Runnable action) {
    at(nowNanos + nanos, action);
  }

  /** Lets this much time pass. */
  void run(long nanos) {
    long end = nowNanos + nanos;
    runUntil(() -> false, nanos);
    nowNanos = end;
  }

  /** Lets time pass until the condition holds; returns whether it did within the limit. */
  boolean runUntil(BooleanSupplier condition, long limitNanos) {
    long end = nowNanos + limitNanos;
    while (!condition.getAsBoolean()) {
      if (events.isEmpty() || events.peek().nanos > end) {
        return false;
      }
      Event next = events.poll();
      nowNanos = next.nanos;
      next.action.run();
    }
    return true;
  }

  /** Takes down that these bytes arrived somewhere now. */
  void note(String where, byte[] bytes) {
    transcript.update(ByteBuffer.allocate(8).putLong(nowNanos).flip());
    transcript.update(where.getBytes());
    transcript.update(bytes);
  }

  /** Hash of everything that arrived so far: where, when, which bytes. */
  String transcript() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) transcript.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }
}
