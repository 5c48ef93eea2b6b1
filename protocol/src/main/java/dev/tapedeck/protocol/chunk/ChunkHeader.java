package dev.tapedeck.protocol.chunk;

import com.google.protobuf.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a chunk says about itself before its first entry.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |      0x89           'T'             'D'             'C'       |
 * |      0x0D           0x0A            0x1A            0x0A      |
 * +-------------------------------+-------------------------------+
 * |           version             |             flags             |
 * +-------------------------------+-------------------------------+
 * |                          body bytes                           |
 * +---------------------------------------------------------------+
 * |                           body ...                            |
 * +---------------------------------------------------------------+
 * |                 CRC32C of everything before                   |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @param index            position within (recording, session), from 0
 * @param node             number of the media server
 * @param createdWallNanos nanoseconds since 1970
 */
public record ChunkHeader(
    long recording,
    long session,
    int index,
    int node,
    long roomInstance,
    long createdWallNanos,
    String app,
    String room,
    String peer,
    ChunkEncryption encryption) {

  /** The header as it stands in a chunk, checksum included. */
  public byte[] toBytes() {
    byte[][] texts = {utf8(app), utf8(room), utf8(peer), utf8(encryption.keyId())};
    ByteString wrappedKey = encryption.wrappedKey();
    ByteString nonceBase = encryption.nonceBase();
    int bodyBytes = 8 + 8 + 4 + 4 + 8 + 8 + 1 + 2 * 6 + wrappedKey.size() + nonceBase.size();
    for (byte[] text : texts) {
      bodyBytes += text.length;
    }
    ByteBuffer out =
        ByteBuffer.allocate(ChunkFormat.HEADER_PREFIX_BYTES + bodyBytes + ChunkFormat.CRC_BYTES);
    out.putLong(ChunkFormat.MAGIC).putShort((short) ChunkFormat.VERSION).putShort((short) 0).putInt(bodyBytes);
    out.putLong(recording).putLong(session).putInt(index).putInt(node).putLong(roomInstance).putLong(createdWallNanos);
    putBlock(out, texts[0]);
    putBlock(out, texts[1]);
    putBlock(out, texts[2]);
    out.put((byte) encryption.cipher());
    putBlock(out, texts[3]);
    putBlock(out, wrappedKey.toByteArray());
    putBlock(out, nonceBase.toByteArray());
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.position());
    return out.putInt((int) crc.getValue()).array();
  }

  /** Reads the header that these bytes begin with; empty if they do not begin with a whole one. */
  public static Optional<ChunkHeader> read(byte[] chunk) {
    int total = chunk.length < ChunkFormat.HEADER_PREFIX_BYTES ? -1 : totalBytes(chunk);
    return total < 0 || total > chunk.length ? Optional.empty() : parse(Arrays.copyOf(chunk, total));
  }

  /** Bytes of the whole header, told from its first {@link ChunkFormat#HEADER_PREFIX_BYTES}; negative if it is none. */
  static int totalBytes(byte[] prefix) {
    ByteBuffer in = ByteBuffer.wrap(prefix, 0, ChunkFormat.HEADER_PREFIX_BYTES);
    long magic = in.getLong();
    in.getInt();
    int bodyBytes = in.getInt();
    boolean plausible =
        magic == ChunkFormat.MAGIC && bodyBytes >= 0 && bodyBytes <= ChunkFormat.MAX_HEADER_BODY_BYTES;
    return plausible ? ChunkFormat.HEADER_PREFIX_BYTES + bodyBytes + ChunkFormat.CRC_BYTES : -1;
  }

  /** Reads a whole header of {@link #totalBytes} bytes; empty if version, checksum or fields are not right. */
  static Optional<ChunkHeader> parse(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - ChunkFormat.CRC_BYTES);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean isIntact = in.getInt(bytes.length - ChunkFormat.CRC_BYTES) == (int) crc.getValue();
    if (!isIntact || in.getShort(8) != ChunkFormat.VERSION) {
      return Optional.empty();
    }
    in.position(ChunkFormat.HEADER_PREFIX_BYTES).limit(bytes.length - ChunkFormat.CRC_BYTES);
    try {
      return Optional.of(readBody(in));
    } catch (BufferUnderflowException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static ChunkHeader readBody(ByteBuffer in) throws CharacterCodingException {
    long recording = in.getLong();
    long session = in.getLong();
    int index = in.getInt();
    int node = in.getInt();
    long roomInstance = in.getLong();
    long createdWallNanos = in.getLong();
    String app = readText(in);
    String room = readText(in);
    String peer = readText(in);
    int cipher = in.get() & 0xFF;
    String keyId = readText(in);
    ByteString wrappedKey = ByteString.copyFrom(readBlock(in));
    ByteString nonceBase = ByteString.copyFrom(readBlock(in));
    return new ChunkHeader(recording, session, index, node, roomInstance, createdWallNanos, app, room, peer,
        new ChunkEncryption(cipher, keyId, wrappedKey, nonceBase));
  }

  private static void putBlock(ByteBuffer out, byte[] block) {
    if (block.length > 0xFFFF) {
      throw new IllegalArgumentException("a header field cannot hold " + block.length + " bytes");
    }
    out.putShort((short) block.length).put(block);
  }

  private static ByteBuffer readBlock(ByteBuffer in) {
    int bytes = in.getShort() & 0xFFFF;
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer block = in.slice(in.position(), bytes);
    in.position(in.position() + bytes);
    return block;
  }

  private static String readText(ByteBuffer in) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(readBlock(in)).toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
