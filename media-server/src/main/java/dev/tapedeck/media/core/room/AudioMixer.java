package dev.tapedeck.media.core.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the loudest of many speakers for a few slots. A slot keeps its speaker until another one is clearly louder
 * for a while, so that two of the same loudness do not take turns; who falls silent stays until the slot is needed.
 * With one slot it is the dominant speaker. Knows no time but what it is told.
 *
 * <p>Who speaks up has a slot within 300 ms: at most 150 ms pass until the smoothed level is as far above another as
 * {@link #LEAD_DECIBELS} asks for, {@link #INTERVAL_NANOS} until that is seen, then {@link #LEAD_NANOS}.
 *
 * @param <S> speakers are told apart by {@code equals}
 */
final class AudioMixer<S extends Speaker> {
  /** How often {@link #update} is meant to be called. */
  static final long INTERVAL_NANOS = 40_000_000L;

  /** Twice the sound pressure: more than a smoothed level wavers while somebody speaks evenly. */
  static final double LEAD_DECIBELS = 6;

  /** Two intervals after the first: longer than a cough or a key stroke keeps a smoothed level up. */
  static final long LEAD_NANOS = 80_000_000L;

  private final List<S> slots;

  /** Since when somebody without a slot has been clearly louder than the quietest with one. */
  private final Map<S, Long> leads = new HashMap<>();

  AudioMixer(int slots) {
    this.slots = new ArrayList<>(Collections.nCopies(slots, null));
  }

  int slots() {
    return slots.size();
  }

  /** Who has this slot, or null. */
  S at(int slot) {
    return slots.get(slot);
  }

  /** Chooses among these; who is not among them any more loses its slot. */
  void update(long nowNanos, Collection<S> speakers) {
    slots.replaceAll(speaker -> speaker != null && speakers.contains(speaker) ? speaker : null);
    leads.keySet().retainAll(speakers);
    if (slots.isEmpty()) {
      return;
    }
    noteLeads(nowNanos, speakers);
    S next;
    while ((next = loudestInWait(nowNanos, speakers)) != null) {
      int slot = slots.indexOf(null);
      slots.set(slot >= 0 ? slot : quietestSlot(nowNanos), next);
      leads.remove(next);
    }
  }

  private void noteLeads(long nowNanos, Collection<S> speakers) {
    if (slots.contains(null)) {
      leads.clear();
      return;
    }
    S quietest = slots.get(quietestSlot(nowNanos));
    for (S speaker : speakers) {
      if (isWaiting(nowNanos, speaker) && isClearlyLouder(nowNanos, speaker, quietest)) {
        leads.putIfAbsent(speaker, nowNanos);
      } else {
        leads.remove(speaker);
      }
    }
  }

  /** The loudest of those who may have a slot now, or null. */
  private S loudestInWait(long nowNanos, Collection<S> speakers) {
    boolean isFull = !slots.contains(null);
    S loudest = null;
    for (S speaker : speakers) {
      boolean mayHaveSlot = isWaiting(nowNanos, speaker) && (!isFull || hasLongLed(nowNanos, speaker));
      if (mayHaveSlot && (loudest == null || speaker.decibelsAt(nowNanos) > loudest.decibelsAt(nowNanos))) {
        loudest = speaker;
      }
    }
    return loudest;
  }

  private boolean isWaiting(long nowNanos, S speaker) {
    return speaker.isSpeakingAt(nowNanos) && !slots.contains(speaker);
  }

  private boolean hasLongLed(long nowNanos, S speaker) {
    Long since = leads.get(speaker);
    return since != null && nowNanos - since >= LEAD_NANOS
        && isClearlyLouder(nowNanos, speaker, slots.get(quietestSlot(nowNanos)));
  }

  private static boolean isClearlyLouder(long nowNanos, Speaker speaker, Speaker than) {
    return !than.isSpeakingAt(nowNanos)
        || speaker.decibelsAt(nowNanos) >= than.decibelsAt(nowNanos) + LEAD_DECIBELS;
  }

  /** Of a full set: who is silent comes first, and of those the quietest. */
  private int quietestSlot(long nowNanos) {
    int quietest = 0;
    for (int i = 1; i < slots.size(); i++) {
      if (isQuieter(nowNanos, slots.get(i), slots.get(quietest))) {
        quietest = i;
      }
    }
    return quietest;
  }

  private static boolean isQuieter(long nowNanos, Speaker speaker, Speaker than) {
    boolean speaks = speaker.isSpeakingAt(nowNanos);
    return speaks == than.isSpeakingAt(nowNanos)
        ? speaker.decibelsAt(nowNanos) < than.decibelsAt(nowNanos)
        : !speaks;
  }
}
