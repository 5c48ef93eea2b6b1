package dev.tapedeck.media.core.sctp;

/**
 * What one DATA or I-DATA chunk carries; {@link DataChunkWriter} draws them.
 *
 * @param number   SSN of DATA, MID of I-DATA, as on the wire
 * @param position orders the fragments of a message: the TSN of DATA, the FSN of I-DATA
 * @param protocol payload protocol identifier; with I-DATA told by the first fragment only
 * @param data     at least one byte
 */
record Fragment(
    long tsn,
    int streamId,
    boolean isInterleaved,
    boolean isOrdered,
    boolean isBeginning,
    boolean isEnd,
    int number,
    long position,
    int protocol,
    byte[] data) {

  /** @param chunk longer than its header */
  static Fragment read(Tlv chunk, long tsn) {
    boolean isInterleaved = chunk.chunkType() == ChunkType.I_DATA;
    boolean isBeginning = chunk.hasFlag(ChunkType.FLAG_BEGINNING);
    int last = chunk.value32(headerBytes(chunk) - 4);
    return new Fragment(
        tsn,
        chunk.value16(4),
        isInterleaved,
        !chunk.hasFlag(ChunkType.FLAG_UNORDERED),
        isBeginning,
        chunk.hasFlag(ChunkType.FLAG_END),
        isInterleaved ? chunk.value32(8) : chunk.value16(6),
        isInterleaved ? isBeginning ? 0 : Integer.toUnsignedLong(last) : tsn,
        last,
        chunk.value(headerBytes(chunk)));
  }

  static int headerBytes(Tlv chunk) {
    return chunk.chunkType() == ChunkType.I_DATA
        ? DataChunkWriter.I_DATA_HEADER_BYTES
        : DataChunkWriter.DATA_HEADER_BYTES;
  }

  /** What keeping it costs of the receive buffer. */
  int heldBytes() {
    return data.length + SctpLimits.OVERHEAD_BYTES;
  }
}
