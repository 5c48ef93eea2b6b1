package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limits;
import java.util.List;
import java.util.function.LongSupplier;

/** Who is let in, and how often: what all workers and all HTTP requests of this server share. */
public final class Admission {
  final Refusals refusals = new Refusals();
  final RequestLimits requests;
  final SessionQuota sessions;
  final TokenUse tokens;

  /**
   * @param proxies    reverse proxies of ours
   * @param singleUse  whether a token with a {@code jti} opens one connection only
   * @param nanoTime   monotonic
   * @param wallMillis Unix milliseconds
   */
  public Admission(
      Limits limits, List<String> proxies, boolean singleUse, LongSupplier nanoTime, LongSupplier wallMillis) {
    requests = new RequestLimits(limits, proxies, refusals, nanoTime);
    sessions = new SessionQuota(limits, refusals);
    tokens = new TokenUse(singleUse, refusals, wallMillis);
  }
}
