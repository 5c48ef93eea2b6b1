package dev.tapedeck.media.io.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/** Which local addresses clients may reach this machine by. */
public final class AddressDiscovery {
  private AddressDiscovery() {}

  /**
   * Addresses of all interfaces that are up: IPv4 first, link-local ones left out. Loopback stands last, for clients on
   * this machine; browsers gather no loopback candidate, so it alone would not do for them.
   */
  public static List<InetAddress> localAddresses(boolean withLoopback) throws IOException {
    List<InetAddress> v4 = new ArrayList<>();
    List<InetAddress> v6 = new ArrayList<>();
    List<InetAddress> loopback = new ArrayList<>();
    for (NetworkInterface networkInterface : NetworkInterface.networkInterfaces().toList()) {
      if (!networkInterface.isUp()) {
        continue;
      }
      for (InetAddress address : networkInterface.inetAddresses().toList()) {
        if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
          continue;
        }
        if (address.isLoopbackAddress()) {
          if (address instanceof Inet4Address) {
            loopback.add(address);
          }
        } else if (address instanceof Inet4Address) {
          v4.add(address);
        } else {
          v6.add(address);
        }
      }
    }
    List<InetAddress> all = new ArrayList<>(v4);
    all.addAll(v6);
    if (withLoopback || all.isEmpty()) {
      all.addAll(loopback);
    }
    return all;
  }
}
