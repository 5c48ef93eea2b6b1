package dev.tapedeck.protocol.chunk;

/** Numbers of chunk format v1; {@code docs/chunk-format.md} draws the bytes. */
public final class ChunkFormat {
  /** "\x89TDC\r\n\x1a\n": not text, and broken by any transfer that changes line ends or the eighth bit. */
  public static final long MAGIC = 0x89_54_44_43_0D_0A_1A_0AL;

  public static final int VERSION = 1;

  /** Magic, version, flags and body length. */
  static final int HEADER_PREFIX_BYTES = 16;

  /** A header body beyond this is not one of ours. */
  static final int MAX_HEADER_BODY_BYTES = 1 << 16;

  static final int CRC_BYTES = 4;

  /** Length and CRC32C, which the length does not count. */
  static final int ENTRY_PREFIX_BYTES = 8;

  /** Kind, flags, track and arrival time: the least an entry's length may say. */
  static final int ENTRY_FIXED_BYTES = 12;

  /** What an entry costs beside its payload. */
  public static final int ENTRY_OVERHEAD_BYTES = ENTRY_PREFIX_BYTES + ENTRY_FIXED_BYTES;

  /** The most an entry's length may say. */
  public static final int MAX_ENTRY_BYTES = 1 << 20;

  public static final int CLOCK_PAYLOAD_BYTES = 16;
  public static final int INDEX_POINT_BYTES = 12;
  public static final int SHA256_BYTES = 32;
  public static final int END_PAYLOAD_BYTES = 8 + 4 + 8 + SHA256_BYTES;

  /** Flag of an rtp entry: the packet came as a retransmission (RFC 4588). */
  public static final int FLAG_REPAIRED = 1;

  /** Flag of an rtp entry: first packet of a key frame. */
  public static final int FLAG_KEY_FRAME = 2;

  private ChunkFormat() {}
}
