package dev.tapedeck.media.io.connector;

import dev.tapedeck.protocol.wire.NodeEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events on their way to the connector, numbered, kept until it says they are stored.
 *
 * <p>Bounded: when it is full, the oldest event that only tells of peers or tracks is dropped and counted. Events that say
 * what is on tape and in which room are never dropped; when nothing else is left to drop, the outbox grows beyond its bound
 * by them alone, a few hundred bytes for each chunk of some seconds. Safe for use by many threads.
 */
public final class EventOutbox {
  /** About 40 MB of small messages. */
  public static final int DEFAULT_CAPACITY = 100_000;

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<NodeEvent> unacked = new ArrayDeque<>();
  private final NavigableMap<Long, Runnable> whenStored = new TreeMap<>();

  private long lastSeq;
  private long dropped;

  public EventOutbox(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Gives the event its number and keeps it. Never blocks.
   *
   * @param tsMillis Unix milliseconds at which it happened
   * @return the number
   */
  public long add(NodeEvent.Builder event, long tsMillis) {
    lock.lock();
    try {
      if (unacked.size() >= capacity) {
        dropOne();
      }
      unacked.add(event.setSeq(++lastSeq).setTs(tsMillis).build());
      changed.signalAll();
      return lastSeq;
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #add(NodeEvent.Builder, long)}; {@code stored} runs once the connector has the event, on the thread that
   * hears of it.
   */
  public long add(NodeEvent.Builder event, long tsMillis, Runnable stored) {
    lock.lock();
    try {
      long seq = add(event, tsMillis);
      whenStored.put(seq, stored);
      return seq;
    } finally {
      lock.unlock();
    }
  }

  /** The connector has stored everything up to this number. */
  public void acked(long seq) {
    List<Runnable> stored = new ArrayList<>();
    lock.lock();
    try {
      while (!unacked.isEmpty() && unacked.peek().getSeq() <= seq) {
        unacked.poll();
      }
      NavigableMap<Long, Runnable> done = whenStored.headMap(seq, true);
      stored.addAll(done.values());
      done.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    stored.forEach(Runnable::run);
  }

  /** Events above this number, the oldest first, at most {@code limit}. */
  public List<NodeEvent> after(long seq, int limit) {
    lock.lock();
    try {
      List<NodeEvent> events = new ArrayList<>();
      for (NodeEvent event : unacked) {
        if (event.getSeq() > seq && events.size() < limit) {
          events.add(event);
        }
      }
      return events;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is stored. @return false when this did not happen in time */
  public boolean awaitEmpty(long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (!unacked.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  public int size() {
    lock.lock();
    try {
      return unacked.size();
    } finally {
      lock.unlock();
    }
  }

  /** Events lost to the bound. */
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  private void dropOne() {
    for (Iterator<NodeEvent> events = unacked.iterator(); events.hasNext();) {
      if (isDispensable(events.next())) {
        events.remove();
        dropped++;
        return;
      }
    }
  }

  /** Joins and leaves decide when a room ends, so they are kept too. */
  private static boolean isDispensable(NodeEvent event) {
    return switch (event.getEventCase()) {
      case PEER -> !event.getPeer().hasJoin() && !event.getPeer().hasLeave() && !event.getPeer().hasDisconnected();
      case TRACK_CHANGED -> true;
      default -> false;
    };
  }
}
