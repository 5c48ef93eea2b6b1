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
 * end of the line, so a chunk that no store will take does not hold up the rest. Not for several threads at once.
 */
final class UploadQueue {
  static final long NEVER = Long.MAX_VALUE;

  private final RetryPolicy retry;
  private final Map<RoomName, Lane> lanes = new LinkedHashMap<>();

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

    boolean isReady(long nowNanos) {
      boolean mayTry = failures == 0 || inFlight == 0 && nowNanos - notBeforeNanos >= 0;
      return !waiting.isEmpty() && mayTry;
    }
  }

  UploadQueue(RetryPolicy retry) {
    this.retry = retry;
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
      if (lane.isReady(nowNanos)) {
        RoomName room = turn.getKey();
        turns.remove();
        lanes.put(room, lane); // its next turn comes after all others
        lane.inFlight++;
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
    lane.inFlight--;
    if (lane.waiting.isEmpty() && lane.inFlight == 0) {
      lanes.remove(room);
    }
  }

  /** @return failures of this room in a row */
  int failed(SpooledChunk chunk, long nowNanos) {
    Lane lane = lanes.get(RoomName.of(chunk.tape));
    lane.inFlight--;
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
      if (!lane.waiting.isEmpty() && lane.inFlight == 0) {
        next = Math.min(next, lane.failures == 0 ? nowNanos : lane.notBeforeNanos);
      }
    }
    return next;
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }
}
