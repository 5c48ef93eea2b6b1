package dev.tapedeck.bench.client.ice;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which addresses of this machine a client takes for its host candidates. */
public final class LocalAddresses {
  private LocalAddresses() {}

  /** Loopback and the first address of a real interface: enough for a server that advertises either. */
  public static List<InetAddress> loopbackAndInterface() {
    List<InetAddress> addresses = new ArrayList<>();
    addresses.add(loopback());
    ofInterface().ifPresent(addresses::add);
    return addresses;
  }

  /** The first IPv4 address of a real interface, for servers that do not use loopback. */
  public static Optional<InetAddress> ofInterface() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(LocalAddresses::isUsable)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty(); // a machine that cannot list its interfaces still has loopback
    }
  }

  /** One address, one thread of ice4j: what a load client wants when the server listens on loopback. */
  public static List<InetAddress> loopbackOnly() {
    return List.of(loopback());
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }

  private static boolean isUsable(NetworkInterface networkInterface) {
    try {
      return networkInterface.isUp() && !networkInterface.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
