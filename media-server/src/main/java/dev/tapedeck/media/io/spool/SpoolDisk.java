package dev.tapedeck.media.io.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The folder the journal lives in. Files are only appended to, forced, read and deleted. */
interface SpoolDisk extends Closeable {
  /** Names of all segment files, in any order. */
  List<String> list() throws IOException;

  /** A new, empty file. Its name survives a crash only after {@link #forceNames}. */
  SegmentFile create(String name) throws IOException;

  /** An existing file, to be read. */
  SegmentFile open(String name) throws IOException;

  /** Removes a file; it may come back after a crash until {@link #forceNames}. */
  void delete(String name) throws IOException;

  /** Makes durable what names were created and deleted before; may come from a thread beside. */
  void forceNames() throws IOException;

  /** Bytes that can still be written. */
  long usableBytes() throws IOException;

  @Override
  void close() throws IOException;

  /** One file. Reads may come from any thread, and a force from one beside; everything else from the spool thread. */
  interface SegmentFile extends Closeable {
    /** Appends all of these bytes; after an exception any part of them may have been appended. */
    void append(ByteBuffer... parts) throws IOException;

    /** Fills {@code into} with the bytes from {@code at} on, or fewer at the end of the file. */
    void read(ByteBuffer into, long at) throws IOException;

    long bytes() throws IOException;

    /** Makes durable what was appended before; appending may go on meanwhile. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
