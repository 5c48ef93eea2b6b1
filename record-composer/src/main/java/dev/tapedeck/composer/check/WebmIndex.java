package dev.tapedeck.composer.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells whether a webm or mkv file has Cues, the index players seek by, looking only at the elements of its top
 *  levels (RFC 8794 for the sizes, RFC 9559 for the ids). */
final class WebmIndex {
  private static final long SEGMENT = 0x18538067L;
  private static final long CUES = 0x1C53BB6BL;
  private static final int MAX_HEADER_BYTES = 12;

  private WebmIndex() {}

  static boolean hasCues(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long position = 0;
      while (position < channel.size()) {
        ByteBuffer header = ByteBuffer.allocate(MAX_HEADER_BYTES);
        channel.read(header, position);
        header.flip();
        long id = vint(header, false);
        long bodyBytes = vint(header, true);
        if (id == CUES) {
          return true;
        }
        if (id < 0 || bodyBytes < 0) {
          return false;
        }
        position += header.position() + (id == SEGMENT ? 0 : bodyBytes);
      }
      return false;
    }
  }

  /** @param masked whether the length marker is removed, as in sizes
   *  @return -1 where there is none */
  private static long vint(ByteBuffer in, boolean masked) {
    if (!in.hasRemaining() || in.get(in.position()) == 0) {
      return -1;
    }
    int first = in.get() & 0xFF;
    int more = Integer.numberOfLeadingZeros(first) - 24;
    if (in.remaining() < more) {
      return -1;
    }
    long value = masked ? first & 0x7F >>> more : first;
    for (int i = 0; i < more; i++) {
      value = value << 8 | in.get() & 0xFF;
    }
    return value;
  }
}
