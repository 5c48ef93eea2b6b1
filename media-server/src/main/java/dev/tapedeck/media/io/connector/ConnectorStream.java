package dev.tapedeck.media.io.connector;

import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.ConnectorMessage;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeMessage;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.NodeResponse;
import dev.tapedeck.protocol.wire.NodeStats;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One dialled stream, from hello to its end; the next dial makes a new one. */
final class ConnectorStream implements ClientResponseObserver<NodeMessage, ConnectorMessage> {
  private static final int BATCH = 256;

  private final EventOutbox outbox;
  private final Consumer<NodeResponse> onAnswer;
  private final CommandListener commands;
  private final Thread sender;
  private final Object sending = new Object();

  private volatile ClientCallStreamObserver<NodeMessage> out;
  private volatile boolean isWelcome;
  private volatile boolean isEnded;
  private volatile String endReason = "ended by the connector";

  /** Highest event sent on this stream; owned by the sender once welcome. */
  private volatile long sentSeq;

  /** @param sender thread to wake when there is something to do */
  ConnectorStream(EventOutbox outbox, Consumer<NodeResponse> onAnswer, CommandListener commands, Thread sender) {
    this.outbox = outbox;
    this.onAnswer = onAnswer;
    this.commands = commands;
    this.sender = sender;
  }

  boolean isWelcome() {
    return isWelcome;
  }

  boolean isEnded() {
    return isEnded;
  }

  String endReason() {
    return endReason;
  }

  void greet(NodeHello hello) {
    offer(NodeMessage.newBuilder().setHello(hello).build());
  }

  /** Sends the next events, if the stream takes them now. @return whether there may be more to send at once */
  boolean sendEvents() {
    if (!out.isReady()) {
      return false;
    }
    List<NodeEvent> events = outbox.after(sentSeq, BATCH);
    for (NodeEvent event : events) {
      offer(NodeMessage.newBuilder().setEvent(event).build());
      sentSeq = event.getSeq();
    }
    return events.size() == BATCH;
  }

  /** Sends a request once the events before it are sent. @return whether it was sent */
  boolean send(NodeRequest request) {
    return out.isReady() && outbox.after(sentSeq, 1).isEmpty()
        && offer(NodeMessage.newBuilder().setRequest(request).build());
  }

  void send(NodeStats stats) {
    offer(NodeMessage.newBuilder().setStats(stats).build());
  }

  void send(Heartbeat heartbeat) {
    offer(NodeMessage.newBuilder().setHeartbeat(heartbeat).build());
  }

  void end() {
    synchronized (sending) {
      if (!isEnded && out != null) {
        out.onCompleted();
      }
      ended("closed by us");
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<NodeMessage> requestStream) {
    out = requestStream;
    requestStream.setOnReadyHandler(() -> LockSupport.unpark(sender));
  }

  @Override
  public void onNext(ConnectorMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> {
        outbox.acked(message.getWelcome().getAckedSeq());
        sentSeq = message.getWelcome().getAckedSeq();
        isWelcome = true;
        LockSupport.unpark(sender);
      }
      case ACK -> outbox.acked(message.getAck().getSeq());
      case RESPONSE -> onAnswer.accept(message.getResponse());
      case COMMAND -> Thread.ofVirtual().name("command").start(() -> carryOut(message.getCommand()));
      case REVOKED -> commands.revoked(message.getRevoked());
      case MESSAGE_NOT_SET -> { }
    }
  }

  @Override
  public void onError(Throwable broken) {
    ended(String.valueOf(broken.getMessage()));
  }

  @Override
  public void onCompleted() {
    ended("ended by the connector");
  }

  private void ended(String reason) {
    if (!isEnded) {
      endReason = reason;
    }
    isEnded = true;
    LockSupport.unpark(sender);
  }

  private void carryOut(Command command) {
    CommandResult result;
    try {
      result = commands.handle(command);
    } catch (RuntimeException e) {
      // A worker that did not answer in time may carry it out yet.
      result = CommandResult.newBuilder().setError(String.valueOf(e.getMessage())).setUnknown(true).build();
    }
    offer(NodeMessage.newBuilder()
        .setCommandResult(result.toBuilder().setCommandId(command.getCommandId())).build());
  }

  private boolean offer(NodeMessage message) {
    synchronized (sending) {
      if (isEnded) {
        return false;
      }
      out.onNext(message);
      return true;
    }
  }
}
