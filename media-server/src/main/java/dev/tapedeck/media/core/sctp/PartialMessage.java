package dev.tapedeck.media.core.sctp;

import java.util.Collection;
import java.util.TreeMap;

/** The fragments of one message, as far as they have come: those of one SSN, or of one MID. */
final class PartialMessage {
  private static final long UNKNOWN = -1;

  private final TreeMap<Long, Fragment> fragments = new TreeMap<>();
  private long firstPosition = UNKNOWN;
  private long lastPosition = UNKNOWN;
  private int bytes;

  /** @return false if the fragment contradicts those before, which no honest peer sends; nothing changes then */
  boolean add(Fragment fragment) {
    long position = fragment.position();
    if (!fits(fragment, position)) {
      return false;
    }
    fragments.put(position, fragment);
    bytes += fragment.data().length;
    if (fragment.isBeginning()) {
      firstPosition = position;
    }
    if (fragment.isEnd()) {
      lastPosition = position;
    }
    return true;
  }

  private boolean fits(Fragment fragment, long position) {
    if (fragments.isEmpty()) {
      return true;
    }
    boolean isBeginningRight = fragment.isBeginning()
        ? firstPosition == UNKNOWN && position < fragments.firstKey()
        : firstPosition == UNKNOWN || position > firstPosition;
    boolean isEndRight = fragment.isEnd()
        ? lastPosition == UNKNOWN && position > fragments.lastKey()
        : lastPosition == UNKNOWN || position < lastPosition;
    return isBeginningRight && isEndRight && !fragments.containsKey(position);
  }

  boolean isComplete() {
    return firstPosition != UNKNOWN && lastPosition != UNKNOWN
        && lastPosition - firstPosition == fragments.size() - 1;
  }

  /** In order. */
  Collection<Fragment> fragments() {
    return fragments.values();
  }

  /** User data so far. */
  int bytes() {
    return bytes;
  }
}
