package dev.tapedeck.media.io.net;

/** A worker has not answered in time: it has more to forward than it can, or hangs. It may do what it was asked yet. */
public final class SilentWorkerException extends IllegalStateException {
  public SilentWorkerException(int worker, Throwable cause) {
    super("worker " + worker + " does not answer", cause);
  }
}
