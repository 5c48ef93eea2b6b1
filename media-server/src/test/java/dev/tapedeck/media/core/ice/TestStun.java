package dev.tapedeck.media.core.ice;

import dev.tapedeck.media.core.packet.Path;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Builds STUN requests byte by byte, right ones and wrong ones. Knows nothing of the code under test. */
final class TestStun {
  static final byte[] TRANSACTION = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  private static final byte[] NOTHING = {};

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int type = 0x0001;

  static TestStun request() {
    return new TestStun();
  }

  /** A check as a browser sends it. */
  static TestStun check(String username) {
    return request()
        .attribute(0x0006, username.getBytes(StandardCharsets.UTF_8))
        .attribute(0xC057, new byte[] {0, 0, 0, 10})
        .attribute(0x802A, new byte[8])
        .attribute(0x0024, new byte[] {0x6e, 0, 1, (byte) 0xff});
  }

  TestStun type(int type) {
    this.type = type;
    return this;
  }

  TestStun useCandidate() {
    return attribute(0x0025, NOTHING);
  }

  TestStun attribute(int attributeType, byte[] value) {
    body.writeBytes(ByteBuffer.allocate(4).putShort((short) attributeType).putShort((short) value.length).array());
    body.writeBytes(value);
    body.writeBytes(new byte[-value.length & 3]);
    return this;
  }

  TestStun integrity(String password) {
    return attribute(0x0008, hmac(message(24), password));
  }

  /** The whole message, ended by FINGERPRINT. */
  byte[] bytes() {
    CRC32 crc = new CRC32();
    crc.update(message(8));
    attribute(0x8028, ByteBuffer.allocate(4).putInt((int) crc.getValue() ^ 0x5354554E).array());
    return message(0);
  }

  byte[] withoutFingerprint() {
    return message(0);
  }

  private byte[] message(int bytesToCome) {
    byte[] attributes = body.toByteArray();
    return ByteBuffer.allocate(20 + attributes.length)
        .putShort((short) type).putShort((short) (attributes.length + bytesToCome)).putInt(0x2112A442)
        .put(TRANSACTION).put(attributes).array();
  }

  /** Makes length, MESSAGE-INTEGRITY and FINGERPRINT of mutated bytes right again, where they still have a place. */
  static byte[] repaired(byte[] bytes, String password) {
    if (bytes.length < 20 + 24 + 8) {
      return bytes;
    }
    byte[] out = Arrays.copyOf(bytes, bytes.length & ~3);
    ByteBuffer message = ByteBuffer.wrap(out);
    int integrity = out.length - 8 - 24;
    message.putShort(2, (short) (out.length - 8 - 20)).putInt(4, 0x2112A442);
    message.putInt(integrity, 0x0008_0014).put(integrity + 4, hmac(Arrays.copyOf(out, integrity), password));
    message.putShort(2, (short) (out.length - 20));
    CRC32 crc = new CRC32();
    crc.update(out, 0, out.length - 8);
    message.putInt(out.length - 8, 0x8028_0004).putInt(out.length - 4, (int) crc.getValue() ^ 0x5354554E);
    return out;
  }

  private static byte[] hmac(byte[] message, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path path(String address, int port) {
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      ByteBuffer buffer = ByteBuffer.allocate(16);
      if (bytes.length == 4) {
        buffer.position(10).putShort((short) -1);
      }
      buffer.put(bytes).flip();
      return new Path(0, buffer.getLong(), buffer.getLong(), port, new InetSocketAddress(address, port));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }

  /** The bytes in memory, with a gap before them so that offsets matter. */
  static MemorySegment at(long offset, byte[] bytes) {
    MemorySegment memory = MemorySegment.ofArray(new byte[(int) offset + bytes.length]);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
    return memory;
  }
}
