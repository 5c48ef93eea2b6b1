package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.chunk.ChunkFormat;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The tape of one session within one recording: every packet goes in as it came, and out in slabs of chunk bytes. When
 * no slab is to be had packets are left out and counted, and a gap with cause {@code queue} says so; the media thread
 * never waits. Nothing is told to the spool before the first packet. Owned by the worker thread.
 */
public final class RecordTap {
  /** Room events that wait for the first packet or for a slab; beyond it the oldest go. */
  static final int MAX_WAITING_EVENTS = 64;

  /** A description or event beyond this would crowd out packets: the one loses its free text, the other is refused. */
  static final int MAX_JSON_BYTES = 4096;

  /** Gaps told one by one; further ones widen the last, so that a starved tape does not grow without bound. */
  static final int MAX_GAPS = 1000;

  private static final int RTP_HEADER_BYTES = 12;
  private static final int SENDER_REPORT_BYTES = 28;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final TapeIdentity identity;
  private final SlabSink sink;
  private final WallClock wallClock;
  private final ChunkAssembler assembler;
  private final List<TrackEntry> entries = new ArrayList<>();
  private final List<TrackReception> receptions = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final Deque<byte[]> waitingEvents = new ArrayDeque<>();

  private boolean begun;
  private boolean closed;
  private long startedMillis;
  private long lastNanos;

  private long missedFromNanos;
  private long missedToNanos;
  private long missedPacketsInGap;

  private long tapedPackets;
  private long tapedBytes;
  private long missedPackets;
  private long duplicatePackets;
  private long refusedPackets;
  private long refusedEvents;

  public RecordTap(TapeIdentity identity, RecordLimits limits, SlabSink sink, WallClock wallClock, long nowNanos) {
    this.identity = identity;
    this.sink = sink;
    this.wallClock = wallClock;
    assembler = new ChunkAssembler(identity, limits, sink, wallClock, this::soFar);
    lastNanos = nowNanos;
  }

  /**
   * Describes one more RTP stream of this session.
   *
   * @return its number, from 1 on
   */
  public int addTrack(long nowNanos, TrackEntry track) {
    if (entries.size() == 0xFFFF) {
      throw new IllegalStateException("a tape holds at most 65,535 tracks");
    }
    entries.add(track);
    receptions.add(new TrackReception());
    assembler.putTrack(entries.size(), nowNanos, toJson(track));
    return entries.size();
  }

  /** Describes a known stream anew, for example when its codec or extensions changed. Its SSRC stays the same. */
  public void updateTrack(long nowNanos, int track, TrackEntry changed) {
    if (!entries.get(track - 1).equals(changed)) {
      entries.set(track - 1, changed);
      assembler.putTrack(track, nowNanos, toJson(changed));
    }
  }

  /**
   * Tapes one received RTP packet, already decrypted. A packet taped before is left out.
   *
   * @param track         number given by {@link #addTrack}
   * @param arrivalNanos  monotonic arrival time
   * @param memory        where header and payload lie as the client sent them, a retransmission unwrapped; not kept
   * @param repaired      it came as a retransmission (RFC 4588)
   * @param keyFrameStart it is the first packet of a key frame
   */
  public void rtp(
      int track,
      long arrivalNanos,
      MemorySegment memory,
      long offset,
      int length,
      boolean repaired,
      boolean keyFrameStart) {
    if (closed || length < RTP_HEADER_BYTES) {
      refusedPackets++;
      return;
    }
    TrackReception reception = receptions.get(track - 1);
    int sequenceNumber = Bytes.u16(memory, offset + 2);
    if (reception.has(sequenceNumber)) {
      duplicatePackets++;
      return;
    }
    if (!begun) {
      begin(arrivalNanos);
    }
    lastNanos = arrivalNanos;
    if (missedPacketsInGap > 0) {
      tellGap(arrivalNanos);
    }
    if (!waitingEvents.isEmpty()) {
      tellEvents(arrivalNanos);
    }
    int flags = (repaired ? ChunkFormat.FLAG_REPAIRED : 0) | (keyFrameStart ? ChunkFormat.FLAG_KEY_FRAME : 0);
    if (assembler.rtp(track, flags, arrivalNanos, memory, offset, length)) {
      tapedPackets++;
      tapedBytes += length;
    } else {
      missed(arrivalNanos);
    }
    // Not before: a chunk that ended on the way tells what it holds, and this packet is in the next one.
    reception.packet(sequenceNumber, arrivalNanos, repaired);
  }

  /** Tapes one RTCP sender report packet of a track, 28 bytes or more; left out before the first RTP packet. */
  public void senderReport(int track, long arrivalNanos, MemorySegment memory, long offset, int length) {
    if (!closed && begun && length >= SENDER_REPORT_BYTES) {
      assembler.senderReport(track, arrivalNanos, memory, offset, length);
    }
  }

  /** Tapes what happened in the room; before the first packet it waits for it. */
  public void roomEvent(long nowNanos, String json) {
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    if (closed || utf8.length > MAX_JSON_BYTES) {
      refusedEvents++;
      return;
    }
    if (waitingEvents.size() == MAX_WAITING_EVENTS) {
      waitingEvents.removeFirst();
      refusedEvents++;
    }
    waitingEvents.addLast(utf8);
    if (begun) {
      tellEvents(nowNanos);
    }
  }

  /** Hands over what is old enough. */
  public void handleTimeout(long nowNanos) {
    assembler.handleTimeout(nowNanos);
  }

  /** When {@link #handleTimeout} has something to do, {@link Long#MAX_VALUE} if never. */
  public long nextTimeoutNanos() {
    return assembler.nextTimeoutNanos();
  }

  /** Ends the tape; nothing is taped after it. A tape that never saw a packet ends without a word. */
  public void close(long nowNanos, TapeEnd end) {
    if (closed) {
      return;
    }
    if (missedPacketsInGap > 0) {
      tellGap(nowNanos);
    }
    closed = true;
    assembler.endChunk();
    if (!begun) {
      return;
    }
    TapeClosed.Builder last = soFar().toBuilder().setEnd(end.toWire());
    if (end == TapeEnd.TIMED_OUT) {
      last.setTailUnknownSinceMs(wallMillis(lastNanos));
    }
    sink.offer(new TapeMessage.TapeEnded(identity, last.build()));
  }

  public TapeIdentity identity() {
    return identity;
  }

  /** RTP packets handed to the spool or about to be. */
  public long tapedPackets() {
    return tapedPackets;
  }

  /** Bytes of these packets, headers included. */
  public long tapedBytes() {
    return tapedBytes;
  }

  /** Packets left out because no slab was to be had. */
  public long missedPackets() {
    return missedPackets;
  }

  /** Packets left out because they were on the tape already. */
  public long duplicatePackets() {
    return duplicatePackets;
  }

  /** Packets left out because they came after the end or were no RTP. */
  public long refusedPackets() {
    return refusedPackets;
  }

  /** Room events left out: too long, too many at once, or after the end. */
  public long refusedEvents() {
    return refusedEvents;
  }

  private void begin(long nowNanos) {
    begun = true;
    startedMillis = wallMillis(nowNanos);
  }

  private void tellEvents(long nowNanos) {
    while (!waitingEvents.isEmpty()
        && assembler.write(EntryKind.ROOM_EVENT, 0, nowNanos, waitingEvents.getFirst())) {
      waitingEvents.removeFirst();
    }
  }

  private void missed(long arrivalNanos) {
    if (missedPacketsInGap == 0) {
      missedFromNanos = arrivalNanos;
    }
    missedToNanos = arrivalNanos;
    missedPacketsInGap++;
    missedPackets++;
  }

  /** Ends the gap if it can be written; the last chance is the close, which tells it in any case. */
  private void tellGap(long nowNanos) {
    GapEntry gap = new GapEntry(0, wallMillis(missedFromNanos), wallMillis(missedToNanos), GapEntry.QUEUE,
        missedPacketsInGap);
    if (assembler.write(EntryKind.GAP, 0, nowNanos, gap.toJson())) {
      remember(gap);
      missedPacketsInGap = 0;
    }
  }

  private void remember(GapEntry gap) {
    if (gaps.size() < MAX_GAPS) {
      gaps.add(toWire(gap));
      return;
    }
    Gap last = gaps.getLast();
    gaps.set(gaps.size() - 1,
        last.toBuilder().setToMs(gap.toMs()).setPackets(last.getPackets() + gap.packets()).build());
  }

  private TapeClosed soFar() {
    TapeClosed.Builder soFar = TapeClosed.newBuilder()
        .setTape(identity.toWire())
        .setChunks(assembler.chunksBegun())
        .setPackets(tapedPackets)
        .setStartedMs(startedMillis)
        .setEndedMs(wallMillis(lastNanos))
        .addAllGaps(gaps);
    if (missedPacketsInGap > 0) {
      soFar.addGaps(toWire(new GapEntry(0, wallMillis(missedFromNanos), wallMillis(missedToNanos), GapEntry.QUEUE,
          missedPacketsInGap)));
    }
    for (int i = 0; i < entries.size(); i++) {
      soFar.addTracks(toWire(i + 1, entries.get(i)).setReception(receptions.get(i).toWire(wallClock)));
    }
    return soFar.build();
  }

  private static byte[] toJson(TrackEntry track) {
    byte[] json = track.toJson();
    if (json.length <= MAX_JSON_BYTES) {
      return json;
    }
    return new TrackEntry("", "", "", track.ssrc(), track.rtxSsrc(), track.kind(), track.codec(), track.payloadType(),
        track.rtxPayloadType(), track.clockRate(), track.channels(), "", Map.of(), "").toJson();
  }

  private long wallMillis(long nanos) {
    return wallClock.epochNanos(nanos) / NANOS_PER_MILLI;
  }

  /** The track as events tell it, without its reception. */
  public static TapeTrack.Builder toWire(int number, TrackEntry track) {
    TapeTrack.Builder out = TapeTrack.newBuilder()
        .setNumber(number)
        .setName(track.name())
        .setMid(track.mid())
        .setRid(track.rid())
        .setKind(track.kind().equals("video") ? Kind.VIDEO : Kind.AUDIO)
        .setCodec(track.codec())
        .setPayloadType(track.payloadType())
        .setClockRate(track.clockRate())
        .setChannels(track.channels())
        .setFmtp(track.fmtp())
        .setSsrc((int) track.ssrc())
        .setRtxSsrc((int) track.rtxSsrc());
    track.extensions().forEach((id, uri) -> out.putExtensions(Integer.parseInt(id), uri));
    return out;
  }

  private static Gap toWire(GapEntry gap) {
    return Gap.newBuilder().setTrack(gap.track()).setFromMs(gap.fromMs()).setToMs(gap.toMs()).setCause(gap.cause())
        .setPackets(gap.packets()).build();
  }
}
