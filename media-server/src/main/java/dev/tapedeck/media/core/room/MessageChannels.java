package dev.tapedeck.media.core.room;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.stats.WorkerCounters;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages between the members of one room, by label. Best effort: who cannot take a message now misses it, and that is
 * counted. Nothing is kept. Owned by the worker thread.
 */
final class MessageChannels {
  /** Most labels in one room. */
  static final int MAX_LABELS = 256;

  /** Most bytes of one message. */
  static final int MAX_MESSAGE_BYTES = 64 << 10;

  private final Map<String, Channel> channels = new HashMap<>();
  private final WorkerCounters counters;

  private static final class Channel {
    private final Set<Member> publishers = new LinkedHashSet<>();
    private final Set<Member> subscribers = new LinkedHashSet<>();

    private boolean isUnused() {
      return publishers.isEmpty() && subscribers.isEmpty();
    }
  }

  MessageChannels(WorkerCounters counters) {
    this.counters = counters;
  }

  /** @return false if the room has too many labels */
  boolean startPublishing(String label, Member member) {
    Channel channel = open(label);
    if (channel == null) {
      return false;
    }
    channel.publishers.add(member);
    return true;
  }

  void stopPublishing(String label, Member member) {
    Channel channel = channels.get(label);
    if (channel != null) {
      channel.publishers.remove(member);
      closeIfUnused(label, channel);
    }
  }

  /** @return false if the room has too many labels */
  boolean subscribe(String label, Member member) {
    Channel channel = open(label);
    if (channel == null) {
      return false;
    }
    channel.subscribers.add(member);
    return true;
  }

  void unsubscribe(String label, Member member) {
    Channel channel = channels.get(label);
    if (channel != null) {
      channel.subscribers.remove(member);
      closeIfUnused(label, channel);
    }
  }

  /**
   * Gives the message to all subscribers, the publisher itself included if it is one.
   *
   * @return false if it is too long, or this member has not said that it publishes here
   */
  boolean publish(long nowNanos, String label, Member from, ByteString data) {
    Channel channel = channels.get(label);
    if (channel == null || !channel.publishers.contains(from) || data.size() > MAX_MESSAGE_BYTES) {
      counters.messagesRefused++;
      return false;
    }
    for (Member subscriber : channel.subscribers) {
      if (subscriber.events().message(nowNanos, label, from.join().peer(), data)) {
        counters.messagesDelivered++;
      } else {
        counters.messagesDropped++;
      }
    }
    return true;
  }

  /** The member is leaving the room. */
  void leave(Member member) {
    for (String label : List.copyOf(channels.keySet())) {
      stopPublishing(label, member);
      unsubscribe(label, member);
    }
  }

  private Channel open(String label) {
    return channels.size() >= MAX_LABELS ? channels.get(label) : channels.computeIfAbsent(label, l -> new Channel());
  }

  private void closeIfUnused(String label, Channel channel) {
    if (channel.isUnused()) {
      channels.remove(label);
    }
  }
}
