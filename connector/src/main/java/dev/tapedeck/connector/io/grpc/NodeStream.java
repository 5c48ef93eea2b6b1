package dev.tapedeck.connector.io.grpc;

import dev.tapedeck.connector.io.life.Intake;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.ConnectorMessage;
import dev.tapedeck.protocol.wire.EventAck;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeMessage;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.RevokedTokens;
import dev.tapedeck.protocol.wire.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of one media server. gRPC's threads only put messages into a queue, as many as were asked for; one virtual
 * thread takes them out in order, stores events in batches, and acknowledges what is stored. A request is answered only
 * after the events that came before it are stored.
 */
final class NodeStream implements StreamObserver<NodeMessage> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeStream.class);

  /** Messages under way to us; the sender waits beyond it. */
  private static final int WINDOW = 256;
  /** Requests of one media server that are answered at the same time. */
  private static final int MAX_REQUESTS = 32;
  /** Marks the end of the stream in the queue. */
  private static final NodeMessage END = NodeMessage.newBuilder().build();

  private final long authorizedNode;
  private final Intake intake;
  private final ChunkDesk desk;
  private final NodeStreams streams;
  private final ServerCallStreamObserver<ConnectorMessage> out;
  private final BlockingQueue<NodeMessage> in = new LinkedBlockingQueue<>();
  private final Semaphore requests = new Semaphore(MAX_REQUESTS);
  private final Map<Long, CompletableFuture<CommandResult>> commands = new ConcurrentHashMap<>();

  private final Thread thread;

  private volatile NodeHello hello = NodeHello.getDefaultInstance();
  private volatile Heartbeat heartbeat = Heartbeat.getDefaultInstance();
  private volatile boolean isEnded;

  NodeStream(long authorizedNode, Intake intake, ChunkDesk desk, NodeStreams streams,
      ServerCallStreamObserver<ConnectorMessage> out) {
    this.authorizedNode = authorizedNode;
    this.intake = intake;
    this.desk = desk;
    this.streams = streams;
    this.out = out;
    out.disableAutoRequest();
    out.setOnCancelHandler(this::end);
    out.request(WINDOW);
    thread = Thread.ofVirtual().name("node-" + authorizedNode).unstarted(this::run);
  }

  /** Begins to take messages out of the queue. */
  void start() {
    thread.start();
  }

  NodeHello hello() {
    return hello;
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }

  /** Sends a command; the future fails when the stream ends before the answer. */
  CompletableFuture<CommandResult> command(Command command) {
    CompletableFuture<CommandResult> result = new CompletableFuture<>();
    commands.put(command.getCommandId(), result);
    if (isEnded) {
      failCommands();
    } else {
      send(ConnectorMessage.newBuilder().setCommand(command).build());
    }
    return result;
  }

  /** These tokens open nothing any more. */
  void tell(RevokedTokens tokens) {
    send(ConnectorMessage.newBuilder().setRevoked(tokens).build());
  }

  /** Ends the stream, because another one took its place or the connector stops; the media server may dial again. */
  void close(String reason) {
    refuse(Status.UNAVAILABLE.withDescription(reason));
  }

  /** Waits until nothing of this stream touches the database any more. */
  void awaitEnd(Duration timeout) throws InterruptedException {
    thread.join(timeout);
  }

  @Override
  public void onNext(NodeMessage message) {
    in.add(message);
  }

  @Override
  public void onError(Throwable broken) {
    end();
  }

  @Override
  public void onCompleted() {
    synchronized (out) {
      if (!isEnded) {
        out.onCompleted();
      }
      end();
    }
  }

  private void end() {
    isEnded = true;
    in.add(END);
    failCommands();
  }

  private void failCommands() {
    commands.forEach((id, result) -> result.completeExceptionally(
        new IllegalStateException("the stream of node " + authorizedNode + " ended before it answered")));
    commands.clear();
  }

  private void run() {
    try {
      if (greet()) {
        takeAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("node", authorizedNode).setCause(e).log("stream given up; the media server will dial again");
      close("the connector could not store what was told");
    } finally {
      detach();
    }
  }

  private void detach() {
    try {
      if (streams.remove(this)) {
        intake.detached(hello);
        LOG.atInfo().addKeyValue("node", authorizedNode).log("media server detached");
      }
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("node", authorizedNode).setCause(e)
          .log("absence not noted; it counts from the next start of the connector");
    } finally {
      streams.ended(this);
    }
  }

  /** Takes the first message, which must be the hello of the node whose token was shown. */
  private boolean greet() throws InterruptedException {
    NodeMessage first = in.take();
    if (first == END) {
      return false;
    }
    if (!first.hasHello() || Integer.toUnsignedLong(first.getHello().getNode()) != authorizedNode) {
      refuse(Status.INVALID_ARGUMENT.withDescription(
          "the first message must be the hello of node " + authorizedNode + ", whose token was shown"));
      return false;
    }
    hello = first.getHello();
    streams.add(this);
    long acked = intake.attached(hello);
    intake.revokedTokens().forEach(this::tell);
    send(ConnectorMessage.newBuilder().setWelcome(Welcome.newBuilder().setAckedSeq(acked)).build());
    out.request(1);
    LOG.atInfo().addKeyValue("node", authorizedNode).addKeyValue("version", hello.getVersion())
        .log("media server attached");
    return true;
  }

  private void takeAll() throws InterruptedException {
    List<NodeMessage> batch = new ArrayList<>();
    while (true) {
      batch.clear();
      batch.add(in.take());
      in.drainTo(batch, WINDOW);
      if (!takeBatch(batch)) {
        return;
      }
      out.request(batch.size());
    }
  }

  /** @return false when the stream ended; what came before its end is stored */
  private boolean takeBatch(List<NodeMessage> batch) throws InterruptedException {
    List<NodeEvent> events = new ArrayList<>();
    for (NodeMessage message : batch) {
      if (message == END) {
        store(events);
        return false;
      }
      switch (message.getMessageCase()) {
        case EVENT -> events.add(message.getEvent());
        case REQUEST -> {
          store(events);
          answerLater(message.getRequest());
        }
        case HEARTBEAT -> {
          heartbeat = message.getHeartbeat();
          intake.heartbeat(hello, heartbeat);
        }
        case STATS -> intake.stats(hello, message.getStats());
        case COMMAND_RESULT -> complete(message.getCommandResult());
        case HELLO, MESSAGE_NOT_SET -> { }
      }
    }
    store(events);
    return true;
  }

  private void store(List<NodeEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    long acked = intake.store(hello, events);
    events.clear();
    streams.stored();
    send(ConnectorMessage.newBuilder().setAck(EventAck.newBuilder().setSeq(acked)).build());
  }

  private void answerLater(NodeRequest request) throws InterruptedException {
    requests.acquire();
    Thread.ofVirtual().name("node-" + authorizedNode + "-request").start(() -> {
      try {
        send(ConnectorMessage.newBuilder().setResponse(desk.answer(request)).build());
      } finally {
        requests.release();
      }
    });
  }

  private void complete(CommandResult result) {
    CompletableFuture<CommandResult> waiting = commands.remove(result.getCommandId());
    if (waiting != null) {
      waiting.complete(result);
    }
  }

  private void send(ConnectorMessage message) {
    synchronized (out) {
      if (!isEnded) {
        out.onNext(message);
      }
    }
  }

  private void refuse(Status status) {
    synchronized (out) {
      if (!isEnded) {
        out.onError(status.asRuntimeException());
      }
      end();
    }
  }
}
