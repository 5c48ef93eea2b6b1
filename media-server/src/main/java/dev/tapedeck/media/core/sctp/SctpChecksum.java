package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** The CRC32c over a packet whose checksum field counts as zero (RFC 9260 §6.8 and appendix A). */
final class SctpChecksum {
  private static final int FIELD_AT = 8;
  private static final int FIELD_BYTES = 4;

  private final CRC32C crc = new CRC32C();

  /** The 32 bits as they stand in the header: the least significant byte of the polynomial division first. */
  int of(MemorySegment memory, long offset, int length) {
    crc.reset();
    crc.update(memory.asSlice(offset, FIELD_AT).asByteBuffer());
    for (int i = 0; i < FIELD_BYTES; i++) {
      crc.update(0);
    }
    int restAt = FIELD_AT + FIELD_BYTES;
    crc.update(memory.asSlice(offset + restAt, length - restAt).asByteBuffer());
    return Integer.reverseBytes((int) crc.getValue());
  }

  boolean isRight(MemorySegment memory, long offset, int length) {
    return Bytes.i32(memory, offset + FIELD_AT) == of(memory, offset, length);
  }

  void write(MemorySegment memory, long offset, int length) {
    Bytes.put32(memory, offset + FIELD_AT, of(memory, offset, length));
  }
}
