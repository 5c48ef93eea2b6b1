package dev.tapedeck.composer.core.job;

/** The conversion was asked to stop, by its owner or because another worker holds the job now. */
public final class JobCanceledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JobCanceledException(String message) {
    super(message);
  }
}
