package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.packet.PacketArena;
import java.util.Arrays;

/**
 * The last packets of one received stream, in plain text, found by sequence number. It serves every receiver's
 * retransmissions, so that no receiver keeps packets of its own. Holds one reference to each packet's slot.
 *
 * <p>A ring indexed by sequence number: a packet pushes out the one that lies a whole ring behind it.
 */
public final class PacketCache {
  /** Returned by {@link #find} when the packet is not held. */
  public static final int MISSING = -1;

  private final PacketArena arena;
  private final int mask;
  private final int[] slots;
  private final long[] offsets;
  private final int[] sequenceNumbers;
  private final int[] headerBytes;
  private final int[] payloadBytes;
  private final long[] arrivalNanos;
  private int held;

  /** @param packets capacity, a power of two up to 32,768 */
  public PacketCache(PacketArena arena, int packets) {
    if (Integer.bitCount(packets) != 1 || packets > 1 << 15) {
      throw new IllegalArgumentException("packets must be a power of two up to 32768, not " + packets);
    }
    this.arena = arena;
    mask = packets - 1;
    slots = new int[packets];
    offsets = new long[packets];
    sequenceNumbers = new int[packets];
    headerBytes = new int[packets];
    payloadBytes = new int[packets];
    arrivalNanos = new long[packets];
    Arrays.fill(slots, PacketArena.NONE);
  }

  /**
   * Keeps a packet; takes a reference of its own.
   *
   * @param offset       where the RTP header begins in the arena's memory, inside {@code slot}
   * @param headerBytes  with CSRCs and extension
   * @param payloadBytes without padding
   * @return index for the accessors below, valid until a packet a ring later is put
   */
  public int put(int slot, long offset, int sequenceNumber, int headerBytes, int payloadBytes, long arrivalNanos) {
    int index = sequenceNumber & mask;
    dropAt(index);
    arena.retain(slot);
    held++;
    slots[index] = slot;
    offsets[index] = offset;
    sequenceNumbers[index] = sequenceNumber;
    this.headerBytes[index] = headerBytes;
    this.payloadBytes[index] = payloadBytes;
    this.arrivalNanos[index] = arrivalNanos;
    return index;
  }

  /** Index of the packet with this 16-bit sequence number, or {@link #MISSING}. */
  public int find(int sequenceNumber) {
    int index = sequenceNumber & mask;
    return slots[index] != PacketArena.NONE && sequenceNumbers[index] == sequenceNumber ? index : MISSING;
  }

  public int slot(int index) {
    return slots[index];
  }

  public long offset(int index) {
    return offsets[index];
  }

  public int headerBytes(int index) {
    return headerBytes[index];
  }

  public int payloadBytes(int index) {
    return payloadBytes[index];
  }

  /** Lets go of packets that came before {@code nanos}; a walk over the ring, meant for a slow timer. */
  public void dropOlderThan(long nanos) {
    for (int i = 0; i < slots.length && held > 0; i++) {
      if (slots[i] != PacketArena.NONE && arrivalNanos[i] < nanos) {
        dropAt(i);
      }
    }
  }

  public void clear() {
    dropOlderThan(Long.MAX_VALUE);
  }

  public int heldPackets() {
    return held;
  }

  private void dropAt(int index) {
    if (slots[index] != PacketArena.NONE) {
      arena.release(slots[index]);
      slots[index] = PacketArena.NONE;
      held--;
    }
  }
}
