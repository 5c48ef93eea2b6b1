package dev.tapedeck.media.core.sctp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * Fragments of unordered DATA, which name no message: those of one message have TSNs in a row, from one that begins to
 * one that ends (RFC 9260 §6.9). Kept as runs of neighbours, so that a fragment costs the same however many there are.
 */
final class UnorderedFragments {
  /** Neighbours that belong to one message. */
  private static final class Run {
    private final ArrayDeque<Fragment> fragments = new ArrayDeque<>();
    private int bytes;

    private void addLast(Fragment fragment) {
      fragments.addLast(fragment);
      bytes += fragment.data().length;
    }

    private void addFirst(Fragment fragment) {
      fragments.addFirst(fragment);
      bytes += fragment.data().length;
    }

    private long firstTsn() {
      return fragments.getFirst().tsn();
    }

    private boolean isOpenAfter(long tsn) {
      return fragments.getLast().tsn() == tsn && !fragments.getLast().isEnd();
    }

    private boolean isOpenBefore() {
      return !fragments.getFirst().isBeginning();
    }

    private boolean isComplete() {
      return fragments.getFirst().isBeginning() && fragments.getLast().isEnd();
    }

    /** The two as one; the shorter one moves. */
    private static Run joined(Run before, Run after) {
      if (before.fragments.size() < after.fragments.size()) {
        before.fragments.descendingIterator().forEachRemaining(after::addFirst);
        return after;
      }
      after.fragments.forEach(before::addLast);
      return before;
    }
  }

  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private int lastRunBytes;

  /** @return the fragments of a message that is now complete, in order, else none */
  List<Fragment> add(Fragment fragment) {
    Run run = new Run();
    run.addLast(fragment);
    var before = runs.floorEntry(fragment.tsn());
    if (!fragment.isBeginning() && before != null && before.getValue().isOpenAfter(fragment.tsn() - 1)) {
      runs.remove(before.getKey());
      run = Run.joined(before.getValue(), run);
    }
    Run after = runs.get(fragment.tsn() + 1);
    if (!fragment.isEnd() && after != null && after.isOpenBefore()) {
      runs.remove(fragment.tsn() + 1);
      run = Run.joined(run, after);
    }
    lastRunBytes = run.bytes;
    if (run.isComplete()) {
      return new ArrayList<>(run.fragments);
    }
    runs.put(run.firstTsn(), run);
    return List.of();
  }

  /** User data of what the fragment added last belongs to. */
  int lastRunBytes() {
    return lastRunBytes;
  }

  /** Forgets messages that begin up to this TSN: they will not be completed. Returns what they held. */
  long discardTo(long tsn) {
    long heldBytes = 0;
    Iterator<Run> doomed = runs.headMap(tsn, true).values().iterator();
    while (doomed.hasNext()) {
      heldBytes += doomed.next().fragments.stream().mapToLong(Fragment::heldBytes).sum();
      doomed.remove();
    }
    return heldBytes;
  }
}
