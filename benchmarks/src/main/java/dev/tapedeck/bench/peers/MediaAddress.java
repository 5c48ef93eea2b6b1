package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.ice.LocalAddresses;
import java.net.InetAddress;

/**
 * The one address that media of every system and every client has in a comparison: of a real interface, because Janus
 * gathers no candidate on loopback. Between two sockets of one machine the kernel takes the same way for both.
 */
public final class MediaAddress {
  private MediaAddress() {}

  /** Loopback on a machine without another address. */
  public static InetAddress get() {
    return LocalAddresses.ofInterface().orElse(InetAddress.getLoopbackAddress());
  }
}
