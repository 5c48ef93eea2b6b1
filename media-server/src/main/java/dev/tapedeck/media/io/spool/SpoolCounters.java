package dev.tapedeck.media.io.spool;

import java.util.concurrent.atomic.AtomicLong;

/** What {@code /metrics} tells of the spool. Totals grow for the life of the process; levels go up and down. */
public final class SpoolCounters {
  /** What the journal may take of its disk, less where others have filled it. Level. */
  public final AtomicLong budgetBytes = new AtomicLong();

  /** How full the spool is, in millionths of what it may hold. Level. */
  public final AtomicLong fillPpm = new AtomicLong();

  /** Ordinal of the {@link dev.tapedeck.media.core.record.Pressure} on tapes. Level. */
  public final AtomicLong pressure = new AtomicLong();

  /** Unix milliseconds of the oldest entry that is not known to be stored; 0 if there is none. Level. */
  public final AtomicLong oldestUnsentMillis = new AtomicLong();

  /** Longest that one write or force took in this process, nanoseconds. */
  public final AtomicLong longestDiskNanos = new AtomicLong();

  /** 1 while one write or force takes too long. Level. */
  public final AtomicLong diskSlow = new AtomicLong();

  /** Recordings of which something is not known to be stored or told. Level. */
  public final AtomicLong recordings = new AtomicLong();

  /** Slabs that exist, in use or free. Level. */
  public final AtomicLong slabs = new AtomicLong();

  /** Times a tape asked for a slab and got none. */
  public final AtomicLong slabsRefused = new AtomicLong();

  /** Chunk bytes taken from tapes. */
  public final AtomicLong tapedBytes = new AtomicLong();

  /** Chunk bytes held in memory. Level. */
  public final AtomicLong memoryBytes = new AtomicLong();

  /** Bytes of all journal segments. Level. */
  public final AtomicLong diskBytes = new AtomicLong();

  /** Bytes of chunks, open or sealed, that are not known to be stored. Level. */
  public final AtomicLong unsentBytes = new AtomicLong();

  /** Bytes written to the journal. */
  public final AtomicLong journalledBytes = new AtomicLong();

  /** Completed forces of the journal. */
  public final AtomicLong commits = new AtomicLong();

  /** Writes and forces the disk refused. */
  public final AtomicLong diskFailures = new AtomicLong();

  /** 1 while the disk refuses. Level. */
  public final AtomicLong diskFailing = new AtomicLong();

  /** Packets dropped because neither memory nor disk took them; each is in a gap. */
  public final AtomicLong droppedPackets = new AtomicLong();

  /** Bytes at the ends of segments that made no whole frame when the spool was opened. */
  public final AtomicLong tornBytes = new AtomicLong();

  /** Chunks sealed, those closed by recovery included. */
  public final AtomicLong chunksSealed = new AtomicLong();

  /** Chunks stored and verified. */
  public final AtomicLong chunksVerified = new AtomicLong();

  /** Bytes of chunks stored and verified. */
  public final AtomicLong verifiedBytes = new AtomicLong();

  /** Attempts to upload a chunk. */
  public final AtomicLong uploadAttempts = new AtomicLong();

  /** Attempts that failed, for whatever reason; made again unless the chunk is unreadable. */
  public final AtomicLong uploadFailures = new AtomicLong();

  /** Chunks given up because the disk does not give them back; each is in a gap. */
  public final AtomicLong chunksUnreadable = new AtomicLong();

  /** Tapes that recovery closed after a crash. */
  public final AtomicLong tapesRecovered = new AtomicLong();

  /** Age of the oldest entry that is not known to be stored, milliseconds; 0 if there is none. */
  public long oldestUnsentAgeMillis(long wallMillis) {
    long since = oldestUnsentMillis.get();
    return since == 0 ? 0 : Math.max(0, wallMillis - since);
  }
}
