package dev.tapedeck.composer.core.timeline;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Everything taped of one SSRC: the bytes, and where in them its packets lie in sending order.
 *
 * @param tape the session's chunks one after the other; offsets of {@code packets} point into it
 */
public record LayerTape(TrackDescription description, MemorySegment tape, RtpSequence packets,
    List<SenderReport> reports) {

  public LayerTape {
    reports = List.copyOf(reports);
  }
}
