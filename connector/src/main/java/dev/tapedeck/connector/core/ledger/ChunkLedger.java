package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what was promised with what is stored, for one recording, and names everything that is missing. Pure: the rows
 * go in, the judgement comes out, the same for the same rows.
 */
public final class ChunkLedger {
  private static final String CRASH = "crash";
  private static final String UPLOAD = "upload";
  private static final String QUEUE = "queue";

  private final List<Tape> tapes;

  /** @param tapes every tape of the recording */
  public ChunkLedger(List<Tape> tapes) {
    this.tapes = List.copyOf(tapes);
  }

  /**
   * What can be said now.
   *
   * @param gaps all that is missing; the verdict is partial exactly when one of them was not requested
   */
  public record Judgement(Verdict verdict, List<Manifest.Gap> gaps) {}

  /** Whether nothing more is to come: every tape closed, every chunk it counted promised, each promise kept or lost. */
  public boolean isSettled() {
    return tapes.stream().allMatch(Tape::isSettled);
  }

  /** The verdict as of now, counting as lost what is not verified. */
  public Judgement judge() {
    List<Manifest.Gap> gaps = new ArrayList<>();
    for (Tape tape : tapes) {
      collectGaps(tape, gaps);
    }
    return new Judgement(verdict(gaps), List.copyOf(gaps));
  }

  private Verdict verdict(List<Manifest.Gap> gaps) {
    if (gaps.stream().anyMatch(gap -> !gap.requested())) {
      return Verdict.PARTIAL;
    }
    return packets() == 0 ? Verdict.EMPTY : Verdict.COMPLETE;
  }

  /** RTP packets in verified chunks. */
  public long packets() {
    return tapes.stream().mapToLong(ChunkLedger::verifiedPackets).sum();
  }

  private static void collectGaps(Tape tape, List<Manifest.Gap> gaps) {
    tape.closed().ifPresent(closed -> closed.getGapsList().forEach(gap -> gaps.add(declared(tape, gap))));
    collectUnkeptPromises(tape, gaps);
    collectHoles(tape, gaps);
    if (tape.closed().isEmpty()) {
      // Nobody knows how much followed; the gap begins where knowledge ends.
      gaps.add(gap(tape, tape.endedMs(), tape.endedMs(), CRASH, 0));
    } else {
      collectPacketsInNoChunk(tape, tape.closed().get(), gaps);
    }
  }

  private static void collectUnkeptPromises(Tape tape, List<Manifest.Gap> gaps) {
    for (Promise promise : tape.promises()) {
      if (!promise.isVerified() && !tape.isGivenUp(promise)) {
        boolean isCrash = promise.state() == Promise.State.LOST || tape.closed().isEmpty();
        gaps.add(gap(tape, promise.fromMs(), promise.toMs(), isCrash ? CRASH : UPLOAD, promise.packets()));
      }
    }
  }

  /** Indices never promised, although a later one was, or although the node counted them when it closed the tape. */
  private static void collectHoles(Tape tape, List<Manifest.Gap> gaps) {
    int next = 0;
    long coveredToMs = tape.startedMs();
    for (Promise promise : tape.promises()) {
      if (promise.index() > next) {
        gaps.add(gap(tape, coveredToMs, promise.fromMs(), CRASH, 0));
      }
      next = promise.index() + 1;
      coveredToMs = promise.toMs();
    }
    if (tape.closed().isPresent() && tape.closed().get().getChunks() > next) {
      gaps.add(gap(tape, coveredToMs, tape.endedMs(), CRASH, 0));
    }
  }

  /** Packets the node counted on the tape that no chunk and no gap accounts for. */
  private static void collectPacketsInNoChunk(Tape tape, TapeClosed closed, List<Manifest.Gap> gaps) {
    // A gap of unknown size may hold any number.
    boolean isAccountedFor =
        closed.getGapsList().stream().anyMatch(gap -> gap.getPackets() == 0) || !tape.isSettled();
    long named = closed.getGapsList().stream().mapToLong(Gap::getPackets).sum();
    long missing = closed.getPackets() - verifiedPackets(tape) - lostPackets(tape) - named;
    if (!isAccountedFor && missing > 0) {
      gaps.add(gap(tape, tape.startedMs(), tape.endedMs(), QUEUE, missing));
    }
  }

  private static long verifiedPackets(Tape tape) {
    return tape.promises().stream().filter(Promise::isVerified).mapToLong(Promise::packets).sum();
  }

  private static long lostPackets(Tape tape) {
    return tape.promises().stream().filter(promise -> promise.state() == Promise.State.LOST)
        .mapToLong(Promise::packets).sum();
  }

  private static Manifest.Gap declared(Tape tape, Gap gap) {
    return new Manifest.Gap(tape.peer(), tape.session(), gap.getTrack(), Instant.ofEpochMilli(gap.getFromMs()),
        Instant.ofEpochMilli(gap.getToMs()), gap.getCause(), gap.getPackets(), gap.getRequested());
  }

  private static Manifest.Gap gap(Tape tape, long fromMs, long toMs, String cause, long packets) {
    return new Manifest.Gap(tape.peer(), tape.session(), 0, Instant.ofEpochMilli(fromMs), Instant.ofEpochMilli(toMs),
        cause, packets, false);
  }
}
