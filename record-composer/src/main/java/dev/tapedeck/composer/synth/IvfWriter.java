package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.TimeBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes frames as IVF, a format a reader of any language parses in a few lines. All integers are little-endian.
 * <pre>
 *  file   0 "DKIF"   4 version 0 (16)   6 header bytes 32 (16)   8 codec: VP80 VP90 H264 AV01 OPUS
 *        12 width (16)   14 height (16)   16 ticks per second (32)   20 ticks 1 (32)   24 frames (32)   28 unused (32)
 *  frame  0 bytes (32)   4 time in ticks (64)   12 the frame
 * </pre>
 *  Sound has size 0x0 and 48000 ticks per second. */
public final class IvfWriter implements AutoCloseable {
  static final int FILE_HEADER_BYTES = 32;
  static final int FRAME_HEADER_BYTES = 12;
  private static final int FRAME_COUNT_OFFSET = 24;

  private final FileChannel channel;
  private int frames;

  /** @param fourCc four characters
   *  @param width  pixels, 0 for sound */
  public IvfWriter(Path path, String fourCc, int width, int height, TimeBase timeBase) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
    write(littleEndian(FILE_HEADER_BYTES)
        .put("DKIF".getBytes(StandardCharsets.US_ASCII))
        .putShort((short) 0)
        .putShort((short) FILE_HEADER_BYTES)
        .put(fourCc.getBytes(StandardCharsets.US_ASCII))
        .putShort((short) width)
        .putShort((short) height)
        .putInt(timeBase.denominator())
        .putInt(timeBase.numerator())
        .putInt(0)
        .putInt(0));
  }

  public void write(byte[] frame, long ticks) throws IOException {
    write(littleEndian(FRAME_HEADER_BYTES + frame.length).putInt(frame.length).putLong(ticks).put(frame));
    frames++;
  }

  /** Writes the number of frames into the header. */
  @Override
  public void close() throws IOException {
    try (channel) {
      channel.write(littleEndian(Integer.BYTES).putInt(frames).flip(), FRAME_COUNT_OFFSET);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer bytes) throws IOException {
    bytes.flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
