package dev.tapedeck.bench.client.srtp;

import org.jitsi.utils.ByteArrayBuffer;

/** One packet in an array, in the shape jitsi-srtp works on; reused for every packet of a session. */
final class PacketView implements ByteArrayBuffer {
  private byte[] buffer;
  private int offset;
  private int length;

  PacketView of(byte[] packet, int packetBytes) {
    buffer = packet;
    offset = 0;
    length = packetBytes;
    return this;
  }

  @Override
  public byte[] getBuffer() {
    return buffer;
  }

  @Override
  public int getOffset() {
    return offset;
  }

  @Override
  public int getLength() {
    return length;
  }

  @Override
  public void setLength(int newLength) {
    length = newLength;
  }

  @Override
  public void setOffset(int newOffset) {
    offset = newOffset;
  }

  @Override
  public boolean isInvalid() {
    return buffer == null || offset + length > buffer.length;
  }

  @Override
  public void readRegionToBuff(int from, int bytes, byte[] target) {
    System.arraycopy(buffer, offset + from, target, 0, bytes);
  }

  /** The caller left the room already; a packet without it is a mistake of ours and not of the network. */
  @Override
  public void grow(int bytes) {
    if (offset + length + bytes > buffer.length) {
      throw new IllegalStateException("no room for " + bytes + " bytes behind a packet of " + length);
    }
  }

  @Override
  public void append(byte[] data, int bytes) {
    grow(bytes);
    System.arraycopy(data, 0, buffer, offset + length, bytes);
    length += bytes;
  }

  @Override
  public void shrink(int bytes) {
    length -= bytes;
  }
}
