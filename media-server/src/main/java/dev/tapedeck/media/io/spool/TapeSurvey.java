package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.SenderReportSummary;
import dev.tapedeck.media.core.record.TrackReception;
import dev.tapedeck.protocol.chunk.ChunkFormat;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EntryCursor;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Works out what a dead process would have said at a tape's close: what it noted at its last chunk's end, and what the
 * bytes since then tell. Counts of both parts are added, so a hole that spans the border shows in neither.
 */
final class TapeSurvey {
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final TapeClosed soFar;
  private final Map<Integer, TrackEntry> tracks = new TreeMap<>();
  private final Map<Integer, TrackReception> receptions = new TreeMap<>();
  private final Map<Integer, SenderReportSummary> senderReports = new TreeMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private ClockEntry clock = new ClockEntry(0, 0);
  private int chunks;
  private long packets;
  private long firstMillis;
  private long lastMillis;

  TapeSurvey(TapeClosed soFar) {
    this.soFar = soFar;
    chunks = soFar.getChunks();
    firstMillis = soFar.getStartedMs();
    lastMillis = soFar.getEndedMs();
    soFar.getTracksList().forEach(track ->
        senderReports.put(track.getNumber(), new SenderReportSummary(track.getSenderReports())));
  }

  /** Adds a chunk that the note does not count, sealed or not. */
  void add(SpooledChunk chunk) throws IOException {
    chunks = Math.max(chunks, chunk.index + 1);
    packets += chunk.packets();
    for (JournalFrame piece : chunk.pieces()) {
      byte[] payload = Journal.read(piece);
      EntryCursor cursor = new EntryCursor(MemorySegment.ofArray(payload),
          piece.sequence == 0 ? SpooledChunk.headerBytes(payload) : 0, payload.length);
      while (cursor.next()) {
        take(cursor, payload);
      }
    }
  }

  /** Unix milliseconds of the last entry there is. */
  long lastMillis() {
    return lastMillis;
  }

  /** The close, but for its reason and the gap at its end. */
  TapeClosed.Builder closed() {
    TapeClosed.Builder closed = soFar.toBuilder().setChunks(chunks).setPackets(soFar.getPackets() + packets)
        .setStartedMs(firstMillis).setEndedMs(lastMillis).addAllGaps(gaps).clearTracks();
    Map<Integer, TapeTrack> all = new TreeMap<>();
    soFar.getTracksList().forEach(track -> all.put(track.getNumber(), track));
    tracks.forEach((number, track) -> all.put(number, merge(number, track, all.get(number))));
    return closed.addAllTracks(all.values());
  }

  private void take(EntryCursor entry, byte[] payload) {
    EntryKind kind = entry.kind();
    if (kind == EntryKind.CLOCK) {
      clock = entry.clock();
      see(entry.arrivalNanos());
    } else if (kind == EntryKind.TRACK) {
      TrackEntry.parse(entry.payload()).ifPresent(track -> tracks.put(entry.track(), track));
    } else if (kind == EntryKind.GAP) {
      GapEntry.parse(entry.payload()).map(RecordTap::toWire).ifPresent(gaps::add);
    } else if (kind == EntryKind.RTP) {
      int sequenceNumber = Bytes.u16(MemorySegment.ofArray(payload), entry.payloadOffset() + 2);
      boolean repaired = (entry.flags() & ChunkFormat.FLAG_REPAIRED) != 0;
      receptions.computeIfAbsent(entry.track(), number -> new TrackReception())
          .packet(sequenceNumber, entry.arrivalNanos(), repaired);
      see(entry.arrivalNanos());
    } else if (kind == EntryKind.SENDER_REPORT && entry.payloadBytes() >= SenderReportSummary.MIN_REPORT_BYTES) {
      senderReports.computeIfAbsent(entry.track(), number -> new SenderReportSummary())
          .note(MemorySegment.ofArray(payload), entry.payloadOffset());
      see(entry.arrivalNanos());
    }
  }

  private void see(long arrivalNanos) {
    long millis = wallNanos(arrivalNanos) / NANOS_PER_MILLI;
    firstMillis = firstMillis == 0 ? millis : firstMillis;
    lastMillis = Math.max(lastMillis, millis);
  }

  private long wallNanos(long arrivalNanos) {
    return clock.wallNanosAt(arrivalNanos);
  }

  private TapeTrack merge(int number, TrackEntry track, TapeTrack noted) {
    Reception now = receptions.getOrDefault(number, new TrackReception()).toWire(this::wallNanos);
    Reception before = noted == null ? Reception.getDefaultInstance() : noted.getReception();
    TapeTrack.Builder merged = RecordTap.toWire(number, track).setReception(add(before, now));
    SenderReportSummary reports = senderReports.get(number);
    if (reports != null && !reports.isEmpty()) {
      merged.setSenderReports(reports.toWire());
    }
    return merged.build();
  }

  private static Reception add(Reception a, Reception b) {
    if (a.getReceived() == 0 || b.getReceived() == 0) {
      return a.getReceived() == 0 ? b : a;
    }
    return a.toBuilder()
        .setExpected(a.getExpected() + b.getExpected())
        .setReceived(a.getReceived() + b.getReceived())
        .setRepaired(a.getRepaired() + b.getRepaired())
        .setLost(a.getLost() + b.getLost())
        .setLongestHoleMs(Math.max(a.getLongestHoleMs(), b.getLongestHoleMs()))
        .setLastMs(b.getLastMs())
        .build();
  }
}
