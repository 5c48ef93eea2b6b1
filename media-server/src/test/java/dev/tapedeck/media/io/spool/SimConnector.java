package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything the connector and the store know, by the rules {@link SpoolEvents} sets: of each index the first verified
 * object stays, and what a dead process promised and nobody has is lost.
 */
final class SimConnector implements SpoolEvents {
  /** By session, then index: the first verified object of an index stays. */
  final Map<Long, TreeMap<Integer, byte[]>> objects = new HashMap<>();

  final Map<Long, TapeClosed> tapesClosed = new HashMap<>();
  /** By session and index: which process promised it last. */
  final Map<Long, TreeMap<Integer, Integer>> promised = new HashMap<>();

  final Map<Long, RecordingClosed> recordingsClosed = new HashMap<>();
  final Deque<Runnable> acknowledgements = new ArrayDeque<>();
  int events;
  int incarnation;

  @Override
  public void tapeOpened(TapeOpened event) {
    events++;
  }

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {
    events++;
    promised.computeIfAbsent(event.getTape().getSession(), session -> new TreeMap<>())
        .put(event.getIndex(), incarnation);
    acknowledgements.add(whenStored);
  }

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {
    events++;
    tapesClosed.merge(event.getTape().getSession(), event, SimConnector::closedAgain);
    loseWhatNobodyHas(event.getTape().getSession());
    acknowledgements.add(whenStored);
  }

  /** A close that a crash took back stands, with the gaps of both. */
  private static TapeClosed closedAgain(TapeClosed first, TapeClosed later) {
    return later.getEnd() == TapeClosed.End.CRASHED
        ? first.toBuilder().addAllGaps(later.getGapsList()).setEnd(TapeClosed.End.CRASHED).build() : first;
  }

  /** What a dead process promised, and the one after it did not promise again, will never come. */
  private void loseWhatNobodyHas(long session) {
    TreeMap<Integer, byte[]> stored = objects.getOrDefault(session, new TreeMap<>());
    promised.getOrDefault(session, new TreeMap<>()).forEach((index, incarnation) -> {
      if (incarnation < this.incarnation && !stored.containsKey(index)) {
        tapesClosed.computeIfPresent(session, (id, closed) -> closed.toBuilder().setEnd(TapeClosed.End.CRASHED)
            .addGaps(Gap.newBuilder().setCause("crash")).build());
      }
    });
  }

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {}

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {
    events++;
    recordingsClosed.put(event.getRecording(), event);
    acknowledgements.add(whenStored);
  }
}
