package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One force, and what it makes durable. It is done once, by whichever thread comes first; the others wait for it. What
 * is written after it was made is not covered by it.
 */
final class Force {
  final List<JournalFrame> frames;
  final List<Segment> segments;

  /** Segments whose names are gone for good with it. */
  final List<Segment> deleted;

  /** Segments that lost frames whose tombstones are durable with it. */
  final List<Segment> loosened;

  final boolean coversNames;

  /** Nothing waited to be written when it was made. */
  final boolean coversAll;

  /** The disk has refused something since. */
  boolean isOvertaken;

  private final FutureTask<Void> task;

  Force(
      SpoolDisk disk,
      List<JournalFrame> frames,
      List<Segment> segments,
      List<Segment> deleted,
      Collection<Segment> loosened,
      boolean coversNames,
      boolean coversAll) {
    this.frames = List.copyOf(frames);
    this.segments = List.copyOf(segments);
    this.deleted = List.copyOf(deleted);
    this.loosened = List.copyOf(loosened);
    this.coversNames = coversNames;
    this.coversAll = coversAll;
    task = new FutureTask<>(() -> {
      for (Segment segment : this.segments) {
        segment.file.force();
      }
      if (coversNames) {
        disk.forceNames();
      }
      return null;
    });
  }

  /** Does it, unless another thread does or did. */
  void run() {
    task.run();
  }

  boolean isDone() {
    return task.isDone();
  }

  /**
   * Does it, or waits until it is done.
   *
   * @throws IOException if the disk refused
   */
  void join() throws IOException {
    task.run();
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          isInterrupted = true; // a force cannot be given up: what it covers is neither durable nor lost
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException refusal -> throw refusal;
        case Error error -> throw error;
        default -> throw new IOException(e.getCause());
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
