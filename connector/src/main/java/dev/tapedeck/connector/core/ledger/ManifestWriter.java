package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.manifest.ChunkChain;
import dev.tapedeck.protocol.manifest.Exclusions;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.SenderReports;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns the ledger of one recording into its manifest. */
public final class ManifestWriter {
  private static final long MILLION = 1_000_000;
  private static final Manifest.Causes NOT_COUNTED = new Manifest.Causes(0, 0, 0, 0, 0, 0, 0, 0);

  private ManifestWriter() {}

  /**
   * What the manifest says besides the tapes.
   *
   * @param openedMs       Unix milliseconds; stands as start and end when nothing was taped
   * @param previousSha256 hash of the version before, empty for the first
   * @param clocks         what the clocks of the media servers were worth
   * @param keyId          of the key that will sign it
   * @param untaped        who was in the room and not to be taped, as long as there is no tape of that session
   */
  public record Header(String app, String room, long roomInstance, long recording, long openedMs, String closeReason,
      int version, Optional<String> previousSha256, List<Manifest.Clock> clocks, Optional<String> keyId,
      List<Exclusions.Stay> untaped) {}

  public static Manifest write(Header header, List<Tape> tapes, ChunkLedger.Judgement judgement) {
    long startedMs = tapes.stream().mapToLong(Tape::startedMs).min().orElse(header.openedMs());
    long endedMs = tapes.stream().mapToLong(Tape::endedMs).max().orElse(startedMs);
    List<Manifest.Session> sessions = tapes.stream()
        .sorted(Comparator.comparingLong(Tape::startedMs).thenComparingLong(Tape::session))
        .map(ManifestWriter::session)
        .toList();
    return new Manifest(
        Manifest.FORMAT, header.version(), header.previousSha256(), header.app(), header.room(), header.roomInstance(),
        header.recording(), Instant.ofEpochMilli(startedMs), Instant.ofEpochMilli(endedMs), endedMs - startedMs,
        judgement.verdict(), header.closeReason(), sessions, judgement.gaps(),
        Exclusions.within(Instant.ofEpochMilli(startedMs), Instant.ofEpochMilli(endedMs), untilTaped(header, tapes)),
        header.clocks(), header.keyId());
  }

  /** A recording of everybody may begin in the middle of a stay. */
  private static List<Exclusions.Stay> untilTaped(Header header, List<Tape> tapes) {
    return header.untaped().stream().map(stay -> tapes.stream().filter(tape -> tape.session() == stay.session())
        .findFirst().map(tape -> stay.until(tape.startedMs())).orElse(stay)).toList();
  }

  private static Manifest.Session session(Tape tape) {
    List<Manifest.Chunk> chunks = chunks(tape.promises().stream().filter(Promise::isVerified).toList());
    return new Manifest.Session(
        tape.peer(), tape.session(), tape.node(), Instant.ofEpochMilli(tape.startedMs()),
        Instant.ofEpochMilli(tape.endedMs()), end(tape.closed()), tailUnknownSince(tape.closed()),
        tape.tracks().stream().map(ManifestWriter::track).toList(), chunks,
        chunks.stream().mapToLong(Manifest.Chunk::packets).sum(),
        chunks.isEmpty() ? Optional.empty() : chunks.getLast().chain(), tape.closed().isEmpty());
  }

  /** The chain runs over what is verified; when more comes later, the next version's chain holds it in its place. */
  private static List<Manifest.Chunk> chunks(List<Promise> verified) {
    List<String> links = ChunkChain.links(verified.stream().map(Promise::sha256).toList());
    List<Manifest.Chunk> chunks = new ArrayList<>(verified.size());
    for (int i = 0; i < verified.size(); i++) {
      Promise promise = verified.get(i);
      chunks.add(new Manifest.Chunk(promise.index(), promise.key(), promise.fromMs(), promise.toMs(), promise.bytes(),
          promise.packets(), promise.sha256(), Optional.of(links.get(i))));
    }
    return chunks;
  }

  private static String end(Optional<TapeClosed> closed) {
    return closed.map(tape -> tape.getEnd() == TapeClosed.End.UNRECOGNIZED ? "crashed"
        : tape.getEnd().name().toLowerCase(Locale.ROOT)).orElse("crashed");
  }

  private static Optional<Instant> tailUnknownSince(Optional<TapeClosed> closed) {
    return closed.filter(TapeClosed::hasTailUnknownSinceMs)
        .map(tape -> Instant.ofEpochMilli(tape.getTailUnknownSinceMs()));
  }

  private static Manifest.Track track(TapeTrack track) {
    Map<String, String> extensions = new TreeMap<>();
    track.getExtensionsMap().forEach((id, uri) -> extensions.put(Integer.toUnsignedString(id), uri));
    return new Manifest.Track(
        track.getNumber(), track.getName(), track.getMid(), track.getRid(),
        track.getKind() == Kind.VIDEO ? "video" : "audio", track.getCodec(), track.getPayloadType(),
        track.getClockRate(), track.getChannels(), track.getFmtp(), Integer.toUnsignedLong(track.getSsrc()),
        Integer.toUnsignedLong(track.getRtxSsrc()), extensions, reception(track.getReception()),
        senderReports(track.getSenderReports()));
  }

  private static Optional<Manifest.SenderReports> senderReports(SenderReports told) {
    if (told.getReports() == 0) {
      return Optional.empty();
    }
    return Optional.of(new Manifest.SenderReports(
        Integer.toUnsignedLong(told.getReports()), HexFormat.of().toHexDigits(told.getFirstNtp()),
        Integer.toUnsignedLong(told.getFirstRtp()), HexFormat.of().toHexDigits(told.getLastNtp()),
        Integer.toUnsignedLong(told.getLastRtp()), Integer.toUnsignedLong(told.getLastPackets()),
        Integer.toUnsignedLong(told.getLastOctets())));
  }

  private static Manifest.Reception reception(Reception reception) {
    long lostPpm = reception.getExpected() == 0 ? 0 : reception.getLost() * MILLION / reception.getExpected();
    return new Manifest.Reception(
        reception.getExpected(), reception.getReceived(), reception.getRepaired(), reception.getLost(), lostPpm,
        Integer.toUnsignedLong(reception.getLongestHoleMs()), moment(reception.getFirstMs()),
        moment(reception.getLastMs()), causes(reception));
  }

  private static Optional<Manifest.Causes> causes(Reception told) {
    Manifest.Causes causes = new Manifest.Causes(told.getRepairedLate(), told.getAskedInVain(), told.getTooLate(),
        told.getUnauthentic(), told.getDuplicates(), told.getDroppedQueue(), told.getDroppedShed(), told.getUnwanted());
    return causes.equals(NOT_COUNTED) ? Optional.empty() : Optional.of(causes);
  }

  private static Optional<Instant> moment(long unixMillis) {
    return unixMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(unixMillis));
  }
}
