package dev.tapedeck.protocol.chunk;

/** What a reader found when it had read to the end. */
public enum ChunkState {
  /** Not there yet. */
  READING,
  /** The end mark is there, and all bytes before it are as it says. */
  COMPLETE,
  /** The last entry is whole, but no end mark follows: the chunk was still open. */
  UNSEALED,
  /** The bytes stop, or stop making sense, within an entry; everything before is good. */
  TORN,
  /** Header or entries are damaged, or the end mark does not fit what stands before it. */
  CORRUPT
}
