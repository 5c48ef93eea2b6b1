package dev.tapedeck.protocol.chunk;

import dev.tapedeck.protocol.rtp.Bytes;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads a chunk entry by entry, keeping no more than one in memory. Bytes are never trusted: damage is told by
 * {@link #state} and {@link #damagedAt}, only the stream itself may throw.
 *
 * <p>An entry with a wrong checksum but a plausible length is left out and the next one tried, so one flipped bit costs
 * one entry. Used by one thread.
 */
public final class ChunkReader implements Closeable {
  private static final int INITIAL_BUFFER_BYTES = 4096;

  private final InputStream in;
  private final MessageDigest sha256 = newSha256();
  private final CRC32C crc = new CRC32C();
  private final byte[] prefix = new byte[ChunkFormat.ENTRY_PREFIX_BYTES];
  private final MemorySegment prefixMemory = MemorySegment.ofArray(prefix);
  private final ChunkEntry entry = new ChunkEntry();
  private final Optional<ChunkHeader> header;

  private byte[] buffer = new byte[INITIAL_BUFFER_BYTES];
  private MemorySegment memory = MemorySegment.ofArray(buffer);
  private long offset;
  private long entries;
  private long packets;
  private long damagedAt = -1;
  private int damagedEntries;
  private ChunkState state = ChunkState.READING;

  private ChunkReader(InputStream in) throws IOException {
    this.in = in;
    header = readHeader();
    if (header.isEmpty()) {
      endAt(0, ChunkState.CORRUPT);
    }
  }

  /**
   * Reads the header and stands before the first entry.
   *
   * @param in buffered or not matters little; closed by {@link #close}
   */
  public static ChunkReader open(InputStream in) throws IOException {
    return new ChunkReader(in);
  }

  /** Reads a chunk that is already in memory. */
  public static ChunkReader of(byte[] chunk) {
    try {
      return new ChunkReader(new ByteArrayInputStream(chunk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty if these bytes are no chunk, or one of a version we do not know; {@link #next} is false then. */
  public Optional<ChunkHeader> header() {
    return header;
  }

  /**
   * Moves to the next whole entry, index and end mark included.
   *
   * @return false at the end; {@link #state} says which
   */
  public boolean next() throws IOException {
    while (state == ChunkState.READING) {
      long start = offset;
      int got = read(prefix, prefix.length);
      if (got == 0) {
        end(ChunkState.UNSEALED);
        return false;
      }
      int length = prefixMemory.get(Bytes.INT, 0);
      boolean plausible = got == prefix.length
          && length >= ChunkFormat.ENTRY_FIXED_BYTES && length <= ChunkFormat.MAX_ENTRY_BYTES;
      if (!plausible || !readBody(length)) {
        endAt(start, ChunkState.TORN);
        return false;
      }
      if (isIntact(length)) {
        return take(start, length);
      }
      damagedEntries++;
      damaged(start);
      digest(length);
    }
    return false;
  }

  /** The entry {@link #next} moved to. */
  public ChunkEntry entry() {
    return entry;
  }

  /** {@link ChunkState#READING} until the end mark was read or {@link #next} was false. */
  public ChunkState state() {
    return state;
  }

  /** Offset of the first byte that is not as it should be, -1 if none. */
  public long damagedAt() {
    return damagedAt;
  }

  /** Entries left out because their checksum was wrong. */
  public int damagedEntries() {
    return damagedEntries;
  }

  /** Whole entries so far, the end mark not counted. */
  public long entries() {
    return entries;
  }

  /** Whole rtp entries so far. */
  public long packets() {
    return packets;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Optional<ChunkHeader> readHeader() throws IOException {
    byte[] head = new byte[ChunkFormat.HEADER_PREFIX_BYTES];
    if (read(head, head.length) < head.length) {
      return Optional.empty();
    }
    int total = ChunkHeader.totalBytes(head);
    if (total < 0) {
      return Optional.empty();
    }
    byte[] rest = in.readNBytes(total - head.length);
    if (rest.length < total - head.length) {
      return Optional.empty();
    }
    offset = total;
    byte[] whole = Arrays.copyOf(head, total);
    System.arraycopy(rest, 0, whole, head.length, rest.length);
    sha256.update(whole);
    return ChunkHeader.parse(whole);
  }

  private boolean readBody(int length) throws IOException {
    if (length > buffer.length) {
      buffer = new byte[Math.max(length, Math.min(buffer.length * 2, ChunkFormat.MAX_ENTRY_BYTES))];
      memory = MemorySegment.ofArray(buffer);
    }
    return read(buffer, length) == length;
  }

  private boolean isIntact(int length) {
    crc.reset();
    crc.update(buffer, 0, length);
    return prefixMemory.get(Bytes.INT, 4) == (int) crc.getValue();
  }

  private boolean take(long start, int length) throws IOException {
    entry.moveTo(memory, length, start);
    if (entry.kind() == EntryKind.END) {
      checkEnd(start);
      return true;
    }
    digest(length);
    entries++;
    if (entry.kind() == EntryKind.RTP) {
      packets++;
    }
    return true;
  }

  private void checkEnd(long start) throws IOException {
    boolean fits = entry.asEnd().filter(end -> end.bytesBefore() == start && end.entries() == entries
        && end.packets() == packets && Arrays.equals(end.sha256().toByteArray(), sha256.digest())).isPresent();
    if (!fits) {
      endAt(start, ChunkState.CORRUPT);
    } else if (in.read() >= 0) {
      endAt(offset, ChunkState.CORRUPT);
    } else {
      end(ChunkState.COMPLETE);
    }
  }

  /** Ends with this state, unless entries were left out before: then the chunk is corrupt, whatever follows. */
  private void end(ChunkState state) {
    this.state = damagedEntries > 0 ? ChunkState.CORRUPT : state;
  }

  private void endAt(long damagedAt, ChunkState state) {
    damaged(damagedAt);
    end(state);
  }

  private void damaged(long at) {
    if (damagedAt < 0) {
      damagedAt = at;
    }
  }

  private void digest(int length) {
    sha256.update(prefix);
    sha256.update(buffer, 0, length);
  }

  /** Bytes read, fewer than wanted only at the end of the stream. */
  private int read(byte[] into, int wanted) throws IOException {
    int got = in.readNBytes(into, 0, wanted);
    offset += got;
    return got;
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
