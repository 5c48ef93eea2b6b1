package dev.tapedeck.media.io.spool;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One record of the journal, and where it is: in memory, on disk, or both.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |            length: bytes from type on, at least 28            |
 * |                   CRC32C of these bytes                       |
 * +---------------+---------------+-------------------------------+
 * |     type      |     flags     |               0               |
 * +---------------+---------------+-------------------------------+
 * |                      recording (64 bits)                      |
 * |                       session (64 bits)                       |
 * +---------------------------------------------------------------+
 * |                             chunk                             |
 * |                            sequence                           |
 * +---------------------------------------------------------------+
 * |                          payload ...                          |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * Written by the spool thread; {@link #payload} and the position may be read by others.
 */
final class JournalFrame {
  static final int PREFIX_BYTES = 8;
  static final int HEADER_BYTES = PREFIX_BYTES + 28;
  static final int MAX_PAYLOAD_BYTES = 16 << 20;

  /** A slab frame that ends its chunk. */
  static final int FLAG_LAST = 1;

  /** A tape frame that tells the close. */
  static final int FLAG_CLOSED = 1;

  /** A recording frame that tells no close, only interruptions of what is still open. */
  static final int FLAG_INTERRUPTED = 1;

  /** What a frame says. Numbers are promises. */
  enum Type {
    /** Bytes of a chunk; the sequence says which. */
    SLAB(1),
    /** What a tape holds so far, a {@code TapeClosed}; the newest counts. */
    TAPE(2),
    /** A {@code RecordingClosed}; the newest counts. */
    RECORDING(3),
    /** The chunk is stored and verified: its slabs mean nothing any more. */
    CHUNK_DONE(4),
    /** The recording is stored and told: none of its frames means anything any more. */
    RECORDING_DONE(5),
    /** A {@code RecordingOrders}; the newest counts. */
    ORDERS(6);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    static Type of(int code) {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      return null;
    }

    /** Whether the frame only takes others back. */
    boolean isTombstone() {
      return this == CHUNK_DONE || this == RECORDING_DONE;
    }
  }

  final Type type;
  final int flags;
  final long recording;
  final long session;
  final int chunk;
  final int sequence;
  final int payloadBytes;

  /** In memory, or null when it lives on disk only. */
  private volatile byte[] payload;

  /** Where it was written last, or null. */
  volatile Segment segment;

  volatile long payloadAt;

  /** A force has completed since it was written. */
  boolean isForced;

  /** Waits to be written, or was written and waits for a force. */
  boolean isQueued;

  boolean isReleased;

  /** Released when this one is forced. */
  JournalFrame replaces;

  /** A newer frame will take its place: not worth moving. */
  boolean isReplaced;

  /** Where it stood before it was moved; holds until this one is forced. */
  Segment movedFrom;

  /** Tombstones: segments that still hold what this takes back. */
  int pins;

  JournalFrame(Type type, int flags, long recording, long session, int chunk, int sequence, byte[] payload) {
    this.type = type;
    this.flags = flags;
    this.recording = recording;
    this.session = session;
    this.chunk = chunk;
    this.sequence = sequence;
    this.payload = payload;
    payloadBytes = payload.length;
  }

  /** The payload, or null when it lives on disk only. */
  byte[] payload() {
    return payload;
  }

  boolean isInMemory() {
    return payload != null;
  }

  /** Lets the memory go; the frame was forced. */
  void evict() {
    payload = null;
  }

  long journalBytes() {
    return HEADER_BYTES + (long) payloadBytes;
  }

  boolean isLast() {
    return type == Type.SLAB && (flags & FLAG_LAST) != 0;
  }

  boolean isClosed() {
    return type == Type.TAPE && (flags & FLAG_CLOSED) != 0;
  }

  boolean isInterruption() {
    return type == Type.RECORDING && (flags & FLAG_INTERRUPTED) != 0;
  }

  /** Everything before the payload. */
  ByteBuffer header(byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
    out.putInt(HEADER_BYTES - PREFIX_BYTES + payload.length).putInt(0);
    out.put((byte) type.code).put((byte) flags).putShort((short) 0);
    out.putLong(recording).putLong(session).putInt(chunk).putInt(sequence);
    return out.putInt(4, crc(out.array(), payload)).flip();
  }

  /**
   * Reads a frame.
   *
   * @param header as {@link #header} made it
   * @return null if the checksum is wrong or the type unknown
   */
  static JournalFrame parse(ByteBuffer header, byte[] payload) {
    Type type = Type.of(header.get(8));
    if (type == null || header.getInt(4) != crc(header.array(), payload)) {
      return null;
    }
    return new JournalFrame(type, header.get(9), header.getLong(12), header.getLong(20), header.getInt(28),
        header.getInt(32), payload);
  }

  /** Payload bytes of a frame, told from its first four bytes; negative if they tell none. */
  static int payloadBytes(int length) {
    int payloadBytes = length - (HEADER_BYTES - PREFIX_BYTES);
    return length >= 0 && payloadBytes <= MAX_PAYLOAD_BYTES ? payloadBytes : -1;
  }

  private static int crc(byte[] header, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(header, PREFIX_BYTES, HEADER_BYTES - PREFIX_BYTES);
    crc.update(payload, 0, payload.length);
    return (int) crc.getValue();
  }
}
