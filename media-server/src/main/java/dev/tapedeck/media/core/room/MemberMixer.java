package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.mixer.Config;
import dev.tapedeck.protocol.wire.mixer.Mode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the loudest of a room, or of those its member named, on some of the member's receivers, during one stay. The
 * packets are forwarded as they are. Never the member's own. Owned by the worker thread.
 */
final class MemberMixer {
  /** Tracks one member may name. */
  static final int MAX_SOURCES = 1_000;

  private final String ownPeer;
  private final Lines lines;
  private final MemberEvents events;
  private final TimerHeap timers;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);
  private final boolean isManual;

  /** Names of the receivers, by slot. */
  private final List<String> outputs;

  private final AudioMixer<UpTrack> mixer;
  private final UpTrack[] told;

  /** Which tracks the member named. */
  private final Set<Receiver.Source> sources = new HashSet<>();

  /** All of others that can be received now. */
  private final Set<UpTrack> tracks = new LinkedHashSet<>();

  /** Those of them that are chosen among. */
  private Set<UpTrack> speakers = Set.of();

  MemberMixer(Config config, String ownPeer, Lines lines, MemberEvents events, TimerHeap timers) {
    this.ownPeer = ownPeer;
    this.lines = lines;
    this.events = events;
    this.timers = timers;
    isManual = config.getMode() == Mode.MANUAL;
    outputs = config.getOutputsList().stream().distinct()
        .filter(name -> lines.receiver(name) == null || !lines.receiver(name).isVideo)
        .limit(lines.maxNames)
        .toList();
    mixer = new AudioMixer<>(outputs.size());
    told = new UpTrack[outputs.size()];
    config.getSourcesList().stream().limit(MAX_SOURCES).forEach(sources::add);
  }

  void start(long nowNanos) {
    for (String output : outputs) {
      if (lines.receiver(output) != null) {
        lines.receiver(output).await(Optional.empty());
      }
    }
    timers.schedule(timer, nowNanos + AudioMixer.INTERVAL_NANOS);
  }

  /** The stay is over; its events need not be taken back. */
  void stop() {
    timers.cancel(timer);
  }

  /** Whether the member chooses the sources. */
  boolean isManual() {
    return isManual;
  }

  /** Whether a receiver shows what the mixer chooses, and nothing else. */
  boolean hasOutput(String receiver) {
    return outputs.contains(receiver);
  }

  /** @return false if these were too many; then none was taken */
  boolean attach(List<Receiver.Source> more) {
    Set<Receiver.Source> all = new HashSet<>(sources);
    all.addAll(more);
    if (all.size() > MAX_SOURCES) {
      return false;
    }
    sources.addAll(more);
    chooseSpeakers();
    return true;
  }

  void detach(List<Receiver.Source> fewer) {
    fewer.forEach(sources::remove);
    chooseSpeakers();
  }

  void trackPublished(UpTrack track) {
    if (!track.isVideo() && !track.publication.peer().equals(ownPeer)) {
      tracks.add(track);
      chooseSpeakers();
    }
  }

  /** The room has taken it from its receivers already; they are told with the next choice. */
  void trackUnpublished(UpTrack track) {
    if (tracks.remove(track)) {
      chooseSpeakers();
    }
  }

  private void chooseSpeakers() {
    speakers = new LinkedHashSet<>(tracks);
    speakers.removeIf(track -> isManual ? !sources.contains(source(track)) : isHidden(track));
  }

  /** A peer of whom nothing is shown must not be betrayed by its slot. */
  private static boolean isHidden(UpTrack track) {
    return !track.publication.presence().showsPeer() && !track.publication.presence().showsTracks();
  }

  private static Receiver.Source source(UpTrack track) {
    return Receiver.Source.newBuilder().setPeer(track.publication.peer()).setTrack(track.name).build();
  }

  private void handleTimeout(long nowNanos) {
    mixer.update(nowNanos, speakers);
    for (int slot = 0; slot < told.length; slot++) {
      if (mixer.at(slot) != told[slot]) {
        told[slot] = mixer.at(slot);
        tell(nowNanos, slot);
      }
      show(nowNanos, lines.receiver(outputs.get(slot)), told[slot]);
    }
    timers.schedule(timer, nowNanos + AudioMixer.INTERVAL_NANOS);
  }

  private void tell(long nowNanos, int slot) {
    ReceiveLine line = lines.receiver(outputs.get(slot));
    Optional<Receiver.Source> source = Optional.ofNullable(told[slot]).map(MemberMixer::source);
    if (line != null) {
      line.await(source);
    }
    source.ifPresentOrElse(
        there -> events.slotSet(nowNanos, slot, there), () -> events.slotUnset(nowNanos, slot));
  }

  /** An output may get its m-line later than its speaker. */
  private static void show(long nowNanos, ReceiveLine line, UpTrack track) {
    if (line != null && !line.isVideo && line.downTrack != null && line.downTrack.source() != track) {
      line.downTrack.show(nowNanos, track);
    }
  }
}
