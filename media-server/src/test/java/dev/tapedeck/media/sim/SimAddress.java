package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.packet.Path;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Address and port of a client, in the two numbers the worker knows an IPv4 address by. */
public record SimAddress(long low, int port) {
  private static final long V4_MAPPED = 0xFFFF_0000_0000L;

  /** 10.0.x.y by a running number. */
  static SimAddress of(int number, int port) {
    return new SimAddress(V4_MAPPED | 10L << 24 | number & 0xFFFF, port);
  }

  /** A real IPv4 address. */
  public static SimAddress of(InetAddress address, int port) {
    return new SimAddress(V4_MAPPED | Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt()), port);
  }

  static SimAddress of(Path path) {
    return new SimAddress(path.low(), path.port());
  }

  int ipv4() {
    return (int) low;
  }
}
