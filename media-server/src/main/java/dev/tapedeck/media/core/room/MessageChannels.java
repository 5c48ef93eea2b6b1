package dev.tapedeck.media.core.room;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.stats.WorkerCounters;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Messages between the members of one room, by label. Best effort: who cannot take a message now misses it, and that is
 * counted. Nothing is kept. Owned by the worker thread.
 */
final class MessageChannels {
  private final Map<String, Channel> channels = new HashMap<>();
  private final WorkerCounters counters;
  private final Limits limits;

  private static final class Channel {
    private final Set<Member> publishers = new LinkedHashSet<>();
    private final Set<Member> subscribers = new LinkedHashSet<>();

    private boolean isUnused() {
      return publishers.isEmpty() && subscribers.isEmpty();
    }
  }

  MessageChannels(WorkerCounters counters, Limits limits) {
    this.counters = counters;
    this.limits = limits;
  }

  /** @return what is wrong, empty when done */
  Optional<SdkError> startPublishing(String label, Member member) {
    return join(label, member, channel -> channel.publishers);
  }

  void stopPublishing(String label, Member member) {
    Channel channel = channels.get(label);
    if (channel != null) {
      channel.publishers.remove(member);
      closeIfUnused(label, channel);
    }
  }

  /** @return what is wrong, empty when done */
  Optional<SdkError> subscribe(String label, Member member) {
    return join(label, member, channel -> channel.subscribers);
  }

  private Optional<SdkError> join(String label, Member member, Function<Channel, Set<Member>> side) {
    Channel channel = channels.get(label);
    if (channel != null && side.apply(channel).contains(member)) {
      return Optional.empty();
    }
    if (channel == null && channels.size() >= limits.roomLabels()) {
      return refuse(Limit.ROOM_LABELS, SdkError.LIMIT_REACHED);
    }
    if (channels.values().stream().filter(other -> side.apply(other).contains(member)).count()
        >= limits.sessionLabels()) {
      return refuse(Limit.SESSION_LABELS, SdkError.LIMIT_REACHED);
    }
    side.apply(channels.computeIfAbsent(label, name -> new Channel())).add(member);
    return Optional.empty();
  }

  private Optional<SdkError> refuse(Limit limit, SdkError error) {
    counters.refuse(limit);
    return Optional.of(error);
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
   * @return what is wrong, empty when done
   */
  Optional<SdkError> publish(long nowNanos, String label, Member from, ByteString data) {
    Optional<SdkError> wrong = check(nowNanos, channels.get(label), from, data);
    if (wrong.isPresent()) {
      counters.messagesRefused++;
      return wrong;
    }
    deliver(nowNanos, label, from, data);
    return Optional.empty();
  }

  private Optional<SdkError> check(long nowNanos, Channel channel, Member from, ByteString data) {
    if (channel == null || !channel.publishers.contains(from)) {
      return Optional.of(SdkError.INVALID_REQUEST);
    }
    if (data.size() > limits.messageBytes()) {
      return refuse(Limit.MESSAGE_SIZE, SdkError.LIMIT_REACHED);
    }
    long each = 1 + data.size() / Limits.DELIVERY_BYTES;
    return from.takeDeliveries(nowNanos, each * channel.subscribers.size())
        ? Optional.empty() : refuse(Limit.SESSION_DELIVERIES, SdkError.TOO_MANY_REQUESTS);
  }

  private void deliver(long nowNanos, String label, Member from, ByteString data) {
    Channel channel = channels.get(label);
    for (Member subscriber : channel.subscribers) {
      if (subscriber.events().message(nowNanos, label, from.join().peer(), data)) {
        counters.messagesDelivered++;
      } else {
        counters.messagesDropped++;
      }
    }
  }

  /** The member is leaving the room. */
  void leave(Member member) {
    for (String label : List.copyOf(channels.keySet())) {
      stopPublishing(label, member);
      unsubscribe(label, member);
    }
  }

  private void closeIfUnused(String label, Channel channel) {
    if (channel.isUnused()) {
      channels.remove(label);
    }
  }
}
