package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.manifest.Exclusions;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.SenderReports;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns a manifest back into the ledger it was written from, as far as it tells: the reverse of {@link ManifestWriter}. */
public final class ManifestReader {
  private static final String CRASHED = "crashed";

  private ManifestReader() {}

  /** The tapes of all sessions, in the order of the manifest; judged again, they give the manifest's verdict. */
  public static List<Tape> tapes(Manifest manifest) {
    return manifest.sessions().stream().map(session -> tape(session,
        manifest.gaps().stream().filter(gap -> isOf(gap, session)).toList())).toList();
  }

  /** Who was in the room and not to be taped; their sessions are not known any more. */
  public static List<Exclusions.Stay> untaped(Manifest manifest) {
    return manifest.intervals().stream().filter(interval -> interval.kind().equals(Exclusions.KIND))
        .map(interval -> new Exclusions.Stay(interval.peer(), 0, interval.from().toEpochMilli(),
            interval.to().toEpochMilli())).toList();
  }

  private static Tape tape(Manifest.Session session, List<Manifest.Gap> gaps) {
    List<Promise> promises = new ArrayList<>();
    List<Integer> missing = new ArrayList<>();
    for (Manifest.Chunk chunk : session.chunks()) {
      for (int index = promises.size(); index < chunk.index(); index++) {
        missing.add(index);
        promises.add(unknown(index, chunk));
      }
      promises.add(new Promise(chunk.index(), chunk.key(), chunk.fromMs(), chunk.toMs(), chunk.bytes(),
          chunk.packets(), chunk.sha256(), Promise.State.VERIFIED));
    }
    // A node that never said its last word may still come back and say it. Older manifests hold no tracks of it.
    boolean isOpen = session.unclosed() || session.end().equals(CRASHED) && session.tracks().isEmpty();
    return new Tape(session.peer(), session.session(), session.node(), session.startedAt().toEpochMilli(),
        isOpen ? toldByChunks(promises.stream().filter(Promise::isVerified).toList(), gaps) : promises,
        isOpen ? session.tracks().stream().map(ManifestReader::track).toList() : List.of(),
        isOpen ? Optional.empty() : Optional.of(closed(session, gaps, promises.size(), missing)));
  }

  /**
   * Without a close, what is missing stands with the chunks that told it: each gap with the one that was open at its end.
   * Gaps by a crash are told by no chunk of such a tape; they are what the ledger sees itself.
   */
  private static List<Promise> toldByChunks(List<Promise> promises, List<Manifest.Gap> gaps) {
    Map<Integer, List<Gap>> byIndex = new HashMap<>();
    for (Manifest.Gap gap : gaps) {
      if (!promises.isEmpty() && !gap.cause().equals(GapEntry.CRASH)) {
        Promise teller = promises.stream().filter(promise -> promise.toMs() >= gap.to().toEpochMilli()).findFirst()
            .orElse(promises.getLast());
        byIndex.computeIfAbsent(teller.index(), none -> new ArrayList<>()).add(gap(gap));
      }
    }
    return promises.stream().map(promise -> promise.withGaps(byIndex.getOrDefault(promise.index(), List.of()))).toList();
  }

  /** A chunk that came before this one and is not in the manifest; a gap tells what is known of it. */
  private static Promise unknown(int index, Manifest.Chunk next) {
    return new Promise(index, "", next.fromMs(), next.fromMs(), 0, 0, "", Promise.State.LOST);
  }

  private static TapeClosed closed(Manifest.Session session, List<Manifest.Gap> gaps, int chunks, List<Integer> missing) {
    TapeClosed.Builder closed = TapeClosed.newBuilder()
        .setChunks(chunks)
        .setPackets(session.packets())
        .setStartedMs(session.startedAt().toEpochMilli())
        .setEndedMs(session.endedAt().toEpochMilli())
        .setEnd(end(session.end()))
        .addAllLostChunks(missing);
    session.tailUnknownSince().ifPresent(since -> closed.setTailUnknownSinceMs(since.toEpochMilli()));
    session.tracks().forEach(track -> closed.addTracks(track(track)));
    gaps.forEach(gap -> closed.addGaps(gap(gap)));
    return closed.build();
  }

  private static Gap gap(Manifest.Gap gap) {
    return Gap.newBuilder().setTrack(gap.track()).setFromMs(gap.from().toEpochMilli())
        .setToMs(gap.to().toEpochMilli()).setCause(gap.cause()).setPackets(gap.packets())
        .setRequested(gap.requested()).build();
  }

  private static TapeTrack track(Manifest.Track track) {
    TapeTrack.Builder told = TapeTrack.newBuilder()
        .setNumber(track.number())
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
        .setRtxSsrc((int) track.rtxSsrc())
        .setReception(reception(track.reception()));
    track.extensions().forEach((id, uri) -> told.putExtensions(Integer.parseUnsignedInt(id), uri));
    track.senderReports().ifPresent(reports -> told.setSenderReports(senderReports(reports)));
    return told.build();
  }

  private static Reception reception(Manifest.Reception reception) {
    Reception.Builder told = Reception.newBuilder()
        .setExpected(reception.expected())
        .setReceived(reception.received())
        .setRepaired(reception.repaired())
        .setLost(reception.lost())
        .setLongestHoleMs((int) reception.longestHoleMs())
        .setFirstMs(reception.firstAt().map(Instant::toEpochMilli).orElse(0L))
        .setLastMs(reception.lastAt().map(Instant::toEpochMilli).orElse(0L));
    reception.causes().ifPresent(causes -> told
        .setRepairedLate(causes.repairedLate())
        .setAskedInVain(causes.askedInVain())
        .setTooLate(causes.tooLate())
        .setUnauthentic(causes.unauthentic())
        .setDuplicates(causes.duplicates())
        .setDroppedQueue(causes.droppedQueue())
        .setDroppedShed(causes.droppedShed())
        .setUnwanted(causes.unwanted()));
    return told.build();
  }

  private static SenderReports senderReports(Manifest.SenderReports reports) {
    return SenderReports.newBuilder()
        .setReports((int) reports.reports())
        .setFirstNtp(HexFormat.fromHexDigitsToLong(reports.firstNtp()))
        .setFirstRtp((int) reports.firstRtp())
        .setLastNtp(HexFormat.fromHexDigitsToLong(reports.lastNtp()))
        .setLastRtp((int) reports.lastRtp())
        .setLastPackets((int) reports.lastPackets())
        .setLastOctets((int) reports.lastOctets())
        .build();
  }

  private static TapeClosed.End end(String text) {
    try {
      return TapeClosed.End.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return TapeClosed.End.CRASHED;
    }
  }

  private static boolean isOf(Manifest.Gap gap, Manifest.Session session) {
    return gap.session() == session.session() && gap.peer().equals(session.peer());
  }
}
