package dev.tapedeck.composer.core.verify;

import java.util.Locale;

/**
 * Something about a recording's source that is not as it should be. What is intact is used all the same.
 *
 * @param chunk  key of the chunk, or the manifest, relative to the recording; or peer/session
 * @param offset of the first bad entry from the start of the chunk, {@link #NO_OFFSET} where none can be told
 * @param detail what was found, and where
 */
public record Finding(Kind kind, String chunk, long offset, String detail) {
  public static final long NO_OFFSET = -1;

  public Finding(Kind kind, String chunk, String detail) {
    this(kind, chunk, NO_OFFSET, detail);
  }

  /** Whether media is missing from the output because of it. */
  public enum Kind {
    /** The manifest names it, the store does not have it. */
    MISSING,
    /** It ends within an entry. */
    TRUNCATED,
    /** Entries have wrong checksums, or the end mark does not fit. */
    CORRUPT,
    /** It has no end mark: the recorder did not come to seal it. */
    UNSEALED,
    /** Whole in itself, but not the bytes the manifest promises. */
    WRONG_HASH,
    /** Another number of packets or bytes than promised. */
    WRONG_COUNT,
    /** It belongs to another recording or session. */
    FOREIGN,
    /** Encrypted with a key this composer does not have. */
    ENCRYPTED,
    /** A number in the row of chunks is not there. */
    INDEX_GAP,
    /** Packets that reached the tape are not on it, and no gap says so. */
    UNNAMED_LOSS,
    /** A packet stands on the tape twice. */
    DUPLICATE,
    /** A link of the session's chain of chunks does not fit. */
    CHAIN,
    /** The manifest is not what the owner of the key signed. */
    SIGNATURE,
    /** A track whose codec no file of ours can hold. */
    UNSUPPORTED_CODEC,
    /** The manifest cannot be read, or says itself that something is missing. */
    MANIFEST,
    /** A track or file could not be made; the others were. */
    TRACK_FAILED;

    /** Whether something of the tape is not there, or not what was taped. */
    public boolean isLoss() {
      return switch (this) {
        case MISSING, TRUNCATED, CORRUPT, UNSEALED, WRONG_HASH, WRONG_COUNT, INDEX_GAP, UNNAMED_LOSS -> true;
        case DUPLICATE, CHAIN, SIGNATURE, FOREIGN, ENCRYPTED, UNSUPPORTED_CODEC, MANIFEST, TRACK_FAILED -> false;
      };
    }
  }

  @Override
  public String toString() {
    return chunk + ": " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + detail;
  }
}
