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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The tape of one session within one recording: every packet goes in as it came, and out in slabs of chunk bytes. When
 * no slab is to be had packets are left out and counted, and a gap with cause {@code queue} says so; what is left out on
 * purpose is a gap whose cause tells the {@link TapeOmission}. The media thread never waits. Nothing is told to the spool before the
 * first packet. Time never goes back on a tape: what was stamped earlier than the entry before it gets that one's time.
 * Owned by the worker thread.
 */
public final class RecordTap {
  /** Room events that wait for the first packet or for a slab; beyond it the oldest go. */
  static final int MAX_WAITING_EVENTS = 256;

  /** A description or event beyond this would crowd out packets: the one loses its free text, the other is refused. */
  static final int MAX_JSON_BYTES = 4096;

  /** Gaps told one by one; further ones widen the last of their kind, so that a starved tape does not grow without bound. */
  static final int MAX_GAPS = 1000;

  private static final TapeOmission[] OMISSIONS = TapeOmission.values();
  private static final int RTP_HEADER_BYTES = 12;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final TapeIdentity identity;
  private final SlabSink sink;
  private final WallClock wallClock;
  private final ChunkAssembler assembler;
  private final List<TrackEntry> entries = new ArrayList<>();
  private final List<TrackReception> receptions = new ArrayList<>();
  private final List<SenderReportSummary> senderReports = new ArrayList<>();

  /** By track number less one, then by {@link TapeOmission}: what is being left out on purpose. */
  private final List<OpenGap[]> omitted = new ArrayList<>();
  private final boolean shedsOnRequest;
  private final OpenGap missing = new OpenGap();
  private final List<Gap> gaps = new ArrayList<>();
  private final Deque<byte[]> waitingEvents = new ArrayDeque<>();

  private boolean begun;
  private boolean closed;
  private long startedMillis;

  /** Of the newest packet or report, and of the newest entry of any kind. */
  private long lastNanos;
  private long entryNanos;

  private long tapedPackets;
  private long tapedBytes;
  private long missedPackets;
  private long shedPackets;
  private long duplicatePackets;
  private long refusedPackets;
  private long refusedEvents;

  /** A tape from which nothing was asked to be shed. */
  public RecordTap(TapeIdentity identity, RecordLimits limits, SlabSink sink, WallClock wallClock, long nowNanos) {
    this(identity, limits, sink, wallClock, false, nowNanos);
  }

  /** @param shedsOnRequest whether what is shed was asked to be, so that the recording is complete without it */
  public RecordTap(
      TapeIdentity identity,
      RecordLimits limits,
      SlabSink sink,
      WallClock wallClock,
      boolean shedsOnRequest,
      long nowNanos) {
    this.shedsOnRequest = shedsOnRequest;
    this.identity = identity;
    this.sink = sink;
    this.wallClock = wallClock;
    assembler = new ChunkAssembler(identity, limits, sink, wallClock, this::soFar);
    lastNanos = nowNanos;
    entryNanos = nowNanos;
  }

  /**
   * Describes one more RTP stream of this session.
   *
   * @param losses what its receiver knows of packets that never came here
   * @return its number, from 1 on
   */
  public int addTrack(long nowNanos, TrackEntry track, StreamLosses losses) {
    if (entries.size() == 0xFFFF) {
      throw new IllegalStateException("a tape holds at most 65,535 tracks");
    }
    entries.add(fitting(track));
    receptions.add(new TrackReception(losses));
    senderReports.add(new SenderReportSummary());
    omitted.add(newOpenGaps());
    assembler.putTrack(entries.size(), stamp(nowNanos), entries.getLast().toJson());
    return entries.size();
  }

  /** Describes a stream of whose losses nothing is known. */
  public int addTrack(long nowNanos, TrackEntry track) {
    return addTrack(nowNanos, track, StreamLosses.NONE);
  }

  /** Describes a known stream anew, for example when its codec or extensions changed. Its SSRC stays the same. */
  public void updateTrack(long nowNanos, int track, TrackEntry changed) {
    TrackEntry fitting = fitting(changed);
    if (!entries.get(track - 1).equals(fitting)) {
      entries.set(track - 1, fitting);
      assembler.putTrack(track, stamp(nowNanos), fitting.toJson());
    }
  }

  /** What tapes are to leave out now. */
  public Pressure pressure() {
    return sink.pressure();
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
    if (!accepts(track, memory, offset, length)) {
      return;
    }
    begin(arrivalNanos);
    tellWaiting(track);
    int flags = (repaired ? ChunkFormat.FLAG_REPAIRED : 0) | (keyFrameStart ? ChunkFormat.FLAG_KEY_FRAME : 0);
    boolean isTaped = assembler.rtp(track, flags, lastNanos, memory, offset, length);
    // Not before: a chunk that ended on the way tells what it holds, and this packet is in the next one.
    TrackReception reception = receptions.get(track - 1);
    reception.packet(Bytes.u16(memory, offset + 2), lastNanos, repaired);
    if (isTaped) {
      tapedPackets++;
      tapedBytes += length;
    } else {
      missing.add(lastNanos);
      missedPackets++;
      reception.hadNoSlab();
    }
  }

  /** Leaves a packet out on purpose; a gap of its track tells it. */
  public void omit(
      TapeOmission why, int track, long arrivalNanos, MemorySegment memory, long offset, int length, boolean repaired) {
    if (!accepts(track, memory, offset, length)) {
      return;
    }
    begin(arrivalNanos);
    omitted.get(track - 1)[why.ordinal()].add(lastNanos);
    TrackReception reception = receptions.get(track - 1);
    reception.packet(Bytes.u16(memory, offset + 2), lastNanos, repaired);
    if (why == TapeOmission.SHED) {
      shedPackets++;
      reception.wasShed();
    }
  }

  /** Takes note of a packet that is not wanted on this tape: what the network did is told, and there is no gap. */
  public void leaveOut(int track, long arrivalNanos, MemorySegment memory, long offset, int length, boolean repaired) {
    if (closed || length < RTP_HEADER_BYTES) {
      return;
    }
    TrackReception reception = receptions.get(track - 1);
    if (reception.packet(Bytes.u16(memory, offset + 2), stamp(arrivalNanos), repaired)) {
      reception.wasNotWanted();
    }
  }

  /** Tapes one RTCP sender report packet of a track, 28 bytes or more; left out before the first RTP packet. */
  public void senderReport(int track, long arrivalNanos, MemorySegment memory, long offset, int length) {
    if (closed || !begun || length < SenderReportSummary.MIN_REPORT_BYTES) {
      return;
    }
    senderReports.get(track - 1).note(memory, offset);
    lastNanos = stamp(arrivalNanos);
    assembler.senderReport(track, lastNanos, memory, offset, length);
  }

  /** Tapes what happened in the room; before the first packet it waits for it. */
  public void roomEvent(long nowNanos, byte[] json) {
    if (closed || json.length > MAX_JSON_BYTES) {
      refusedEvents++;
      return;
    }
    if (waitingEvents.size() == MAX_WAITING_EVENTS) {
      waitingEvents.removeFirst();
      refusedEvents++;
    }
    waitingEvents.addLast(json);
    if (begun) {
      tellEvents(stamp(nowNanos));
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
    if (begun) {
      stamp(nowNanos);
      tell(missing, 0, GapEntry.QUEUE, false);
      for (int track = 1; track <= omitted.size(); track++) {
        tellOmitted(track);
      }
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

  /** Packets left out under pressure. */
  public long shedPackets() {
    return shedPackets;
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

  private boolean accepts(int track, MemorySegment memory, long offset, int length) {
    if (closed || length < RTP_HEADER_BYTES) {
      refusedPackets++;
      return false;
    }
    if (receptions.get(track - 1).has(Bytes.u16(memory, offset + 2))) {
      duplicatePackets++;
      return false;
    }
    return true;
  }

  /** The first packet begins the tape, also one that is left out: its loss has to be told. */
  private void begin(long arrivalNanos) {
    lastNanos = stamp(arrivalNanos);
    if (!begun) {
      begun = true;
      startedMillis = wallMillis(lastNanos);
    }
  }

  private long stamp(long nanos) {
    entryNanos = Math.max(entryNanos, nanos);
    return entryNanos;
  }

  /** What is to stand before the next packet of this track. */
  private void tellWaiting(int track) {
    if (missing.isOpen()) {
      tell(missing, 0, GapEntry.QUEUE, false);
    }
    tellOmitted(track);
    if (!waitingEvents.isEmpty()) {
      tellEvents(lastNanos);
    }
  }

  private void tellOmitted(int track) {
    OpenGap[] gaps = omitted.get(track - 1);
    for (int i = 0; i < gaps.length; i++) {
      if (gaps[i].isOpen()) {
        tell(gaps[i], track, OMISSIONS[i].cause(), isRequested(OMISSIONS[i]));
      }
    }
  }

  private boolean isRequested(TapeOmission why) {
    return why != TapeOmission.SHED || shedsOnRequest;
  }

  private static OpenGap[] newOpenGaps() {
    OpenGap[] gaps = new OpenGap[OMISSIONS.length];
    Arrays.setAll(gaps, why -> new OpenGap());
    return gaps;
  }

  private void tellEvents(long nowNanos) {
    while (!waitingEvents.isEmpty()
        && assembler.write(EntryKind.ROOM_EVENT, 0, nowNanos, waitingEvents.getFirst())) {
      waitingEvents.removeFirst();
    }
  }

  /** Ends a gap if it can be written; the last chance is the close, which tells it in any case. */
  private void tell(OpenGap open, int track, String cause, boolean requested) {
    if (!open.isOpen()) {
      return;
    }
    GapEntry gap = entry(open, track, cause, requested);
    if (assembler.write(EntryKind.GAP, track, entryNanos, gap.toJson())) {
      remember(toWire(gap));
      open.end();
    }
  }

  private GapEntry entry(OpenGap open, int track, String cause, boolean requested) {
    return new GapEntry(
        track, wallMillis(open.fromNanos()), wallMillis(open.toNanos()), cause, open.packets(), requested);
  }

  private void remember(Gap gap) {
    for (int i = gaps.size() - 1; i >= 0 && gaps.size() >= MAX_GAPS; i--) {
      Gap last = gaps.get(i);
      if (last.getTrack() == gap.getTrack() && last.getCause().equals(gap.getCause())) {
        gaps.set(i, last.toBuilder().setToMs(gap.getToMs()).setPackets(last.getPackets() + gap.getPackets()).build());
        return;
      }
    }
    gaps.add(gap);
  }

  private TapeClosed soFar() {
    TapeClosed.Builder soFar = TapeClosed.newBuilder()
        .setTape(identity.toWire())
        .setChunks(assembler.chunksBegun())
        .setPackets(tapedPackets)
        .setStartedMs(startedMillis)
        .setEndedMs(wallMillis(lastNanos))
        .addAllGaps(gaps);
    if (missing.isOpen()) {
      soFar.addGaps(toWire(entry(missing, 0, GapEntry.QUEUE, false)));
    }
    for (int i = 0; i < entries.size(); i++) {
      for (TapeOmission why : OMISSIONS) {
        OpenGap open = omitted.get(i)[why.ordinal()];
        if (open.isOpen()) {
          soFar.addGaps(toWire(entry(open, i + 1, why.cause(), isRequested(why))));
        }
      }
      TapeTrack.Builder track = toWire(i + 1, entries.get(i)).setReception(receptions.get(i).toWire(wallClock));
      if (!senderReports.get(i).isEmpty()) {
        track.setSenderReports(senderReports.get(i).toWire());
      }
      soFar.addTracks(track);
    }
    return soFar.build();
  }

  private static TrackEntry fitting(TrackEntry track) {
    if (track.toJson().length <= MAX_JSON_BYTES) {
      return track;
    }
    return new TrackEntry("", "", "", track.ssrc(), track.rtxSsrc(), track.kind(), track.codec(), track.payloadType(),
        track.rtxPayloadType(), track.clockRate(), track.channels(), "", Map.of(), "");
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

  /** A gap as the connector is told of it. */
  public static Gap toWire(GapEntry gap) {
    return gap.toWire();
  }
}
