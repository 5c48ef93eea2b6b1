package dev.tapedeck.media.core.sctp;

/** Chunk types (RFC 9260 §3.2, 3758 §3.2, 6525 §3.1, 8260 §2) and their flags. */
final class ChunkType {
  static final int DATA = 0;
  static final int INIT = 1;
  static final int INIT_ACK = 2;
  static final int SACK = 3;
  static final int HEARTBEAT = 4;
  static final int HEARTBEAT_ACK = 5;
  static final int ABORT = 6;
  static final int SHUTDOWN = 7;
  static final int SHUTDOWN_ACK = 8;
  static final int ERROR = 9;
  static final int COOKIE_ECHO = 10;
  static final int COOKIE_ACK = 11;
  static final int SHUTDOWN_COMPLETE = 14;
  static final int I_DATA = 64;
  static final int RE_CONFIG = 130;
  static final int FORWARD_TSN = 192;
  static final int I_FORWARD_TSN = 194;

  static final int FLAG_END = 1;
  static final int FLAG_BEGINNING = 2;
  static final int FLAG_UNORDERED = 4;
  static final int FLAG_IMMEDIATE = 8;

  /** ABORT and SHUTDOWN COMPLETE: the tag is reflected (RFC 9260 §8.5.1). */
  static final int FLAG_REFLECTED = 1;

  private ChunkType() {}

  /** Whether an unknown chunk of this type ends the reading of its packet (RFC 9260 §3.2). */
  static boolean stopsWhenUnknown(int type) {
    return (type & 0x80) == 0;
  }

  /** Whether an unknown chunk of this type is to be reported. */
  static boolean isReportedWhenUnknown(int type) {
    return (type & 0x40) != 0;
  }
}
