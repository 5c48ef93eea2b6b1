package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.packet.PacketArena;

/**
 * RTP packets one receiver is owed, in order, until the next flush. They are gathered for a moment so that the flush
 * writes them one behind the other and they leave in few system calls. Holds a reference to each packet's slot.
 */
final class EgressQueue {
  /** More than one flush ever gathers; reaching it forces a flush. */
  static final int CAPACITY = 64;

  final int[] slots = new int[CAPACITY];
  final long[] offsets = new long[CAPACITY];
  final int[] headerBytes = new int[CAPACITY];
  final int[] payloadBytes = new int[CAPACITY];
  final int[] sequenceNumbers = new int[CAPACITY];
  final int[] epochs = new int[CAPACITY];
  final EgressWriter[] writers = new EgressWriter[CAPACITY];
  private final PacketArena arena;
  private int size;
  private long oldestNanos;

  EgressQueue(PacketArena arena) {
    this.arena = arena;
  }

  void add(
      long nowNanos,
      EgressWriter writer,
      int slot,
      long offset,
      int headerBytes,
      int payloadBytes,
      int sequenceNumber,
      int epoch) {
    if (size == 0) {
      oldestNanos = nowNanos;
    }
    arena.retain(slot);
    slots[size] = slot;
    offsets[size] = offset;
    this.headerBytes[size] = headerBytes;
    this.payloadBytes[size] = payloadBytes;
    sequenceNumbers[size] = sequenceNumber;
    epochs[size] = epoch;
    writers[size] = writer;
    size++;
  }

  int size() {
    return size;
  }

  long oldestNanos() {
    return oldestNanos;
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      arena.release(slots[i]);
      writers[i] = null;
    }
    size = 0;
  }
}
