package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.packet.PacketArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Datagrams that other workers pass on to this one: a ring of fixed size. Any worker adds, the owner takes; nobody waits
 * for anybody, and what finds no room is lost. Each cell carries the number of the datagram that may be put there next,
 * or that number plus one while it holds it, so that a cell still being written is not read.
 */
final class DatagramInbox {
  private static final int CELLS = 512;
  private static final int CELL_BYTES = PacketArena.SLOT_BYTES;

  private final MemorySegment memory;
  private final AtomicLongArray turns = new AtomicLongArray(CELLS);
  private final AtomicLong tail = new AtomicLong();
  private final long[] arrivalNanos = new long[CELLS];
  private final int[] sockets = new int[CELLS];
  private final long[] highs = new long[CELLS];
  private final long[] lows = new long[CELLS];
  private final int[] ports = new int[CELLS];
  private final int[] lengths = new int[CELLS];
  private long head;

  /** @param arena owns the memory; never closed by this */
  DatagramInbox(Arena arena) {
    memory = arena.allocate((long) CELLS * CELL_BYTES, 64);
    for (int cell = 0; cell < CELLS; cell++) {
      turns.set(cell, cell);
    }
  }

  /**
   * Copies a datagram in; from any thread.
   *
   * @param length at most {@link PacketArena#SLOT_BYTES}
   * @return false if there is no room
   */
  boolean offer(
      MemorySegment source, long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    long number = tail.get();
    int cell = cell(number);
    long turn;
    while ((turn = turns.get(cell)) != number || !tail.compareAndSet(number, number + 1)) {
      if (turn < number) {
        return false; // what lay here a whole ring ago has not been taken
      }
      number = tail.get();
      cell = cell(number);
    }
    MemorySegment.copy(source, offset, memory, (long) cell * CELL_BYTES, length);
    this.arrivalNanos[cell] = arrivalNanos;
    sockets[cell] = socket;
    highs[cell] = high;
    lows[cell] = low;
    ports[cell] = port;
    lengths[cell] = length;
    turns.set(cell, number + 1);
    return true;
  }

  /** Number of the next datagram to be added: all before it were added by now, or are being added. */
  long mark() {
    return tail.get();
  }

  boolean isEmpty() {
    return turns.get(cell(head)) != head + 1;
  }

  /** Takes what was added before the mark, in order; for the owner alone. */
  void take(long nowNanos, long mark, PacketArena packets, UdpTransport.Receiver receiver) {
    while (head < mark && !isEmpty()) {
      int cell = cell(head);
      int slot = packets.allocate();
      int length = lengths[cell];
      if (slot != PacketArena.NONE) {
        MemorySegment.copy(memory, (long) cell * CELL_BYTES, packets.memory(), PacketArena.offset(slot), length);
      }
      long arrived = arrivalNanos[cell];
      int socket = sockets[cell];
      long high = highs[cell];
      long low = lows[cell];
      int port = ports[cell];
      turns.set(cell, head + CELLS);
      head++;
      receiver.receive(nowNanos, arrived, socket, high, low, port, slot, length);
    }
  }

  private static int cell(long number) {
    return (int) number & CELLS - 1;
  }
}
