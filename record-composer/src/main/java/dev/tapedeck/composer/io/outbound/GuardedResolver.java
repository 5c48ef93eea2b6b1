package dev.tapedeck.composer.io.outbound;

import dev.tapedeck.protocol.outbound.OutboundPolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.stream.Stream;

/**
 * The resolver of this process. While a thread works on a URL that a caller gave, a name resolves only to addresses the
 * policy opens: a name that changes its address between the check and the connection is refused at the connection,
 * whichever HTTP client makes it.
 */
public final class GuardedResolver extends InetAddressResolverProvider {
  private static final ThreadLocal<OutboundPolicy> POLICY = new ThreadLocal<>();

  /** Work on a caller's URL, and what it may throw. */
  public interface Guarded<T, E extends Exception> {
    T run() throws E;
  }

  /** Runs {@code work} on this thread with every name it resolves held against {@code policy}. */
  public static <T, E extends Exception> T guarded(OutboundPolicy policy, Guarded<T, E> work) throws E {
    OutboundPolicy before = POLICY.get();
    POLICY.set(policy);
    try {
      return work.run();
    } finally {
      if (before == null) {
        POLICY.remove();
      } else {
        POLICY.set(before);
      }
    }
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver builtin = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy lookup) throws UnknownHostException {
        OutboundPolicy policy = POLICY.get();
        List<InetAddress> addresses = builtin.lookupByName(host, lookup).toList();
        if (policy != null && !addresses.stream().allMatch(policy::mayOpen)) {
          throw new UnknownHostException(host + " is not on the public internet");
        }
        return addresses.stream();
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return builtin.lookupByAddress(address);
      }
    };
  }

  @Override
  public String name() {
    return "tapedeck-guarded";
  }
}
