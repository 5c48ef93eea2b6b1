package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.MemorySegment;

/**
 * Datagrams a worker wants to send, one behind the other in the arena's output region, and the runs of them that may
 * leave in one message: same path, equal size but for a shorter last one (UDP GSO). Owned by the worker thread.
 */
final class EgressBatch implements DatagramSink {
  /** Most datagrams the kernel cuts from one message (UDP_MAX_SEGMENTS of older kernels). */
  private static final int MAX_SEGMENTS = 64;

  /** Most bytes of one message, below the 65,507 of a UDP payload over IPv4. */
  private static final int MAX_RUN_BYTES = 60_000;

  /**
   * What has gathered is sent when it is this much and the next receiver's turn comes: a second-level cache holds it, so
   * the kernel copies what was just written, and the next receivers' packets go to the same lines.
   */
  private static final int SENT_TOGETHER_BYTES = 64 << 10;

  /** Sends runs; called when the batch is full or at the end of a turn of the loop. */
  interface Sender {
    void send(EgressBatch batch);
  }

  final Path[] paths;
  final long[] offsets;
  final int[] bytes;

  /** Size of each datagram of the run but the last. */
  final int[] segmentBytes;

  final int[] segments;
  private final MemorySegment memory;
  private final long start;
  private final long end;
  private final Sender sender;
  private Runnable beforeSend = () -> {};
  private int runs;
  private long position;
  private Path reservedFor;

  /** @param runs messages gathered before they are sent */
  EgressBatch(PacketArena arena, int outputBytes, int runs, Sender sender) {
    memory = arena.memory();
    start = arena.outputOffset();
    end = start + outputBytes;
    position = start;
    this.sender = sender;
    paths = new Path[runs];
    offsets = new long[runs];
    bytes = new int[runs];
    segmentBytes = new int[runs];
    segments = new int[runs];
  }

  /** As {@link UdpTransport#beforeSend}. */
  void beforeSend(Runnable action) {
    beforeSend = action;
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public long reserve(Path path, int maxBytes) {
    if (position + maxBytes > end || runs == paths.length || isFullFor(path)) {
      flush();
    }
    reservedFor = path;
    return position;
  }

  @Override
  public void commit(int length) {
    if (!extendsRun(length)) {
      paths[runs] = reservedFor;
      offsets[runs] = position;
      bytes[runs] = 0;
      segmentBytes[runs] = length;
      segments[runs] = 0;
      runs++;
    }
    bytes[runs - 1] += length;
    segments[runs - 1]++;
    position += length;
  }

  /** Sends everything; the batch is empty afterwards. */
  void flush() {
    if (runs > 0) {
      beforeSend.run();
      sender.send(this);
    }
    runs = 0;
    position = start;
  }

  int runs() {
    return runs;
  }

  /** Whether enough has gathered to be sent before another receiver's datagrams begin. */
  private boolean isFullFor(Path path) {
    return position - start >= SENT_TOGETHER_BYTES && paths[runs - 1] != path;
  }

  private boolean extendsRun(int length) {
    int last = runs - 1;
    return last >= 0
        && paths[last] == reservedFor
        && length <= segmentBytes[last]
        && bytes[last] == segments[last] * segmentBytes[last] // no shorter one yet
        && segments[last] < MAX_SEGMENTS
        && bytes[last] + length <= MAX_RUN_BYTES;
  }
}
