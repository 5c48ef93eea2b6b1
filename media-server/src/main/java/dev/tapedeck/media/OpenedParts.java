package dev.tapedeck.media;

import java.util.ArrayDeque;
import java.util.Deque;

/** Parts of a program in the order they were opened; closed in reverse, each of them whatever the others do. */
final class OpenedParts {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  void push(AutoCloseable part) {
    parts.push(part);
  }

  /**
   * Closes all; those that are closed are forgotten.
   *
   * @throws IllegalStateException if one did not stop cleanly, after all have been closed; its cause has suppressed the
   *     failures of others
   */
  void close() {
    Throwable failure = null;
    boolean isInterrupted = false;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception | Error e) {
        isInterrupted |= e instanceof InterruptedException;
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt(); // only now: the parts after the first have to wait for things, too
    }
    if (failure != null) {
      throw new IllegalStateException("a part of the media server did not stop cleanly", failure);
    }
  }
}
