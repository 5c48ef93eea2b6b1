package dev.tapedeck.bench.client.rtp;

/** Big-endian integers in arrays. */
public final class Ints {
  private Ints() {}

  public static int u16(byte[] data, int offset) {
    return (data[offset] & 0xff) << 8 | data[offset + 1] & 0xff;
  }

  public static int u24(byte[] data, int offset) {
    return (data[offset] & 0xff) << 16 | u16(data, offset + 1);
  }

  public static long u32(byte[] data, int offset) {
    return (long) u16(data, offset) << 16 | u16(data, offset + 2);
  }

  public static void put16(byte[] data, int offset, int value) {
    data[offset] = (byte) (value >> 8);
    data[offset + 1] = (byte) value;
  }

  public static void put24(byte[] data, int offset, int value) {
    data[offset] = (byte) (value >> 16);
    put16(data, offset + 1, value);
  }

  public static void put32(byte[] data, int offset, long value) {
    put16(data, offset, (int) (value >> 16));
    put16(data, offset + 2, (int) value);
  }

  /** Distance from one 16-bit sequence number to another, -32768..32767 (RFC 1982). */
  public static int distance(int from, int to) {
    return (short) (to - from);
  }
}
