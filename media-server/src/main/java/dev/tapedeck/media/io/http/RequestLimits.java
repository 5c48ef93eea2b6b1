package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.protocol.limit.TokenBuckets;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Which HTTP requests are taken: so many a second from one address, and so many with tokens of one app. */
final class RequestLimits {
  /** Addresses remembered at a time, some 10 MB. */
  private static final int MAX_ADDRESSES = 65_536;

  /** Bytes of an IPv6 address that belong to one customer. */
  private static final int NETWORK_BYTES = 8;

  private final Limits limits;
  private final Refusals refusals;
  private final Set<InetAddress> proxies;
  private final LongSupplier nanoTime;

  /** Guarded by itself. */
  private final TokenBuckets<String> addresses;

  /** Guarded by itself; only apps of ours have tokens. */
  private final TokenBuckets<String> apps;

  /** @param proxies addresses whose X-Forwarded-For is believed, each for itself alone */
  RequestLimits(Limits limits, List<String> proxies, Refusals refusals, LongSupplier nanoTime) {
    this.limits = limits;
    this.refusals = refusals;
    this.proxies = proxies.stream().map(InetAddress::ofLiteral).collect(Collectors.toUnmodifiableSet());
    this.nanoTime = nanoTime;
    addresses = new TokenBuckets<>(limits.addressRequests(), 2.0 * limits.addressRequests(), MAX_ADDRESSES);
    apps = new TokenBuckets<>(limits.appRequests(), 2.0 * limits.appRequests(), Integer.MAX_VALUE);
  }

  /** Refuses with 429 what is too much from where the request comes from; preflights are free. */
  void takeAddress(Context context) {
    if (context.method() == HandlerType.OPTIONS) {
      return;
    }
    take(addresses, client(context.ip(), forwarded(context)), Limit.ADDRESS_REQUESTS,
        "this address sends more than " + limits.addressRequests() + " requests a second; send fewer, or raise "
            + "limits.address-requests; behind a reverse proxy, name it in limits.proxies");
  }

  /** All lines of the header as one list (RFC 9110 §5.3): the proxy may have added a line of its own. */
  private static String forwarded(Context context) {
    return String.join(",", Collections.list(context.req().getHeaders("X-Forwarded-For")));
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
   * @param forwarded addresses with commas between, the last one added by the nearest proxy; may be empty
   */
  String client(String address, String forwarded) {
    Optional<InetAddress> client = parse(address);
    for (String hop : Arrays.asList(forwarded.split(",")).reversed()) {
      if (hop.isBlank() || client.filter(proxies::contains).isEmpty()) {
        break;
      }
      client = parse(withoutPort(hop.strip()));
    }
    return client.map(RequestLimits::network).orElse("unknown");
  }

  /** Some proxies write {@code 192.0.2.7:4711} or {@code [2001:db8::7]:4711}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      return hop.substring(1, Math.max(1, hop.indexOf(']')));
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }

  private static Optional<InetAddress> parse(String address) {
    try {
      return Optional.of(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The address, of IPv6 its first half. */
  private static String network(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES) : address.getHostAddress();
  }
}
