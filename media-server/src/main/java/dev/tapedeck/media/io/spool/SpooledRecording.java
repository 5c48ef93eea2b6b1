package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.RecordingClosed;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the spool knows of one recording. Owned by the spool thread. */
final class SpooledRecording {
  final long id;

  /** By session, in the order they began. */
  final Map<Long, SpooledTape> tapes = new LinkedHashMap<>();

  /** The frame that tells the close, or null. */
  JournalFrame note;

  /** The close, or null while it is open. */
  RecordingClosed closed;

  /** The connector has the close. */
  boolean isCloseStored;

  SpooledRecording(long id) {
    this.id = id;
  }

  Collection<SpooledTape> tapes() {
    return tapes.values();
  }

  /** Everything is stored and told. */
  boolean isDone() {
    return closed != null && isCloseStored && tapes.values().stream().allMatch(SpooledTape::isDone);
  }
}
