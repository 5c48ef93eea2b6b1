package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.packet.PacketArena;

/**
 * RTP packets one receiver is owed, in order, until the next flush. They are gathered for a moment so that the flush
 * writes them one behind the other and they leave in few system calls. Holds a reference to each packet's slot.
 *
 * <p>What belongs to a packet lies together, two packets to a cache line: a frame for fifty receivers passes through
 * fifty of these, which are in no cache when it comes.
 */
final class EgressQueue {
  /** More than one flush ever gathers; reaching it forces a flush. As many as a long has bits, for {@link SendOrder}. */
  static final int CAPACITY = Long.SIZE;

  /** Returned by {@link #previousOfStream} for the first packet of a stream. */
  static final int NONE = -1;

  private static final int SLOT = 0;
  private static final int OFFSET_IN_SLOT = 1;
  private static final int HEADER_BYTES = 2;
  private static final int PAYLOAD_BYTES = 3;
  private static final int SEQUENCE_NUMBER = 4;
  private static final int EPOCH = 5;
  private static final int PREVIOUS_OF_STREAM = 6;
  private static final int FIELDS = 8;

  private final int[] packets = new int[CAPACITY * FIELDS];

  /** Not cleared, and written only where it changes: the collector looks at every reference that is stored. */
  private final EgressWriter[] writers = new EgressWriter[CAPACITY];

  private final PacketArena arena;
  private int size;
  private int streams;
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
    int at = size * FIELDS;
    packets[at + SLOT] = slot;
    packets[at + OFFSET_IN_SLOT] = (int) (offset - PacketArena.offset(slot));
    packets[at + HEADER_BYTES] = headerBytes;
    packets[at + PAYLOAD_BYTES] = payloadBytes;
    packets[at + SEQUENCE_NUMBER] = sequenceNumber;
    packets[at + EPOCH] = epoch;
    packets[at + PREVIOUS_OF_STREAM] = newestOf(writer);
    streams += packets[at + PREVIOUS_OF_STREAM] == NONE ? 1 : 0;
    if (writers[size] != writer) {
      writers[size] = writer;
    }
    size++;
  }

  private int newestOf(EgressWriter writer) {
    for (int i = size - 1; i >= 0; i--) {
      if (writers[i] == writer) {
        return i;
      }
    }
    return NONE;
  }

  int size() {
    return size;
  }

  /** How many writers the packets are of. */
  int streams() {
    return streams;
  }

  long oldestNanos() {
    return oldestNanos;
  }

  EgressWriter writer(int index) {
    return writers[index];
  }

  /** Where the packet begins in the arena's memory. */
  long offset(int index) {
    int at = index * FIELDS;
    return PacketArena.offset(packets[at + SLOT]) + packets[at + OFFSET_IN_SLOT];
  }

  int headerBytes(int index) {
    return packets[index * FIELDS + HEADER_BYTES];
  }

  int payloadBytes(int index) {
    return packets[index * FIELDS + PAYLOAD_BYTES];
  }

  int sequenceNumber(int index) {
    return packets[index * FIELDS + SEQUENCE_NUMBER];
  }

  int epoch(int index) {
    return packets[index * FIELDS + EPOCH];
  }

  /** The packet of the same writer that was added last before this one, or {@link #NONE}. */
  int previousOfStream(int index) {
    return packets[index * FIELDS + PREVIOUS_OF_STREAM];
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      arena.release(packets[i * FIELDS + SLOT]);
    }
    size = 0;
    streams = 0;
  }
}
