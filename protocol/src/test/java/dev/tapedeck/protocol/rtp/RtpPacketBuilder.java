package dev.tapedeck.protocol.rtp;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Makes RTP packets for tests, byte by byte after RFC 3550 §5.1, sharing no code with what reads them. */
public final class RtpPacketBuilder {
  private boolean marker;
  private int payloadType = 96;
  private int sequenceNumber = 1000;
  private int rtpTimestamp = 90_000;
  private int ssrc = 0x11223344;
  private int[] csrcs = {};
  private int profile;
  private byte[] extension;
  private byte[] payload = {};
  private int paddingBytes;

  public static RtpPacketBuilder rtp() {
    return new RtpPacketBuilder();
  }

  public RtpPacketBuilder marker() {
    marker = true;
    return this;
  }

  public RtpPacketBuilder payloadType(int payloadType) {
    this.payloadType = payloadType;
    return this;
  }

  public RtpPacketBuilder sequenceNumber(int sequenceNumber) {
    this.sequenceNumber = sequenceNumber;
    return this;
  }

  public RtpPacketBuilder rtpTimestamp(int rtpTimestamp) {
    this.rtpTimestamp = rtpTimestamp;
    return this;
  }

  public RtpPacketBuilder ssrc(int ssrc) {
    this.ssrc = ssrc;
    return this;
  }

  public RtpPacketBuilder csrcs(int... csrcs) {
    this.csrcs = csrcs;
    return this;
  }

  /** @param elements already encoded; padded with zeros to 32 bits here */
  public RtpPacketBuilder extension(int profile, String elements) {
    this.profile = profile;
    extension = HexFormat.of().parseHex(elements);
    return this;
  }

  public RtpPacketBuilder payload(String hex) {
    return payload(HexFormat.of().parseHex(hex));
  }

  public RtpPacketBuilder payload(byte[] payload) {
    this.payload = payload;
    return this;
  }

  public RtpPacketBuilder padding(int bytes) {
    paddingBytes = bytes;
    return this;
  }

  public byte[] build() {
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    int first = 0x80 | (paddingBytes > 0 ? 0x20 : 0) | (extension != null ? 0x10 : 0) | csrcs.length;
    out.put((byte) first).put((byte) ((marker ? 0x80 : 0) | payloadType)).putShort((short) sequenceNumber);
    out.putInt(rtpTimestamp).putInt(ssrc);
    for (int csrc : csrcs) {
      out.putInt(csrc);
    }
    if (extension != null) {
      int words = (extension.length + 3) / 4;
      out.putShort((short) profile).putShort((short) words);
      out.put(extension).put(new byte[words * 4 - extension.length]);
    }
    out.put(payload);
    if (paddingBytes > 0) {
      out.put(new byte[paddingBytes - 1]).put((byte) paddingBytes);
    }
    byte[] packet = new byte[out.flip().remaining()];
    out.get(packet);
    return packet;
  }

  /** The packet in a segment that ends with it, so that reading past the end throws. */
  public MemorySegment segment() {
    return MemorySegment.ofArray(build());
  }

  /** One element in the one-byte form of RFC 8285. */
  public static String oneByte(int id, String data) {
    return "%x%x%s".formatted(id, data.length() / 2 - 1, data);
  }

  /** One element in the two-byte form of RFC 8285. */
  public static String twoByte(int id, String data) {
    return "%02x%02x%s".formatted(id, data.length() / 2, data);
  }

  /** The bytes as a segment of just their length. */
  public static MemorySegment segment(String hex) {
    return MemorySegment.ofArray(HexFormat.of().parseHex(hex));
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
