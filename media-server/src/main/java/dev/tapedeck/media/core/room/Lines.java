package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.Direction;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The m-lines of a member under the names it gives them: a new m-line takes the first name of its kind and direction that
 * has none yet. One for which there is no name then is answered and left alone, also when names come later: browsers
 * offer such m-lines of their own accord. Owned by the worker thread.
 */
final class Lines {
  /** Names of each direction that the session may have. */
  final int maxNames;

  private final Map<String, SendLine> senders = new LinkedHashMap<>();
  private final Map<String, ReceiveLine> receivers = new LinkedHashMap<>();

  /** Indexes of m-lines that have had their chance. */
  private final Set<Integer> seen = new HashSet<>();

  /** What an update brought. */
  record Added(List<SendLine> senders, List<ReceiveLine> receivers) {}

  /** Makes the down-track of an m-line. */
  @FunctionalInterface
  interface DownTracks {
    DownTrack of(NegotiatedMedia media);
  }

  Lines(int maxNames) {
    this.maxNames = maxNames;
  }

  /** Whether these names, with those there are, do not become too many. */
  boolean hasRoomFor(Tracks tracks) {
    return hasRoomFor(senders.keySet(), tracks.getSendersList().stream().map(Sender::getName))
        && hasRoomFor(receivers.keySet(), tracks.getReceiversList().stream().map(Receiver::getName));
  }

  private boolean hasRoomFor(Set<String> there, Stream<String> more) {
    return there.size() + more.distinct().filter(name -> !there.contains(name)).count() <= maxNames;
  }

  /** The sender of this name, or null. */
  SendLine sender(String name) {
    return senders.get(name);
  }

  /** The receiver of this name, or null. */
  ReceiveLine receiver(String name) {
    return receivers.get(name);
  }

  Collection<SendLine> senders() {
    return senders.values();
  }

  Collection<ReceiveLine> receivers() {
    return receivers.values();
  }

  /**
   * Takes names that are new, and gives names to m-lines that are new.
   *
   * @return those that have an m-line since now
   */
  Added update(Tracks tracks, List<NegotiatedMedia> media, DownTracks downTracks) {
    for (Sender sender : tracks.getSendersList()) {
      Sender.State state = sender.getState();
      if (senders.size() < maxNames) {
        senders.computeIfAbsent(sender.getName(), name -> new SendLine(name, sender.getKind() == Kind.VIDEO,
            state.getConfig(), state.hasSource() ? Optional.of(state.getSource()) : Optional.empty()));
      }
    }
    for (Receiver receiver : tracks.getReceiversList()) {
      Receiver.State state = receiver.getState();
      if (receivers.size() < maxNames) {
        receivers.computeIfAbsent(receiver.getName(), name -> new ReceiveLine(name, receiver.getKind() == Kind.VIDEO,
            state.getConfig(), state.hasSource() ? Optional.of(state.getSource()) : Optional.empty()));
      }
    }
    Added added = new Added(new ArrayList<>(), new ArrayList<>());
    for (NegotiatedMedia line : media) {
      if (!line.isRejected() && !line.isData() && seen.add(line.index())) {
        name(line, downTracks, added);
      }
    }
    return added;
  }

  private void name(NegotiatedMedia line, DownTracks downTracks, Added added) {
    if (line.direction() == Direction.RECVONLY) {
      senders.values().stream().filter(sender -> sender.media == null && sender.isVideo == line.isVideo()).findFirst()
          .ifPresent(sender -> {
            sender.media = line;
            added.senders.add(sender);
          });
    } else if (line.local().isPresent()) {
      receivers.values().stream()
          .filter(receiver -> receiver.downTrack == null && receiver.isVideo == line.isVideo()).findFirst()
          .ifPresent(receiver -> {
            receiver.take(downTracks.of(line));
            added.receivers.add(receiver);
          });
    }
  }
}
