package dev.tapedeck.composer.io.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * The chunks of one session one after the other in a temporary file, mapped into memory to be read by offset. Deleted
 * on {@link #close}.
 */
final class TapeFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final Arena arena = Arena.ofShared();

  TapeFile(Path folder) throws IOException {
    this.path = Files.createTempFile(folder, "session-", ".tape");
    this.channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Where the next byte goes. */
  long position() throws IOException {
    return channel.position();
  }

  /** A stream over {@code in} whose bytes go to this file and into the digest as they are read. */
  InputStream recording(InputStream in, MessageDigest digest) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int got = super.read(into, offset, length);
        if (got > 0) {
          digest.update(into, offset, got);
          write(ByteBuffer.wrap(into, offset, got));
        }
        return got;
      }
    };
  }

  /** All bytes; readable until {@link #close}. */
  MemorySegment map() throws IOException {
    return channel.map(MapMode.READ_ONLY, 0, channel.position(), arena);
  }

  @Override
  public void close() throws IOException {
    arena.close();
    channel.close();
    Files.deleteIfExists(path);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
