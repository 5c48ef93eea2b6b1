package dev.tapedeck.media.core.timer;

import java.util.Arrays;

/**
 * Deadlines of a worker, earliest first. Timers are kept by their owners, so that moving one allocates nothing. Used by
 * the worker thread only.
 */
public final class TimerHeap {
  /** No deadline. */
  public static final long NEVER = Long.MAX_VALUE;

  /** One deadline; belongs to one heap at a time. */
  public static final class Timer {
    private final Action action;
    private long deadlineNanos = NEVER;
    private int position = -1;

    public Timer(Action action) {
      this.action = action;
    }

    public long deadlineNanos() {
      return deadlineNanos;
    }
  }

  /** What is due; schedules its timer again if it wants to be called again. */
  @FunctionalInterface
  public interface Action {
    void fire(long nowNanos);
  }

  private Timer[] heap = new Timer[64];
  private int size;

  /** While timers fire: what is scheduled then waits for the next time. */
  private long earliestNanos = Long.MIN_VALUE;

  /** Earliest deadline, or {@link #NEVER}. */
  public long nextNanos() {
    return size == 0 ? NEVER : heap[0].deadlineNanos;
  }

  /** Sets the timer to this deadline, whatever it was before; {@link #NEVER} takes it out. */
  public void schedule(Timer timer, long deadlineNanos) {
    if (deadlineNanos == NEVER) {
      cancel(timer);
      return;
    }
    timer.deadlineNanos = Math.max(deadlineNanos, earliestNanos);
    if (timer.position < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place(timer, size++);
    }
    siftDown(siftUp(timer.position));
  }

  /** Brings the timer forward to this deadline; a timer that fires earlier stays as it is. */
  public void scheduleAtMost(Timer timer, long deadlineNanos) {
    if (deadlineNanos < timer.deadlineNanos) {
      schedule(timer, deadlineNanos);
    }
  }

  public void cancel(Timer timer) {
    int hole = timer.position;
    timer.deadlineNanos = NEVER;
    timer.position = -1;
    if (hole < 0) {
      return;
    }
    Timer last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      place(last, hole);
      siftDown(siftUp(hole));
    }
  }

  /** Fires every timer whose deadline is at or before now, each at most once. */
  public void fireDue(long nowNanos) {
    earliestNanos = nowNanos + 1;
    try {
      while (size > 0 && heap[0].deadlineNanos <= nowNanos) {
        Timer due = heap[0];
        cancel(due);
        due.action.fire(nowNanos);
      }
    } finally {
      earliestNanos = Long.MIN_VALUE;
    }
  }

  public int size() {
    return size;
  }

  private int siftUp(int at) {
    Timer timer = heap[at];
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent].deadlineNanos <= timer.deadlineNanos) {
        break;
      }
      place(heap[parent], at);
      at = parent;
    }
    place(timer, at);
    return at;
  }

  private void siftDown(int at) {
    Timer timer = heap[at];
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].deadlineNanos < heap[child].deadlineNanos) {
        child++;
      }
      if (timer.deadlineNanos <= heap[child].deadlineNanos) {
        break;
      }
      place(heap[child], at);
      at = child;
    }
    place(timer, at);
  }

  private void place(Timer timer, int at) {
    heap[at] = timer;
    timer.position = at;
  }
}
