package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.wire.RecordingOrders;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/** Everything that was taped, read back with the reader that the composer uses. */
final class SimTapes implements SlabSink {
  private record ChunkId(long recording, long session, int index) implements Comparable<ChunkId> {
    @Override
    public int compareTo(ChunkId other) {
      return recording != other.recording ? Long.compare(recording, other.recording)
          : session != other.session ? Long.compare(session, other.session) : Integer.compare(index, other.index);
    }
  }

  final List<TapeClosed> closed = new ArrayList<>();
  final List<RecordingOrders> orders = new ArrayList<>();
  Pressure pressure = Pressure.NONE;
  private final Map<ChunkId, ByteArrayOutputStream> chunks = new TreeMap<>();

  private final Queue<Slab> free = new ArrayDeque<>();
  private boolean isDiscarding;

  /** From now on what is taped is lost at once, which allocates nothing. */
  void discard() {
    isDiscarding = true;
  }

  @Override
  public Slab take() {
    Slab slab = free.poll();
    return slab != null ? slab : new Slab(ByteBuffer.allocateDirect(RecordLimits.DEFAULT.slabBytes()));
  }

  @Override
  public Pressure pressure() {
    return pressure;
  }

  @Override
  public void offer(TapeMessage message) {
    if (message instanceof Slab slab) {
      if (isDiscarding) {
        free.add(slab);
        return;
      }
      byte[] bytes = new byte[slab.bytes()];
      slab.view().limit(slab.bytes()).position(0).get(bytes);
      ChunkId id = new ChunkId(slab.tape().recording(), slab.tape().session(), slab.chunk());
      chunks.computeIfAbsent(id, unknown -> new ByteArrayOutputStream()).writeBytes(bytes);
    } else if (message instanceof TapeMessage.TapeEnded ended) {
      closed.add(ended.closed());
    } else if (message instanceof TapeMessage.RecordingOrdered ordered) {
      orders.add(ordered.orders());
    }
  }

  /** All entries of one session's chunks, in order. */
  List<SimEntry> entries(long session) {
    List<SimEntry> entries = new ArrayList<>();
    chunks.forEach((id, bytes) -> {
      if (id.session == session) {
        entries.addAll(read(bytes.toByteArray()));
      }
    });
    return entries;
  }

  List<SimEntry> entries(long session, EntryKind kind) {
    return entries(session).stream().filter(entry -> entry.kind() == kind).toList();
  }

  /** How the tape of this session ended; there must be just one. */
  TapeClosed closed(long session) {
    List<TapeClosed> ends = closed.stream().filter(end -> end.getTape().getSession() == session).toList();
    if (ends.size() != 1) {
      throw new AssertionError(ends.size() + " tapes of session " + session + " have ended");
    }
    return ends.getFirst();
  }

  private static List<SimEntry> read(byte[] chunk) {
    try {
      List<SimEntry> entries = new ArrayList<>();
      ChunkReader reader = ChunkReader.of(chunk);
      while (reader.next()) {
        entries.add(SimEntry.of(reader.entry()));
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
