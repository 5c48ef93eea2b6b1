package dev.tapedeck.media.core.sctp;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The data channels of an association: opened by DCEP or negotiated, closed by stream reset (RFC 8831, RFC 8832). */
final class DataChannels {
  private static final byte[] EMPTY = {};

  private final ControlBlock block;
  private final DataSender sender;
  private final StreamResets resets;
  private final TreeMap<Integer, Channel> channels = new TreeMap<>();

  /** Channels that wait until all is delivered before their stream is reset. */
  private final List<Channel> closing = new ArrayList<>();

  DataChannels(ControlBlock block, DataSender sender, StreamResets resets) {
    this.block = block;
    this.sender = sender;
    this.resets = resets;
  }

  boolean addNegotiated(int id, ChannelParameters parameters) {
    if (id < 0 || id >= streams() || !isFree(id)) {
      return false;
    }
    Channel channel = new Channel(id, parameters, true, Channel.State.WAITING);
    channels.put(id, channel);
    if (block.state == AssociationState.ESTABLISHED) {
      open(channel, false);
    }
    return true;
  }

  OptionalInt open(long nowNanos, ChannelParameters parameters) {
    for (int id = block.config.isDtlsClient() ? 0 : 1; id < streams(); id += 2) {
      if (isFree(id)) {
        channels.put(id, new Channel(id, parameters, false, Channel.State.OPENING));
        sender.add(nowNanos, id, PayloadProtocol.DCEP, Dcep.open(parameters), true, Reliability.FULL);
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  private boolean isFree(int id) {
    return !channels.containsKey(id) && channels.size() < block.config.limits().maxChannels();
  }

  private int streams() {
    return block.state.isEstablished() ? block.outboundStreams() : block.config.limits().maxStreams();
  }

  /** The association is established: queued OPENs leave by themselves, negotiated channels are open. */
  void onUp() {
    for (Channel channel : List.copyOf(channels.values())) {
      if (channel.id >= block.outboundStreams()) {
        sender.discardStream(channel.id); // the peer takes fewer streams than we thought
        remove(channel);
      } else if (channel.state == Channel.State.WAITING) {
        open(channel, false);
      }
    }
  }

  /** The peer has lost its state, and with it the channels it was told of by DCEP. */
  void onRestart() {
    closing.clear();
    for (Channel channel : List.copyOf(channels.values())) {
      if (!channel.isNegotiated || channel.state == Channel.State.CLOSING) {
        remove(channel);
      }
    }
  }

  private void open(Channel channel, boolean isByPeer) {
    channel.state = Channel.State.OPEN;
    block.outbox.event(new SctpEvent.ChannelOpened(channel.id, channel.parameters, isByPeer));
  }

  SendResult send(long nowNanos, int id, boolean isBinary, byte[] data) {
    Channel channel = channels.get(id);
    if (channel == null || !channel.takesMessages()) {
      return SendResult.NOT_OPEN;
    }
    long most = block.config.peerMaxMessageBytes();
    if (most > 0 && data.length > most) {
      return SendResult.TOO_LARGE;
    }
    if (!sender.buffer().hasRoom(data.length)) {
      return SendResult.BUFFER_FULL;
    }
    int protocol = PayloadProtocol.of(isBinary, data.length == 0);
    byte[] sent = data.length == 0 ? new byte[1] : data;
    sender.add(nowNanos, id, protocol, sent, channel.sendsOrdered(), channel.parameters.reliability());
    return SendResult.QUEUED;
  }

  void onMessage(long nowNanos, InboundMessage message) {
    block.counters.receivedMessages++;
    if (message.protocol() == PayloadProtocol.DCEP) {
      onDcep(nowNanos, message);
      return;
    }
    Channel channel = channels.get(message.streamId());
    if (channel == null) {
      block.drop(SctpDropReason.NO_CHANNEL);
      return;
    }
    if (channel.state == Channel.State.OPENING) {
      open(channel, false); // an unordered message has overtaken the ACK
    }
    switch (message.protocol()) {
      case PayloadProtocol.STRING -> tell(message, false, message.data());
      case PayloadProtocol.BINARY -> tell(message, true, message.data());
      case PayloadProtocol.STRING_EMPTY -> tell(message, false, EMPTY);
      case PayloadProtocol.BINARY_EMPTY -> tell(message, true, EMPTY);
      default -> block.drop(SctpDropReason.UNKNOWN_PROTOCOL);
    }
  }

  private void tell(InboundMessage message, boolean isBinary, byte[] data) {
    block.outbox.event(new SctpEvent.Message(message.streamId(), isBinary, data));
  }

  private void onDcep(long nowNanos, InboundMessage message) {
    Channel channel = channels.get(message.streamId());
    switch (Dcep.typeOf(message.data())) {
      case Dcep.OPEN -> {
        finishClosing(channel);
        onOpen(nowNanos, message, channels.get(message.streamId()));
      }
      case Dcep.ACK -> {
        if (channel != null && channel.state == Channel.State.OPENING) {
          open(channel, false);
        }
      }
      default -> block.drop(SctpDropReason.REFUSED_OPEN);
    }
  }

  /** A peer uses an id again only when both directions are reset, so it has answered our request: the answer was lost. */
  private void finishClosing(Channel channel) {
    if (channel != null && channel.isResetByPeer && channel.isResetRequested) {
      onResetByUs(channel.id);
    }
  }

  private void onOpen(long nowNanos, InboundMessage message, Channel existing) {
    int id = message.streamId();
    var parameters = Dcep.readOpen(message.data(), block.config.limits().maxNameBytes());
    boolean isPeersId = id % 2 == (block.config.isDtlsClient() ? 1 : 0);
    if (existing != null || parameters.isEmpty() || !isPeersId || id >= streams() || !isFree(id)) {
      block.drop(SctpDropReason.REFUSED_OPEN);
      refuse(id, existing);
      return;
    }
    Channel channel = new Channel(id, parameters.get(), false, Channel.State.OPEN);
    channels.put(id, channel);
    open(channel, true);
    sender.add(nowNanos, id, PayloadProtocol.DCEP, Dcep.ack(), true, Reliability.FULL);
  }

  /** RFC 8832 §6: what cannot be opened is closed, and so is a channel that is opened a second time. */
  private void refuse(int id, Channel existing) {
    if (existing != null) {
      close(id);
    } else if (id < streams()) {
      resets.request(id);
    }
  }

  /** Whether there was something to close. What is queued is still delivered. */
  boolean close(int id) {
    Channel channel = channels.get(id);
    if (channel == null || !channel.takesMessages()) {
      return false;
    }
    channel.state = Channel.State.CLOSING;
    closing.add(channel);
    return true;
  }

  /** Takes note of resets, and asks for those whose time has come. */
  void proceed() {
    Integer id;
    while ((id = resets.resetByPeer().poll()) != null) {
      List<Integer> reset = id == StreamResets.ALL_STREAMS ? List.copyOf(channels.keySet()) : List.of(id);
      reset.forEach(this::onResetByPeer);
    }
    while ((id = resets.resetByUs().poll()) != null) {
      onResetByUs(id);
    }
    if (!closing.isEmpty() && block.state.isEstablished()) {
      closing.removeIf(this::isResetUnderWay);
    }
  }

  private void onResetByPeer(int id) {
    Channel channel = channels.get(id);
    if (channel != null) {
      channel.isResetByPeer = true;
      close(id);
      removeIfClosed(channel);
    }
  }

  private void onResetByUs(int id) {
    Channel channel = channels.get(id);
    if (channel == null) {
      sender.resetStream(id); // of an OPEN that was refused
    } else if (channel.isResetRequested) {
      sender.resetStream(id);
      channel.isResetByUs = true;
      removeIfClosed(channel);
    }
  }

  private boolean isResetUnderWay(Channel channel) {
    if (sender.bufferedBytes(channel.id) > 0) {
      return false;
    }
    channel.isResetRequested = true;
    if (block.both(Endpoint.STREAM_RESET)) {
      resets.request(channel.id);
    } else {
      remove(channel);
    }
    return true;
  }

  private void removeIfClosed(Channel channel) {
    if (channel.isClosed()) {
      remove(channel);
    }
  }

  private void remove(Channel channel) {
    channels.remove(channel.id);
    block.outbox.event(new SctpEvent.ChannelClosed(channel.id));
  }

  /** Tells which channels have run low. */
  void tellLow() {
    for (OutboundStream stream : sender.buffer().takeLow()) {
      Channel channel = channels.get(stream.id);
      if (channel != null && channel.takesMessages()) {
        block.outbox.event(new SctpEvent.BufferedLow(stream.id));
      }
    }
  }
}
