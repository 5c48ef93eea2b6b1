package dev.tapedeck.media.core.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code a=candidate} (RFC 8839 §5.1).
 *
 * @param transport  as written, {@code udp} or {@code tcp} in either case
 * @param priority   0..2^32-1
 * @param address    IP address or name; browsers hide theirs behind {@code <uuid>.local}
 * @param type       {@code host}, {@code srflx}, {@code prflx} or {@code relay}
 * @param extensions what follows the type, {@code raddr}, {@code rport} and others; empty for none
 */
public record IceCandidate(
    String foundation,
    int component,
    String transport,
    long priority,
    String address,
    int port,
    String type,
    String extensions) {
  private static final long HOST_TYPE_PREFERENCE = 126;
  private static final int MAX_LOCAL_PREFERENCE = 65_535;
  private static final int RTP_COMPONENT = 1;

  /** Our candidates for these sockets: host, UDP, component 1, the first preferred most (RFC 8445 §5.1.2.1). */
  public static List<IceCandidate> hosts(List<InetSocketAddress> sockets) {
    List<IceCandidate> candidates = new ArrayList<>();
    for (InetSocketAddress socket : sockets) {
      int place = candidates.size();
      long priority = HOST_TYPE_PREFERENCE << 24 | (long) (MAX_LOCAL_PREFERENCE - place) << 8 | 256 - RTP_COMPONENT;
      candidates.add(new IceCandidate(Integer.toString(place + 1), RTP_COMPONENT, "udp", priority,
          text(socket.getAddress()), socket.getPort(), "host", ""));
    }
    return candidates;
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%'); // an interface of this machine means nothing to the peer
    return zone < 0 ? text : text.substring(0, zone);
  }

  /** Reads the value behind {@code a=candidate:}. */
  static IceCandidate parse(String value) {
    String[] words = value.strip().split("[ \t]+", 9);
    if (words.length < 8 || !words[6].equals("typ")) {
      throw new SdpException("candidate is: foundation component transport priority address port typ type");
    }
    return new IceCandidate(
        words[0],
        (int) Fields.number("candidate component", words[1], 1, 256),
        Fields.token("candidate transport", words[2]),
        Fields.number("candidate priority", words[3], 0, 0xFFFF_FFFFL),
        words[4],
        (int) Fields.number("candidate port", words[5], 0, 65_535),
        Fields.token("candidate type", words[7]),
        words.length > 8 ? words[8] : "");
  }

  /** Whether {@link #address()} is an IPv6 literal. */
  boolean isIpv6() {
    return address.indexOf(':') >= 0;
  }

  @Override
  public String toString() {
    return foundation + " " + component + " " + transport + " " + priority + " " + address + " " + port + " typ " + type
        + (extensions.isEmpty() ? "" : " " + extensions);
  }
}
