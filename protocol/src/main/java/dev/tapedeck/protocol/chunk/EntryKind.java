package dev.tapedeck.protocol.chunk;

/** What an entry holds. Numbers are promises: never reused, only added to. */
public enum EntryKind {
  /** A kind of a later format; readers skip it. */
  UNKNOWN(0),
  /** Description of a track, {@link TrackEntry}; a later one of the same number replaces it. */
  TRACK(1),
  /** One RTP packet, header and payload as the client sent them. */
  RTP(2),
  /** One RTCP sender report packet (RFC 3550 §6.4.1). */
  SENDER_REPORT(3),
  /** JSON that tells what happened in the room. */
  ROOM_EVENT(4),
  /** A moment in monotonic and in wall time, {@link ClockEntry}. */
  CLOCK(5),
  /** Something that should be here and is not, {@link GapEntry}. */
  GAP(6),
  /** Where to start reading for a moment: offsets of entries with their arrival times. */
  INDEX(7),
  /** Counts and checksum of all before; nothing follows, {@link EndEntry}. */
  END(8);

  private static final EntryKind[] BY_CODE = values();

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The kind with this number, {@link #UNKNOWN} if there is none yet. */
  public static EntryKind of(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
  }
}
