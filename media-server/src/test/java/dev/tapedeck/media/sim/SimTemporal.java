package dev.tapedeck.media.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Three temporal layers of an encoder: 0 2 1 2 and again. Now and then a picture of an upper layer refers to the base
 * layer alone, which VP8 tells as layer sync (RFC 7741 §4.2).
 */
final class SimTemporal {
  /** A picture and those it refers to. */
  record Picture(int tid, boolean isSync, List<Integer> references) {}

  private static final int[] PATTERN = {0, 2, 1, 2};
  private static final int NONE = -1;

  private final Map<Integer, Picture> pictures = new HashMap<>();
  private final int[] last = {NONE, NONE, NONE};
  private int place;
  private Picture newest = new Picture(NONE, false, List.of());

  /** The next picture; frames are counted by the publisher. */
  void next(int frame, boolean isKeyFrame) {
    place = isKeyFrame ? 0 : place + 1;
    int tid = PATTERN[place % PATTERN.length];
    boolean isSync = place % 8 == 1 || place % 16 == 2;
    List<Integer> references = new ArrayList<>();
    for (int layer = 0; layer <= (isSync ? 0 : tid) && !isKeyFrame; layer++) {
      if (last[layer] != NONE) {
        references.add(last[layer]);
      }
    }
    if (isKeyFrame) {
      last[1] = NONE;
      last[2] = NONE;
    }
    newest = new Picture(tid, isSync, references);
    pictures.put(frame, newest);
    last[tid] = frame;
  }

  /** Of the newest picture; -1 if it was not asked for any. */
  int tid() {
    return newest.tid;
  }

  boolean isSync() {
    return newest.isSync;
  }

  Picture of(int frame) {
    return pictures.get(frame);
  }
}
