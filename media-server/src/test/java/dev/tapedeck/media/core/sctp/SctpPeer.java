package dev.tapedeck.media.core.sctp;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An association under test with what it put out. */
final class SctpPeer implements SctpOutput {
  final ArrayDeque<byte[]> packets = new ArrayDeque<>();
  final List<SctpEvent> events = new ArrayList<>();
  SctpAssociation association;

  SctpPeer(SctpConfig config, long seed) {
    association = new SctpAssociation(config, new SplittableRandom(seed));
  }

  @Override
  public void send(byte[] packet) {
    packets.add(packet);
  }

  @Override
  public void event(SctpEvent event) {
    events.add(event);
  }

  void receive(long nowNanos, byte[] packet) {
    association.handlePacket(nowNanos, MemorySegment.ofArray(packet), 0, packet.length, this);
  }

  SendResult sendText(long nowNanos, int channelId, String text) {
    return association.send(nowNanos, channelId, false, text.getBytes(StandardCharsets.UTF_8), this);
  }

  /** Messages received on a channel so far. */
  List<byte[]> messages(int channelId) {
    return of(SctpEvent.Message.class).stream()
        .filter(message -> message.channelId() == channelId).map(SctpEvent.Message::data).toList();
  }

  List<String> texts(int channelId) {
    return messages(channelId).stream().map(data -> new String(data, StandardCharsets.UTF_8)).toList();
  }

  <T extends SctpEvent> List<T> of(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  boolean told(Class<? extends SctpEvent> kind) {
    return events.stream().anyMatch(kind::isInstance);
  }
}
