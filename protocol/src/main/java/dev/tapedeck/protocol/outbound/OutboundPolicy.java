package dev.tapedeck.protocol.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides which URLs given by callers (hooks, {@code custom_s3}, callbacks) this server opens, so that nobody reaches
 * through it what only it can see. Every address a name resolves to must be public, unless the operator listed it; the
 * caller then connects to the address in {@link Target} and resolves no second time, and follows no redirect.
 * Resolves nothing itself.
 */
public final class OutboundPolicy {
  private static final int MAX_URL_CHARS = 2048;

  /** Addresses that are not a host of the public internet (RFC 6890), and where clouds tell secrets. */
  private static final List<AddressBlock> INSIDE = blocks(
      "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
      "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
      "224.0.0.0/3", "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10",
      "fec0::/10", "ff00::/8");
  private static final AddressBlock MAPPED = AddressBlock.parse("64:ff9b::/96");
  private static final AddressBlock COMPATIBLE = AddressBlock.parse("::/96");
  private static final AddressBlock SIX_TO_FOUR = AddressBlock.parse("2002::/16");
  private static final AddressBlock TEREDO = AddressBlock.parse("2001::/32");

  private final Set<String> schemes;
  private final List<AddressBlock> allowed;

  private OutboundPolicy(Set<String> schemes, List<AddressBlock> allowed) {
    this.schemes = Set.copyOf(schemes);
    this.allowed = List.copyOf(allowed);
  }

  /**
   * @param schemes lower-case schemes that may be opened, such as http and https
   * @param allowed addresses or blocks the operator opens although they are not public, such as 127.0.0.1 or fd00::/8
   * @throws IllegalArgumentException when a block is not one
   */
  public static OutboundPolicy of(Set<String> schemes, List<String> allowed) {
    return new OutboundPolicy(schemes, allowed.stream().map(AddressBlock::parse).toList());
  }

  /** Turns a name into addresses; the caller brings it, because this package touches no network. */
  public interface Resolver {
    /** @return at least one address */
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /**
   * What may be opened, and at which address.
   *
   * @param port never -1
   */
  public record Target(URI uri, InetAddress address, int port) {}

  /**
   * @throws OutboundRefusedException when the scheme, the shape or any address of the host is not allowed; one bad
   *     address among good ones refuses the whole, because which one is dialled is chance
   */
  public Target check(String url, Resolver resolver) throws OutboundRefusedException {
    URI uri = parse(url);
    List<InetAddress> addresses = resolve(uri, resolver);
    for (InetAddress address : addresses) {
      if (!mayOpen(address)) {
        throw new OutboundRefusedException("the host " + uri.getHost() + " is not on the public internet; "
            + "the operator can open it with outbound.allow");
      }
    }
    return new Target(uri, addresses.getFirst(), uri.getPort() >= 0 ? uri.getPort() : defaultPort(uri));
  }

  /** Whether this address may be dialled on behalf of a caller. */
  public boolean mayOpen(InetAddress address) {
    byte[] bytes = address.getAddress();
    return contains(allowed, bytes) || isPublic(bytes);
  }

  private URI parse(String url) throws OutboundRefusedException {
    if (url.length() > MAX_URL_CHARS) {
      throw new OutboundRefusedException("the URL is longer than " + MAX_URL_CHARS + " characters");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new OutboundRefusedException("this is not a URL: " + e.getReason());
    }
    if (uri.getScheme() == null || !schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
      throw new OutboundRefusedException("the URL must begin with one of " + schemes.stream().sorted().toList());
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new OutboundRefusedException("the URL must name a host, and a port of 1 to 65535 if any");
    }
    return uri;
  }

  private static List<InetAddress> resolve(URI uri, Resolver resolver) throws OutboundRefusedException {
    String host = uri.getHost();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      List<InetAddress> addresses = resolver.resolve(bare);
      if (!addresses.isEmpty()) {
        return addresses;
      }
    } catch (UnknownHostException e) {
      // The same answer as for a name without addresses.
    }
    throw new OutboundRefusedException("the host " + host + " has no address");
  }

  private static boolean isPublic(byte[] address) {
    if (contains(INSIDE, address)) {
      return false;
    }
    byte[] embedded = embeddedIpv4(address);
    return embedded.length == 0 || isPublic(embedded);
  }

  /** The IPv4 address that a translator or tunnel would reach (RFC 6052, RFC 3056, RFC 4380); empty if there is none. */
  private static byte[] embeddedIpv4(byte[] address) {
    if (address.length != 16) {
      return new byte[0];
    }
    if (MAPPED.contains(address) || COMPATIBLE.contains(address)) {
      return Arrays.copyOfRange(address, 12, 16);
    }
    if (SIX_TO_FOUR.contains(address)) {
      return Arrays.copyOfRange(address, 2, 6);
    }
    if (TEREDO.contains(address)) {
      byte[] inverted = Arrays.copyOfRange(address, 12, 16);
      for (int i = 0; i < 4; i++) {
        inverted[i] ^= (byte) 0xFF;
      }
      return inverted;
    }
    return new byte[0];
  }

  private static boolean contains(List<AddressBlock> blocks, byte[] address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  private static int defaultPort(URI uri) {
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  private static List<AddressBlock> blocks(String... texts) {
    List<AddressBlock> blocks = new ArrayList<>();
    for (String text : texts) {
      blocks.add(AddressBlock.parse(text));
    }
    return blocks;
  }
}
