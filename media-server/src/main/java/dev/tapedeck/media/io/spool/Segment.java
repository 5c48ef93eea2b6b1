package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * One file of the journal: a header, then frames.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                   "TDSPOOL1" (64 bits)                        |
 * |                      number (64 bits)                         |
 * |                             0                                 |
 * |                 CRC32C of everything before                   |
 * +---------------------------------------------------------------+
 * </pre>
 */
final class Segment {
  static final int HEADER_BYTES = 24;

  private static final long MAGIC = 0x54_44_53_50_4F_4F_4C_31L;
  private static final String NAME = "%016d.tds";

  final long number;
  final SpoolDisk.SegmentFile file;
  long bytes;

  /** Frames in this file that still mean something, in the order they came to be here. */
  final Set<JournalFrame> live = new LinkedHashSet<>();

  /** Tombstones elsewhere that must outlive this file. */
  final Set<JournalFrame> tombstones = new LinkedHashSet<>();

  /** Recordings with any frame in this file, live or not. */
  final Set<Long> recordings = new HashSet<>();

  Segment(long number, SpoolDisk.SegmentFile file, long bytes) {
    this.number = number;
    this.file = file;
    this.bytes = bytes;
  }

  String name() {
    return name(number);
  }

  static String name(long number) {
    return String.format(Locale.ROOT, NAME, number);
  }

  /** The number a file name tells; empty if it is no segment. */
  static Optional<Long> numberOf(String name) {
    return name.matches("[0-9]{16}\\.tds") ? Optional.of(Long.parseLong(name.substring(0, 16))) : Optional.empty();
  }

  ByteBuffer header() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putLong(number).putInt(0);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.position());
    return out.putInt((int) crc.getValue()).flip();
  }

  /**
   * Reads the file from front to back, up to the first byte that makes no sense.
   *
   * @param frames gets each frame, payload in memory, its place set
   * @return bytes that made no whole frame
   */
  long scan(Consumer<JournalFrame> frames) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES);
    file.read(head, 0);
    if (!head.flip().equals(header())) {
      return bytes;
    }
    long at = HEADER_BYTES;
    while (at < bytes) {
      JournalFrame frame = readFrame(at);
      if (frame == null) {
        return bytes - at;
      }
      frame.segment = this;
      frame.payloadAt = at + JournalFrame.HEADER_BYTES;
      frame.isForced = true;
      recordings.add(frame.recording);
      frames.accept(frame);
      at += frame.journalBytes();
    }
    return 0;
  }

  /** Whether it is worth reading a frame here: length and type are possible. */
  boolean looksLikeFrame(long at) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(JournalFrame.HEADER_BYTES);
    file.read(header, at);
    int payloadBytes = JournalFrame.payloadBytes(header.getInt(0));
    return !header.hasRemaining() && payloadBytes >= 0 && at + JournalFrame.HEADER_BYTES + payloadBytes <= bytes
        && JournalFrame.Type.of(header.get(8)) != null;
  }

  /** @return null if the bytes at this place are no whole frame */
  JournalFrame readFrame(long at) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(JournalFrame.HEADER_BYTES);
    file.read(header, at);
    if (header.hasRemaining()) {
      return null;
    }
    int payloadBytes = JournalFrame.payloadBytes(header.getInt(0));
    if (payloadBytes < 0 || at + JournalFrame.HEADER_BYTES + payloadBytes > bytes) {
      return null;
    }
    ByteBuffer payload = ByteBuffer.allocate(payloadBytes);
    file.read(payload, at + JournalFrame.HEADER_BYTES);
    return payload.hasRemaining() ? null : JournalFrame.parse(header, payload.array());
  }
}
