package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.limit.Limits;

/**
 * Policy of one worker.
 *
 * @param maxSessions         sessions at a time; one more is refused
 * @param flushPackets        packets owed to one receiver that are sent at once
 * @param flushWindowNanos    how long a packet waits here for company of its receiver; 0 sends after each receive batch
 * @param connectTimeoutNanos from the offer to the end of the DTLS handshake
 * @param consentTimeoutNanos a session without a valid STUN check for this long is gone (RFC 7675 §5.1)
 * @param destroyAfterNanos   how long an empty room stays the same instance
 * @param videoCachePackets   packets kept per video stream, a power of two
 * @param audioCachePackets   packets kept per audio stream, a power of two
 * @param cacheAgeNanos       packets older than this are not sent again
 * @param limits              what each may take
 */
public record WorkerConfig(
    int maxSessions,
    int flushPackets,
    long flushWindowNanos,
    long connectTimeoutNanos,
    long consentTimeoutNanos,
    long destroyAfterNanos,
    int videoCachePackets,
    int audioCachePackets,
    long cacheAgeNanos,
    Limits limits) {
  private static final long SECOND = 1_000_000_000L;

  public static WorkerConfig defaults() {
    return new WorkerConfig(
        2_000, 16, 1_000_000L, 15 * SECOND, 30 * SECOND, 120 * SECOND, 1024, 64, 3 * SECOND, Limits.defaults());
  }

  public WorkerConfig withFlushWindowNanos(long nanos) {
    return new WorkerConfig(maxSessions, flushPackets, nanos, connectTimeoutNanos, consentTimeoutNanos,
        destroyAfterNanos, videoCachePackets, audioCachePackets, cacheAgeNanos, limits);
  }

  public WorkerConfig withLimits(Limits others) {
    return new WorkerConfig(maxSessions, flushPackets, flushWindowNanos, connectTimeoutNanos, consentTimeoutNanos,
        destroyAfterNanos, videoCachePackets, audioCachePackets, cacheAgeNanos, others);
  }
}
