package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger holds of one session in one recording.
 *
 * @param openedMs Unix milliseconds when its node told of it, with the first slab: a little after its first packet
 * @param promises in order of their index
 * @param soFar    the tracks as the node told them with a chunk, before its last word
 * @param closed   the node's last word about it; empty while it runs, and for ever when the node died
 */
public record Tape(String peer, long session, long node, long openedMs, List<Promise> promises,
    List<TapeTrack> soFar, Optional<TapeClosed> closed) {
  public Tape {
    promises = promises.stream().sorted(Comparator.comparingInt(Promise::index)).toList();
    soFar = List.copyOf(soFar);
  }

  /** A tape of whose tracks nothing is known before its close. */
  public Tape(
      String peer, long session, long node, long openedMs, List<Promise> promises, Optional<TapeClosed> closed) {
    this(peer, session, node, openedMs, promises, List.of(), closed);
  }

  /** By the last word, or as far as they are known. */
  List<TapeTrack> tracks() {
    return closed.map(TapeClosed::getTracksList).orElse(soFar);
  }

  long startedMs() {
    return closed.map(TapeClosed::getStartedMs).filter(ms -> ms > 0).orElse(openedMs);
  }

  /** Latest moment known to be on the tape, verified or not. */
  long endedMs() {
    long promised = promises.stream().mapToLong(Promise::toMs).max().orElse(openedMs);
    return Math.max(promised, closed.map(TapeClosed::getEndedMs).orElse(openedMs));
  }

  /** Whether the node has said everything, and every promise is kept or known to be lost. */
  boolean isSettled() {
    return closed.isPresent() && isAllPromised(closed.get()) && promises.stream().noneMatch(this::isAwaited);
  }

  /** Whether the chunk may still come. */
  boolean isAwaited(Promise promise) {
    return promise.state() == Promise.State.OPEN && !isGivenUp(promise);
  }

  /** Whether the node said that it will never store the chunk; one of its gaps tells what was in it. */
  boolean isGivenUp(Promise promise) {
    return closed.filter(told -> told.getLostChunksList().contains(promise.index())).isPresent();
  }

  // A process that died may have promised more chunks than the one after it found and counted.
  private boolean isAllPromised(TapeClosed told) {
    return promises.stream().filter(promise -> promise.index() < told.getChunks()).count() == told.getChunks();
  }
}
