package dev.tapedeck.bench.client.ice;

import java.util.Optional;

/** One UDP candidate as {@code a=candidate} writes it (RFC 8839 §5.1); candidates of other transports are left out. */
public record IceCandidate(String foundation, int component, long priority, String address, int port, String type) {

  /**
   * Reads the value after {@code candidate:}.
   *
   * @return empty for TCP candidates, host names and lines of another shape
   */
  public static Optional<IceCandidate> parse(String value) {
    String[] fields = value.trim().split("\\s+");
    if (fields.length < 8 || !fields[2].equalsIgnoreCase("udp") || !fields[6].equals("typ")) {
      return Optional.empty();
    }
    if (!isAddressLiteral(fields[4])) {
      return Optional.empty();
    }
    try {
      return Optional.of(new IceCandidate(fields[0], Integer.parseInt(fields[1]), Long.parseLong(fields[3]),
          fields[4], Integer.parseInt(fields[5]), fields[7]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  public String toSdp() {
    return "candidate:" + foundation + " " + component + " udp " + priority + " " + address + " " + port + " typ "
        + type;
  }

  /** Names (mDNS) are not resolved: a client reaches the server by the addresses it advertises. */
  private static boolean isAddressLiteral(String text) {
    return text.indexOf(':') >= 0 || text.matches("[0-9.]+");
  }
}
