package dev.tapedeck.composer.core.job;

import java.time.Duration;

/**
 * When a job starts, waits, tries again and gives up. Pure: the time comes in.
 *
 * @param finalizedWait how long a job waits for its recording to be finalized
 * @param firstChunkWait how long it waits while nothing at all is stored of it
 * @param poll          how often it looks
 * @param maxAttempts   runs a job gets, those that a dying worker cut short included
 */
public record JobRules(Duration finalizedWait, Duration firstChunkWait, Duration poll, int maxAttempts) {
  private static final long FIRST_RETRY_MILLIS = 5_000;
  private static final long MAX_RETRY_MILLIS = 300_000;

  /** What the store holds of a recording. */
  public enum Stored { NOTHING, CHUNKS, MANIFEST }

  /** What to do with a job whose turn it is. */
  public enum Decision { RUN, WAIT, GIVE_UP }

  /** @param ageMillis since the job was accepted */
  public Decision decide(Stored stored, long ageMillis) {
    return switch (stored) {
      case MANIFEST -> Decision.RUN;
      case CHUNKS -> mayWait(ageMillis) ? Decision.WAIT : Decision.RUN;
      case NOTHING -> ageMillis < firstChunkWait.toMillis() ? Decision.WAIT : Decision.GIVE_UP;
    };
  }

  /** Whether a job of this age may still wait for its recording, or for a store that does not answer. */
  public boolean mayWait(long ageMillis) {
    return ageMillis < finalizedWait.toMillis();
  }

  /** @param attempts runs so far, 1 or more */
  public boolean mayTryAgain(int attempts) {
    return attempts < maxAttempts;
  }

  /** Pause before the next run, doubling. */
  public long retryMillis(int attempts) {
    return Math.min(MAX_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(attempts - 1, 10));
  }
}
