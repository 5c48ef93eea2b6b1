package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.wire.RecordingOrders;

/**
 * A recording that was open when its process died, and may go on in the next one.
 *
 * @param orders what was in force then; the default instance if there was nothing
 */
public record UnfinishedRecording(String app, String room, long recording, RecordingOrders orders) {
  /** Why it is closed if it does not. */
  public static final String CRASH = "crash";
}
