package dev.tapedeck.media.core.record;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A piece of memory that carries whole entries of one chunk from the worker to the spool. It has one owner at a time:
 * the pool, the tape that fills it, or the spool.
 */
public final class Slab implements TapeMessage {
  private final MemorySegment memory;
  private final ByteBuffer view;
  private TapeIdentity tape;
  private int chunk;
  private int sequence;
  private int bytes;

  /** @param buffer all of it is used */
  public Slab(ByteBuffer buffer) {
    memory = MemorySegment.ofBuffer(buffer);
    view = buffer;
  }

  /**
   * Names what the first bytes are.
   *
   * @param chunk    index of the chunk within the tape
   * @param sequence position within the chunk, from 0; the first one begins with the chunk's header
   */
  public void fill(TapeIdentity tape, int chunk, int sequence, int bytes) {
    this.tape = tape;
    this.chunk = chunk;
    this.sequence = sequence;
    this.bytes = bytes;
  }

  public MemorySegment memory() {
    return memory;
  }

  /** The same memory; position and limit are left anywhere. */
  public ByteBuffer view() {
    return view;
  }

  public TapeIdentity tape() {
    return tape;
  }

  public int chunk() {
    return chunk;
  }

  public int sequence() {
    return sequence;
  }

  public int bytes() {
    return bytes;
  }
}
