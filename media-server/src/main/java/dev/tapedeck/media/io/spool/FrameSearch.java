package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.protocol.id.Ids;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds where the frames of one segment go on behind bytes that make none. The length that the damaged frame states is
 * believed where a whole frame stands behind it; else every byte is tried.
 *
 * <p>Bytes that clients chose are in the payloads, and they may have chosen frames: to read those would let a client take
 * back what was taped. Heads of entries that it cannot foresee stand between its packets, so its frames break off with
 * the packet. Frames found byte by byte therefore count only when together they are longer than any packet, or, where no
 * write was torn, when they last to the end of the segment.
 */
final class FrameSearch {
  static final long NONE = -1;

  private static final long MIN_RUN_BYTES = PacketArena.SLOT_BYTES;
  private static final int WINDOW_BYTES = 64 << 10;

  /** Bytes of false frames read per segment, so that no content makes a start last: half a second of checksums. */
  private static final long MAX_TRIED_BYTES = 1L << 30;

  private final Segment segment;
  private long triedBytes;

  FrameSearch(Segment segment) {
    this.segment = segment;
  }

  /**
   * Looks for the next whole frame.
   *
   * @param at where the bytes begin that make none
   * @return where the next one begins, {@link #NONE} if nothing but a torn write is to be seen
   */
  long next(long at) throws IOException {
    if (at < Segment.HEADER_BYTES) {
      return frameAt(Segment.HEADER_BYTES) == null ? byteByByte(Segment.HEADER_BYTES, true) : Segment.HEADER_BYTES;
    }
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    segment.file.read(length, at);
    int payloadBytes = length.hasRemaining() ? -1 : JournalFrame.payloadBytes(length.getInt(0));
    long stated = at + JournalFrame.HEADER_BYTES + payloadBytes;
    if (payloadBytes >= 0 && stated < segment.bytes && frameAt(stated) != null) {
      return stated;
    }
    boolean isTorn = payloadBytes >= 0 && stated > segment.bytes;
    return byteByByte(at, !isTorn);
  }

  private long byteByByte(long from, boolean endCounts) throws IOException {
    byte[] window = new byte[WINDOW_BYTES];
    long at = from + 1;
    while (at + JournalFrame.HEADER_BYTES <= segment.bytes) {
      ByteBuffer bytes = ByteBuffer.wrap(window);
      segment.file.read(bytes, at);
      int places = bytes.flip().limit() - JournalFrame.HEADER_BYTES + 1;
      for (int i = 0; i < places; i++) {
        if (looksLikeFrame(bytes, i, at + i)) {
          triedBytes += bytes.getInt(i);
          if (isRun(at + i, endCounts)) {
            return at + i;
          }
        }
      }
      at += Math.max(1, places);
    }
    return NONE;
  }

  private boolean looksLikeFrame(ByteBuffer bytes, int i, long at) {
    int payloadBytes = JournalFrame.payloadBytes(bytes.getInt(i));
    return payloadBytes >= 0 && at + JournalFrame.HEADER_BYTES + payloadBytes <= segment.bytes
        && JournalFrame.Type.of(bytes.get(i + 8)) != null && bytes.getShort(i + 10) == 0
        && Ids.isNumber(bytes.getLong(i + 12));
  }

  private boolean isRun(long from, boolean endCounts) throws IOException {
    long at = from;
    while (at - from < MIN_RUN_BYTES && at < segment.bytes) {
      JournalFrame frame = frameAt(at);
      if (frame == null) {
        return false;
      }
      at += frame.journalBytes();
    }
    return at - from >= MIN_RUN_BYTES || endCounts;
  }

  private JournalFrame frameAt(long at) throws IOException {
    if (triedBytes > MAX_TRIED_BYTES) {
      return null;
    }
    JournalFrame frame = segment.readFrame(at);
    return frame != null && isOurs(frame) ? frame : null;
  }

  /** Entries of chunks begin with length and checksum too, so within a payload they pass for frames; not with our ids. */
  private static boolean isOurs(JournalFrame frame) {
    boolean ofRecording = frame.session == 0 && frame.chunk == 0 && frame.sequence == 0;
    boolean ofSession = Ids.isNumber(frame.session);
    return Ids.isNumber(frame.recording) && switch (frame.type) {
      case SLAB -> ofSession;
      case TAPE -> ofSession && frame.chunk == 0 && frame.sequence == 0;
      case RECORDING -> ofRecording;
      case CHUNK_DONE -> ofSession && frame.payloadBytes == 0;
      case RECORDING_DONE -> ofRecording && frame.payloadBytes == 0;
    };
  }
}
