package dev.tapedeck.protocol.rebuild;

import dev.tapedeck.protocol.chunk.ChunkEntry;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the chunks of one session say, read entry by entry in the order of the tape: its tracks, which packets of each are
 * there, the gaps it names itself, and what happened in the room. Owned by one thread.
 */
public final class SessionTally {
  private static final int RTCP_SENDER_REPORT = 200;
  private static final int SENDER_REPORT_BYTES = 28;
  private static final TrackEntry UNDESCRIBED =
      new TrackEntry("", "", "", 0, 0, "", "", 0, 0, 0, 0, "", Map.of(), "");

  private final Map<Integer, TrackTally> tracks = new TreeMap<>();
  private final List<GapEntry> gaps = new ArrayList<>();
  private final List<RoomEventEntry> roomEvents = new ArrayList<>();
  private ClockEntry clock = new ClockEntry(0, 0);
  private long firstArrivalNanos = Long.MIN_VALUE;
  private long chunkFromWallNanos;
  private long chunkToWallNanos;

  /** Begins the next chunk: {@link #chunkFromMs} and {@link #chunkToMs} speak of it from now on. */
  public void nextChunk() {
    firstArrivalNanos = Long.MIN_VALUE;
    chunkFromWallNanos = 0;
    chunkToWallNanos = 0;
  }

  /** Takes the entry a reader stands on. */
  public void entry(ChunkEntry entry) {
    entry.asClock().ifPresent(pair -> clock = pair);
    span(entry);
    switch (entry.kind()) {
      case TRACK -> entry.asTrack().ifPresent(track -> describe(entry.track(), track));
      case RTP -> rtp(entry);
      case SENDER_REPORT -> senderReport(entry);
      case GAP -> entry.asGap().ifPresent(gaps::add);
      case ROOM_EVENT -> entry.asRoomEvent().ifPresent(roomEvents::add);
      case UNKNOWN, CLOCK, INDEX, END -> {}
    }
  }

  /** In the order of their numbers. */
  public Collection<TrackTally> tracks() {
    return Collections.unmodifiableCollection(tracks.values());
  }

  /** Gaps that stand on the tape, in its order. */
  public List<GapEntry> gaps() {
    return Collections.unmodifiableList(gaps);
  }

  /** What happened in the room, as far as it stands on the tape, in its order. */
  public List<RoomEventEntry> roomEvents() {
    return Collections.unmodifiableList(roomEvents);
  }

  /** Unix milliseconds of the chunk's first entry, 0 if it has none. */
  public long chunkFromMs() {
    return TimeUnit.NANOSECONDS.toMillis(chunkFromWallNanos);
  }

  /** Unix milliseconds of the chunk's last entry, 0 if it has none. */
  public long chunkToMs() {
    return TimeUnit.NANOSECONDS.toMillis(chunkToWallNanos);
  }

  private void span(ChunkEntry entry) {
    chunkToWallNanos = clock.wallNanosAt(entry.arrivalNanos());
    if (firstArrivalNanos == Long.MIN_VALUE) {
      firstArrivalNanos = entry.arrivalNanos();
      chunkFromWallNanos = chunkToWallNanos;
    }
  }

  private void describe(int number, TrackEntry entry) {
    tracks.computeIfAbsent(number, unknown -> new TrackTally(number, entry)).describe(entry);
  }

  private TrackTally track(int number) {
    return tracks.computeIfAbsent(number, unknown -> new TrackTally(number, UNDESCRIBED));
  }

  private void rtp(ChunkEntry entry) {
    MemorySegment memory = entry.memory();
    long offset = entry.payloadOffset();
    if (RtpHeader.isValid(memory, offset, entry.payloadBytes())) {
      track(entry.track()).packet(RtpHeader.sequenceNumber(memory, offset), RtpHeader.rtpTimestamp(memory, offset),
          clock.wallNanosAt(entry.arrivalNanos()), entry.isRepaired());
    }
  }

  // RFC 3550 §6.4.1: type in octet 1, NTP timestamp from 8, RTP timestamp from 16, packets from 20, octets from 24.
  private void senderReport(ChunkEntry entry) {
    MemorySegment memory = entry.memory();
    long offset = entry.payloadOffset();
    if (entry.payloadBytes() >= SENDER_REPORT_BYTES && Bytes.u8(memory, offset + 1) == RTCP_SENDER_REPORT) {
      track(entry.track()).senderReport(Bytes.u64(memory, offset + 8), Bytes.i32(memory, offset + 16),
          Bytes.i32(memory, offset + 20), Bytes.i32(memory, offset + 24));
    }
  }
}
