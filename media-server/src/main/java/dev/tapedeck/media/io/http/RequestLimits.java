package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.limit.TokenBuckets;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Which HTTP requests are taken: so many a second from one address, and so many with tokens of one app. */
final class RequestLimits {
  /** Addresses remembered at a time, some 10 MB. */
  private static final int MAX_ADDRESSES = 65_536;

  /** Bytes of an IPv6 address that belong to one customer. */
  private static final int NETWORK_BYTES = 8;

  private final Limits limits;
  private final Refusals refusals;
  private final List<String> proxies;
  private final LongSupplier nanoTime;

  /** Guarded by itself. */
  private final TokenBuckets<String> addresses;

  /** Guarded by itself; only apps of ours have tokens. */
  private final TokenBuckets<String> apps;

  /** @param proxies whose X-Forwarded-For is believed */
  RequestLimits(Limits limits, List<String> proxies, Refusals refusals, LongSupplier nanoTime) {
    this.limits = limits;
    this.refusals = refusals;
    this.proxies = proxies.stream().map(RequestLimits::network).toList();
    this.nanoTime = nanoTime;
    addresses = new TokenBuckets<>(limits.addressRequests(), 2.0 * limits.addressRequests(), MAX_ADDRESSES);
    apps = new TokenBuckets<>(limits.appRequests(), 2.0 * limits.appRequests(), Integer.MAX_VALUE);
  }

  /** Refuses with 429 what is too much from where the request comes from; preflights are free. */
  void takeAddress(Context context) {
    if (context.method() == HandlerType.OPTIONS) {
      return;
    }
    take(addresses, client(context.ip(), context.header("X-Forwarded-For")), Limit.ADDRESS_REQUESTS,
        "this address sends more than " + limits.addressRequests() + " requests a second; send fewer, or raise "
            + "limits.address-requests; behind a reverse proxy, name it in limits.proxies");
  }

  /** Refuses with 429 what is too much from this app. */
  void takeApp(String app) {
    take(apps, app, Limit.APP_REQUESTS, "app " + app + " sends more than " + limits.appRequests()
        + " requests a second; send fewer, or raise limits.app-requests");
  }

  private void take(TokenBuckets<String> buckets, String key, Limit limit, String message) {
    long waitNanos;
    synchronized (buckets) {
      waitNanos = buckets.take(nanoTime.getAsLong(), key);
    }
    if (waitNanos > 0) {
      refusals.count(limit);
      throw new HttpProblem(429, "too_many_requests", message, 1 + TimeUnit.NANOSECONDS.toSeconds(waitNanos));
    }
  }

  /**
   * Who sent the request: the connection tells, and where that is a proxy of ours, the proxy.
   *
   * @param forwarded null without such a header
   */
  String client(String address, String forwarded) {
    String client = network(address);
    if (forwarded == null || !proxies.contains(client)) {
      return client;
    }
    for (String hop : Arrays.asList(forwarded.split(",")).reversed()) {
      client = network(hop.strip());
      if (!proxies.contains(client)) {
        break;
      }
    }
    return client;
  }

  /** The address, of IPv6 its first half; everything that is none counts together. */
  private static String network(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES) : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return "unknown";
    }
  }
}
