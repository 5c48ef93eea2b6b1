package dev.tapedeck.media.io.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * Socket addresses as the kernel writes them, and as the core knows them: sixteen bytes in two numbers, IPv4 as
 * IPv4-mapped (RFC 4291 §2.5.5.2).
 *
 * <pre>
 * sockaddr_in:  family 2, port 2 (big-endian), address 4, zeros 8
 * sockaddr_in6: family 2, port 2 (big-endian), flow 4, address 16, scope 4
 * </pre>
 */
final class SocketAddressCodec {
  /** Room for either. */
  static final int BYTES = 28;

  private static final int V4_BYTES = 16;
  private static final long V4_MAPPED = 0xFFFF_0000_0000L;

  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt V4_ADDRESS = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong HALF_ADDRESS =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddressCodec() {}

  static long high(MemorySegment memory, long at) {
    return isV6(memory, at) ? memory.get(HALF_ADDRESS, at + 8) : 0;
  }

  static long low(MemorySegment memory, long at) {
    return isV6(memory, at)
        ? memory.get(HALF_ADDRESS, at + 16)
        : V4_MAPPED | Integer.toUnsignedLong(memory.get(V4_ADDRESS, at + 4));
  }

  static int port(MemorySegment memory, long at) {
    return memory.get(PORT, at + 2) & 0xFFFF;
  }

  /** Writes the remote end of a path; {@code local} tells the family of its socket. Returns bytes written. */
  static int write(MemorySegment memory, long at, Path path, InetSocketAddress local) {
    memory.set(PORT, at + 2, (short) path.port());
    if (local.getAddress() instanceof Inet6Address from) {
      memory.set(JAVA_SHORT, at, (short) Libc.AF_INET6);
      memory.set(JAVA_INT, at + 4, 0);
      memory.set(HALF_ADDRESS, at + 8, path.high());
      memory.set(HALF_ADDRESS, at + 16, path.low());
      memory.set(JAVA_INT, at + 24, from.getScopeId());
      return BYTES;
    }
    memory.set(JAVA_SHORT, at, (short) Libc.AF_INET);
    memory.set(V4_ADDRESS, at + 4, (int) path.low());
    return V4_BYTES;
  }

  /** Writes any address; returns bytes written. */
  static int write(MemorySegment memory, long at, InetSocketAddress address) {
    byte[] raw = address.getAddress().getAddress();
    memory.asSlice(at, BYTES).fill((byte) 0);
    memory.set(PORT, at + 2, (short) address.getPort());
    if (address.getAddress() instanceof Inet6Address v6) {
      memory.set(JAVA_SHORT, at, (short) Libc.AF_INET6);
      MemorySegment.copy(raw, 0, memory, JAVA_BYTE, at + 8, 16);
      memory.set(JAVA_INT, at + 24, v6.getScopeId());
      return BYTES;
    }
    memory.set(JAVA_SHORT, at, (short) Libc.AF_INET);
    MemorySegment.copy(raw, 0, memory, JAVA_BYTE, at + 4, 4);
    return V4_BYTES;
  }

  private static boolean isV6(MemorySegment memory, long at) {
    return memory.get(JAVA_SHORT, at) == Libc.AF_INET6;
  }
}
