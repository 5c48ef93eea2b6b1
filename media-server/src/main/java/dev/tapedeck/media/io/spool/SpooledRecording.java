package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingOrders;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the spool knows of one recording. Owned by the spool thread. */
final class SpooledRecording {
  final long id;

  /** By session, in the order they began. */
  final Map<Long, SpooledTape> tapes = new LinkedHashMap<>();

  /** The frame that tells the close or, before it, interruptions; or null. */
  JournalFrame note;

  /** The frame of the orders in force, or null. */
  JournalFrame ordersNote;

  /** What was ordered last. */
  RecordingOrders orders = RecordingOrders.getDefaultInstance();

  /** When processes died with it open, each from what was taped last to the start of the next. */
  List<Gap> interruptions = List.of();

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
