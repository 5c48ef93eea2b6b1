package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.protocol.rtp.SequenceNumbers;
import java.util.Arrays;

/**
 * The last packets of one received stream, in plain text, found by sequence number. It serves every receiver's
 * retransmissions, so that no receiver keeps packets of its own. Holds one reference to each packet's slot, as long as
 * {@link CachedPackets} lets it.
 *
 * <p>A ring indexed by sequence number: a packet pushes out the one that lies a whole ring behind it, never a newer one.
 */
public final class PacketCache {
  /** Returned by {@link #find} and {@link #put} when the packet is not held. */
  public static final int MISSING = -1;

  private final CachedPackets all;
  private final int mask;
  private final int[] slots;
  private final long[] offsets;
  private final int[] sequenceNumbers;
  private final int[] headerBytes;
  private final int[] payloadBytes;
  private int held;

  /** @param packets capacity, a power of two up to 32,768 */
  public PacketCache(CachedPackets all, int packets) {
    if (Integer.bitCount(packets) != 1 || packets > 1 << 15) {
      throw new IllegalArgumentException("packets must be a power of two up to 32768, not " + packets);
    }
    this.all = all;
    mask = packets - 1;
    slots = new int[packets];
    offsets = new long[packets];
    sequenceNumbers = new int[packets];
    headerBytes = new int[packets];
    payloadBytes = new int[packets];
    Arrays.fill(slots, PacketArena.NONE);
  }

  /**
   * Keeps a packet; takes a reference of its own.
   *
   * @param offset       where the RTP header begins in the arena's memory, inside {@code slot}
   * @param headerBytes  with CSRCs and extension
   * @param payloadBytes without padding
   * @return index for the accessors below, valid until a packet is put into any cache of the worker; {@link #MISSING}
   *     if the packet came so late that a newer one has its place
   */
  public int put(int slot, long offset, int sequenceNumber, int headerBytes, int payloadBytes, long nowNanos) {
    int index = sequenceNumber & mask;
    if (slots[index] != PacketArena.NONE) {
      if (SequenceNumbers.distance(sequenceNumbers[index], sequenceNumber) < 0) {
        return MISSING;
      }
      dropAt(index);
    }
    held++;
    slots[index] = slot;
    offsets[index] = offset;
    sequenceNumbers[index] = sequenceNumber;
    this.headerBytes[index] = headerBytes;
    this.payloadBytes[index] = payloadBytes;
    all.add(this, index, slot, nowNanos);
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

  public void clear() {
    for (int i = 0; i < slots.length && held > 0; i++) {
      if (slots[i] != PacketArena.NONE) {
        dropAt(i);
      }
    }
  }

  public int heldPackets() {
    return held;
  }

  /** Lets go of the packet at this index, which must be held. */
  void dropAt(int index) {
    all.remove(slots[index]);
    slots[index] = PacketArena.NONE;
    held--;
  }
}
