package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what was promised with what is stored, for one recording, and names everything that is missing. Pure: the rows
 * go in, the judgement comes out, the same for the same rows.
 */
public final class ChunkLedger {
  private static final String CRASH = "crash";
  private static final String UPLOAD = "upload";
  private static final String QUEUE = "queue";

  /** What such gaps count the node did not count as taped, so they explain nothing that is missing of that. */
  private static final Set<String> NEVER_ON_TAPE = Set.of(QUEUE, "shed", "muted", "paused");

  /**
   * A tape is told of with its first slab and kept from its first force on; one that began so shortly before its media
   * server died may be unknown to everybody.
   */
  private static final long UNHEARD_MILLIS = 2_000;

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

  /**
   * The end of a recording whose media server died with it open; Unix milliseconds.
   *
   * @param openedMs when the recording began
   * @param notedMs  when the connector heard or assumed that it had ended
   */
  public record Crash(long openedMs, long notedMs) {}

  /** Whether nothing more is to come: every tape closed, every chunk it counted promised, each promise kept or lost. */
  public boolean isSettled() {
    return tapes.stream().allMatch(Tape::isSettled);
  }

  /**
   * The verdict as of now, counting as lost what is not verified.
   *
   * @param crash         empty if the recording was closed in order
   * @param interruptions after which it went on
   */
  public Judgement judge(Optional<Crash> crash, List<Interruption> interruptions) {
    List<Manifest.Gap> gaps = new ArrayList<>();
    for (Tape tape : tapes) {
      collectGaps(tape, crash, gaps);
    }
    List<Interruption> all = new ArrayList<>(interruptions);
    crash.map(this::end).ifPresent(all::add);
    united(all).forEach(interruption -> gaps.add(unheardOf(interruption)));
    return new Judgement(verdict(gaps), List.copyOf(gaps));
  }

  /** Those that go into each other are one. */
  private static List<Interruption> united(List<Interruption> interruptions) {
    List<Interruption> united = new ArrayList<>();
    interruptions.stream().sorted(Comparator.comparingLong(Interruption::fromMs)).forEach(next -> {
      Interruption last = united.isEmpty() ? null : united.getLast();
      if (last == null || last.toMs() < next.fromMs() - UNHEARD_MILLIS) {
        united.add(next);
      } else {
        united.set(united.size() - 1, new Interruption(last.fromMs(), Math.max(last.toMs(), next.toMs())));
      }
    });
    return united;
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

  private Interruption end(Crash end) {
    long lastMs = tapes.stream().mapToLong(Tape::endedMs).max().orElse(end.openedMs());
    return new Interruption(Math.min(lastMs, end.notedMs()), end.notedMs());
  }

  /** Of no session: what anybody sent who had just joined, and whom nobody told of. */
  private static Manifest.Gap unheardOf(Interruption interruption) {
    return new Manifest.Gap("", 0, 0, Instant.ofEpochMilli(interruption.fromMs() - UNHEARD_MILLIS),
        Instant.ofEpochMilli(interruption.toMs()), CRASH, 0, false);
  }

  /** The interruptions a manifest tells of, the one at its end included. */
  public static List<Interruption> interruptions(Manifest manifest) {
    return manifest.gaps().stream().filter(gap -> gap.session() == 0 && gap.cause().equals(CRASH))
        .map(gap -> new Interruption(gap.from().toEpochMilli() + UNHEARD_MILLIS, gap.to().toEpochMilli())).toList();
  }

  private static void collectGaps(Tape tape, Optional<Crash> crash, List<Manifest.Gap> gaps) {
    tape.closed().ifPresent(closed -> closed.getGapsList().forEach(gap -> gaps.add(declared(tape, gap))));
    collectUnkeptPromises(tape, gaps);
    collectHoles(tape, gaps);
    if (tape.closed().isEmpty()) {
      tape.promises().forEach(promise -> promise.gaps().forEach(gap -> gaps.add(declared(tape, gap))));
      // Nobody knows how much followed; the gap begins where knowledge ends.
      long knownToMs = tape.promises().isEmpty() ? earliestMs(tape) : tape.endedMs();
      gaps.add(gap(tape, knownToMs, Math.max(tape.endedMs(), crash.map(Crash::notedMs).orElse(0L)), CRASH, 0));
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
    long coveredToMs = earliestMs(tape);
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

  /** When its first packet may have come: known from its close only, for it was told of after that packet. */
  private static long earliestMs(Tape tape) {
    return tape.closed().isPresent() ? tape.startedMs() : tape.openedMs() - UNHEARD_MILLIS;
  }

  /** Packets the node counted on the tape that no chunk and no gap accounts for. */
  private static void collectPacketsInNoChunk(Tape tape, TapeClosed closed, List<Manifest.Gap> gaps) {
    // A gap of unknown size may hold any number.
    boolean isAccountedFor =
        closed.getGapsList().stream().anyMatch(gap -> gap.getPackets() == 0) || !tape.isSettled();
    long named = closed.getGapsList().stream().filter(gap -> !NEVER_ON_TAPE.contains(gap.getCause()))
        .mapToLong(Gap::getPackets).sum();
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
