package dev.tapedeck.media.core.room;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the packets of a session have told of their SSRCs. A client stops to tell once it knows that an SSRC has arrived, so
 * this outlives the stay in a room. Owned by the worker thread.
 */
final class StreamNames {
  private final Map<Integer, Name> names = new HashMap<>();

  /**
   * @param mid     of the m-line
   * @param rid     of the layer
   * @param repairs whether it carries retransmissions of that layer
   */
  record Name(String mid, String rid, boolean repairs) {}

  void learn(int ssrc, Name name) {
    if (names.size() < StreamTable.MAX_STREAMS) {
      names.put(ssrc, name);
    }
  }

  Optional<Name> of(int ssrc) {
    return Optional.ofNullable(names.get(ssrc));
  }
}
