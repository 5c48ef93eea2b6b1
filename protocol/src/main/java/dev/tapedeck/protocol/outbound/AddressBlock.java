package dev.tapedeck.protocol.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses, written {@code 10.0.0.0/8} or {@code fc00::/7} (RFC 4632, RFC 4291 §2.3).
 *
 * @param network    4 or 16 bytes
 * @param prefixBits leading bits that an address must share
 */
record AddressBlock(byte[] network, int prefixBits) {

  /** @throws IllegalArgumentException when the text is no address, or the prefix is longer than it */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = literal(slash < 0 ? text : text.substring(0, slash));
    int prefixBits = slash < 0 ? network.length * 8 : prefix(text, text.substring(slash + 1));
    if (prefixBits > network.length * 8) {
      throw new IllegalArgumentException("the prefix of " + text + " is longer than the address");
    }
    return new AddressBlock(network, prefixBits);
  }

  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((address[bit >> 3] ^ network[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int prefix(String text, String digits) {
    if (!digits.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("write an address block like 10.0.0.0/8, not " + text);
    }
    return Integer.parseInt(digits);
  }

  /** Only literals come here, so that nothing is resolved. */
  private static byte[] literal(String text) {
    if (!text.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      throw new IllegalArgumentException("write an address block like 10.0.0.0/8, not " + text);
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("write an address block like 10.0.0.0/8, not " + text, e);
    }
  }
}
