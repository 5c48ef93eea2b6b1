package dev.tapedeck.connector.io.grpc;

import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** The streams that are open now, one per media server; the newest wins. Safe for use by many threads. */
public final class NodeStreams {
  private final Map<Long, NodeStream> byNode = new ConcurrentHashMap<>();
  private final AtomicLong commandIds = new AtomicLong();
  private final Set<NodeStream> running = ConcurrentHashMap.newKeySet();
  private final Runnable onStored;
  private volatile LongConsumer onAttached = node -> { };

  /** @param onStored called after events were stored */
  NodeStreams(Runnable onStored) {
    this.onStored = onStored;
  }

  /** Media servers that are there. */
  public int size() {
    return byNode.size();
  }

  /** Calls this with the number of each media server that is there now or comes later, once per stream. */
  public void whenAttached(LongConsumer listener) {
    onAttached = listener;
    byNode.keySet().forEach(listener::accept);
  }

  /** What the media server last said about its load, by node. */
  public Optional<Heartbeat> heartbeat(long node) {
    return Optional.ofNullable(byNode.get(node)).map(NodeStream::heartbeat);
  }

  /**
   * Sends a command down.
   *
   * @param command its id is given here
   * @return fails with {@link NotAttachedException} when the node has no stream and hears nothing of the command, with
   *         another exception when it lost its stream before it answered
   */
  public CompletableFuture<CommandResult> command(long node, Command.Builder command) {
    NodeStream stream = byNode.get(node);
    if (stream == null) {
      return CompletableFuture.failedFuture(new NotAttachedException(node));
    }
    return stream.command(command.setCommandId(commandIds.incrementAndGet()).build());
  }

  /** Tells every media server that is there; who attaches later is told then. */
  public void tellAll(RevokedTokens tokens) {
    byNode.values().forEach(stream -> stream.tell(tokens));
  }

  void start(NodeStream stream) {
    running.add(stream);
    stream.start();
  }

  void add(NodeStream stream) {
    NodeStream before = byNode.put(Integer.toUnsignedLong(stream.hello().getNode()), stream);
    if (before != null) {
      before.close("another stream of this node took its place");
    }
    onAttached.accept(Integer.toUnsignedLong(stream.hello().getNode()));
  }

  /** @return whether it was the node's stream until now */
  boolean remove(NodeStream stream) {
    return byNode.remove(Integer.toUnsignedLong(stream.hello().getNode()), stream);
  }

  /** Nothing of the stream touches the database any more. */
  void ended(NodeStream stream) {
    running.remove(stream);
  }

  void stored() {
    onStored.run();
  }

  void closeAll(String reason, Duration timeout) throws InterruptedException {
    List<NodeStream> ending = List.copyOf(running);
    ending.forEach(stream -> stream.close(reason));
    for (NodeStream stream : ending) {
      stream.awaitEnd(timeout);
    }
  }
}
