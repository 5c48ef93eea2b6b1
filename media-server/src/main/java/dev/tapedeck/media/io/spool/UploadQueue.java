package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.TapeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which chunk is uploaded next. Rooms take turns, so a busy one holds up no other; within a room the oldest goes first.
 * After a failure the room waits and then tries one chunk at a time until one succeeds; the one that failed goes to the
 * end of the line, so a chunk that no store will take does not hold up the rest. Rooms that try so take some of the
 * uploads at most: a store of one app that hangs must leave room for that of another. Not for several threads at once.
 */
final class UploadQueue {
  static final long NEVER = Long.MAX_VALUE;

  private final RetryPolicy retry;
  private final int maxTrials;
  private final Map<RoomName, Lane> lanes = new LinkedHashMap<>();
  private int trials;

  private record RoomName(String app, String room) {
    static RoomName of(TapeId tape) {
      return new RoomName(tape.getApp(), tape.getRoom());
    }
  }

  private static final class Lane {
    final Deque<SpooledChunk> waiting = new ArrayDeque<>();
    int inFlight;
    int failures;
    long notBeforeNanos;

    /** The chunk in flight shows whether the store takes anything again. */
    boolean isTrial;

    boolean isReady(long nowNanos, boolean mayBeTrial) {
      boolean mayTry = failures == 0 || mayBeTrial && inFlight == 0 && nowNanos - notBeforeNanos >= 0;
      return !waiting.isEmpty() && mayTry;
    }
  }

  /** @param maxTrials rooms that may try again at the same time after a failure */
  UploadQueue(RetryPolicy retry, int maxTrials) {
    this.retry = retry;
    this.maxTrials = maxTrials;
  }

  void add(SpooledChunk chunk) {
    lanes.computeIfAbsent(RoomName.of(chunk.tape), room -> new Lane()).waiting.addLast(chunk);
  }

  /** The chunk to be uploaded now; the caller tells how it went. */
  Optional<SpooledChunk> take(long nowNanos) {
    Iterator<Map.Entry<RoomName, Lane>> turns = lanes.entrySet().iterator();
    while (turns.hasNext()) {
      Map.Entry<RoomName, Lane> turn = turns.next();
      Lane lane = turn.getValue();
      if (lane.isReady(nowNanos, trials < maxTrials)) {
        RoomName room = turn.getKey();
        turns.remove();
        lanes.put(room, lane); // its next turn comes after all others
        lane.inFlight++;
        if (lane.failures > 0) {
          lane.isTrial = true;
          trials++;
        }
        return Optional.of(lane.waiting.removeFirst());
      }
    }
    return Optional.empty();
  }

  void succeeded(SpooledChunk chunk) {
    lanes.get(RoomName.of(chunk.tape)).failures = 0;
    leave(chunk);
  }

  /** The chunk is not tried again; that tells nothing of the others. */
  void gaveUp(SpooledChunk chunk) {
    leave(chunk);
  }

  private void leave(SpooledChunk chunk) {
    RoomName room = RoomName.of(chunk.tape);
    Lane lane = lanes.get(room);
    land(lane);
    if (lane.waiting.isEmpty() && lane.inFlight == 0) {
      lanes.remove(room);
    }
  }

  private void land(Lane lane) {
    lane.inFlight--;
    if (lane.isTrial) {
      lane.isTrial = false;
      trials--;
    }
  }

  /** @return failures of this room in a row */
  int failed(SpooledChunk chunk, long nowNanos) {
    Lane lane = lanes.get(RoomName.of(chunk.tape));
    land(lane);
    lane.failures++;
    lane.notBeforeNanos = nowNanos + retry.delayNanos(lane.failures);
    lane.waiting.addLast(chunk);
    return lane.failures;
  }

  /** No room waits any longer. */
  void retryNow(long nowNanos) {
    lanes.values().forEach(lane -> lane.notBeforeNanos = nowNanos);
  }

  /** When a chunk becomes ready by the passing of time alone, {@link #NEVER} if none does. */
  long nextReadyNanos(long nowNanos) {
    long next = NEVER;
    for (Lane lane : lanes.values()) {
      boolean mayTry = lane.failures == 0 || trials < maxTrials; // else the end of a trial wakes us
      if (!lane.waiting.isEmpty() && lane.inFlight == 0 && mayTry) {
        next = Math.min(next, lane.failures == 0 ? nowNanos : lane.notBeforeNanos);
      }
    }
    return next;
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }
}
