package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.wire.Gap;
import java.util.List;

/**
 * One chunk that a media server said it holds and will store.
 *
 * @param index    place in the tape, from 0 without holes
 * @param key      where the object is to stand in the store
 * @param fromMs   Unix milliseconds of the first entry
 * @param toMs     Unix milliseconds of the last entry
 * @param sha256   lower-case hex hash of the object's bytes
 * @param state    what became of it
 * @param gaps     what is missing, as the chunk itself says; the close of its tape says it too
 */
public record Promise(int index, String key, long fromMs, long toMs, long bytes, long packets, String sha256,
    State state, List<Gap> gaps) {
  public Promise {
    gaps = List.copyOf(gaps);
  }

  /** A chunk that says of no gap, or whose tape's close does. */
  public Promise(
      int index, String key, long fromMs, long toMs, long bytes, long packets, String sha256, State state) {
    this(index, key, fromMs, toMs, bytes, packets, sha256, state, List.of());
  }

  Promise withGaps(List<Gap> told) {
    return new Promise(index, key, fromMs, toMs, bytes, packets, sha256, state, told);
  }

  /** What became of a promise. */
  public enum State {
    OPEN,
    /** We have seen the object in the store, with this length and hash. For ever. */
    VERIFIED,
    /** Its process died before the object was seen, and the one that took over does not have it. */
    LOST
  }

  boolean isVerified() {
    return state == State.VERIFIED;
  }
}
