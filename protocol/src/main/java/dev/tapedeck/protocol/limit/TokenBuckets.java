package dev.tapedeck.protocol.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link TokenBucket} for each of those who come, in memory that does not grow with their number: a bucket that is
 * full again says nothing and goes, and if there are still too many, the one not used for longest. Not safe for threads.
 *
 * @param <K> who comes
 */
public final class TokenBuckets<K> {
  private final double perSecond;
  private final double burst;
  private final int capacity;
  private final Map<K, TokenBucket> buckets;

  /** @param capacity buckets kept at most, 1 and above */
  public TokenBuckets(double perSecond, double burst, int capacity) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.capacity = capacity;
    buckets = new LinkedHashMap<>(16, 0.75f, true);
  }

  /** @return 0 if the token was taken, else how long to wait for one */
  public long take(long nowNanos, K key) {
    TokenBucket bucket = buckets.computeIfAbsent(key, k -> new TokenBucket(perSecond, burst, nowNanos));
    forgetOldest(nowNanos);
    return bucket.take(nowNanos, 1) ? 0 : bucket.waitNanos(nowNanos);
  }

  /** Two at a time while there is something to forget, so that it never takes long. */
  private void forgetOldest(long nowNanos) {
    Iterator<TokenBucket> oldest = buckets.values().iterator();
    for (int i = 0; i < 2 && buckets.size() > 1; i++) {
      if (!oldest.next().isFull(nowNanos) && buckets.size() <= capacity) {
        return;
      }
      oldest.remove();
    }
  }

  int size() {
    return buckets.size();
  }
}
