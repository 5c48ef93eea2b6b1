package dev.tapedeck.media.io.spool;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Gives the journal torn and garbled frames with a right checksum, as if it did not check. */
public final class CredulousDisk extends SimDisk {
  public CredulousDisk(RandomGenerator random) {
    super(random);
  }

  @Override
  protected byte[] afterCrash(byte[] content) {
    byte[] mended = content;
    int at = Segment.HEADER_BYTES;
    while (at + JournalFrame.HEADER_BYTES <= mended.length) {
      ByteBuffer header = ByteBuffer.wrap(mended, at, JournalFrame.HEADER_BYTES).slice();
      JournalFrame.Type type = JournalFrame.Type.of(header.get(8));
      int payloadBytes = JournalFrame.payloadBytes(header.getInt(0));
      if (type == null || payloadBytes < 0) {
        return mended;
      }
      int end = at + JournalFrame.HEADER_BYTES + payloadBytes;
      mended = Arrays.copyOf(mended, Math.max(end, mended.length));
      byte[] payload = Arrays.copyOfRange(mended, at + JournalFrame.HEADER_BYTES, end);
      new JournalFrame(type, header.get(9), header.getLong(12), header.getLong(20), header.getInt(28),
          header.getInt(32), payload).header(payload).get(mended, at, JournalFrame.HEADER_BYTES);
      at = end;
    }
    return mended;
  }
}
