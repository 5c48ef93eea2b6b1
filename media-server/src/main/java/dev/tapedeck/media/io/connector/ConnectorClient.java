package dev.tapedeck.media.io.connector;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.wire.ChunkStored;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.MediaLinkGrpc;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.NodeResponse;
import dev.tapedeck.protocol.wire.NodeStats;
import dev.tapedeck.protocol.wire.RecordReq;
import dev.tapedeck.protocol.wire.RecordRes;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media server's end of the stream to the connector: dials it, says who it is, sends events until they are stored,
 * asks about chunks until there is an answer, and dials again whenever the stream breaks. Events and requests may be given
 * from any thread at any time, also while there is no stream; nothing of them is lost as long as the process lives.
 */
public final class ConnectorClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectorClient.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long TOKEN_SECONDS = 300;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final NodeHello hello;
  private final Redacted nodeSecret;
  private final EventOutbox outbox;
  private final CommandListener commands;
  private final Supplier<Heartbeat> heartbeats;
  private final LongSupplier wallMillis;
  private final RandomGenerator random;
  private final ManagedChannel channel;
  private long lastRequestId;
  /** Requests without an answer, in the order they were asked. */
  private final ConcurrentSkipListMap<Long, Asked> asked = new ConcurrentSkipListMap<>();
  private final Thread thread;

  private volatile ConnectorStream stream;
  private volatile boolean isClosed;

  private record Asked(NodeRequest request, CompletableFuture<NodeResponse> answer) {}

  /**
   * @param connector  where it listens; the name is resolved at each dial
   * @param hello      who we are; its incarnation is drawn anew by every process
   * @param commands   called for each command, on a virtual thread
   * @param heartbeats asked every 5 s for what to tell
   * @param wallMillis gives Unix milliseconds
   */
  public ConnectorClient(InetSocketAddress connector, NodeHello hello, Redacted nodeSecret, EventOutbox outbox,
      CommandListener commands, Supplier<Heartbeat> heartbeats, LongSupplier wallMillis, RandomGenerator random) {
    this.hello = hello;
    this.nodeSecret = nodeSecret;
    this.outbox = outbox;
    this.commands = commands;
    this.heartbeats = heartbeats;
    this.wallMillis = wallMillis;
    this.random = random;
    this.channel = NettyChannelBuilder.forAddress(connector.getHostString(), connector.getPort())
        .usePlaintext()
        // What hears of messages only queues and wakes others, so it needs no thread of its own to be handed to.
        .directExecutor()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        // A connector that lost its power sends nothing; it is noticed after 15 s.
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
    this.thread = Thread.ofVirtual().name("connector").unstarted(this::run);
  }

  /** Begins to dial. */
  public void start() {
    thread.start();
  }

  /** Sends the event as soon as there is a stream. Never blocks. @param tsMillis Unix milliseconds at which it happened */
  public void tell(NodeEvent.Builder event, long tsMillis) {
    outbox.add(event, tsMillis);
    LockSupport.unpark(thread);
  }

  /** As {@link #tell(NodeEvent.Builder, long)}; {@code stored} runs once the connector has stored the event. */
  public void tell(NodeEvent.Builder event, long tsMillis, Runnable stored) {
    outbox.add(event, tsMillis, stored);
    LockSupport.unpark(thread);
  }

  /** Sends this now, if there is a stream that takes it; else it is lost. */
  public void tell(NodeStats stats) {
    ConnectorStream current = stream;
    if (current != null && current.isWelcome()) {
      current.send(stats);
    }
  }

  /**
   * Asks for one signed upload.
   *
   * @return fails with {@link ConnectorRefusedException} when the connector says no; waits as long as there is no stream
   */
  public CompletableFuture<RecordRes> requestUpload(RecordReq request) {
    return ask(NodeRequest.newBuilder().setRecord(request)).thenApply(NodeResponse::getRecord);
  }

  /**
   * Tells that a chunk was stored. Completes when the connector has seen the object itself: the chunk may then be deleted.
   *
   * @return fails with {@link ConnectorRefusedException} when the object is missing or differs: upload it again
   */
  public CompletableFuture<Void> chunkStored(ChunkStored stored) {
    return ask(NodeRequest.newBuilder().setChunkStored(stored)).thenApply(verified -> null);
  }

  /** Whether the connector knows us now. */
  public boolean isAttached() {
    ConnectorStream current = stream;
    return current != null && current.isWelcome();
  }

  /** Waits until every event told so far is stored. @return false when this did not happen in time */
  public boolean flush(Duration timeout) throws InterruptedException {
    return outbox.awaitEmpty(timeout.toNanos());
  }

  /** Ends the stream. What is not stored yet is lost with the process; {@link #flush} first. */
  @Override
  public void close() {
    isClosed = true;
    ConnectorStream current = stream;
    if (current != null) {
      current.end();
    }
    LockSupport.unpark(thread);
    channel.shutdownNow();
    asked.values().forEach(waiting -> waiting.answer().cancel(false));
  }

  private CompletableFuture<NodeResponse> ask(NodeRequest.Builder request) {
    CompletableFuture<NodeResponse> answer = new CompletableFuture<>();
    number(request, answer);
    if (isClosed) {
      answer.cancel(false);
    }
    LockSupport.unpark(thread);
    return answer;
  }

  /**
   * Gives the request its number and its place in one step: the sender goes by ascending numbers, and one that came to its
   * place behind a higher one would wait there until the stream breaks.
   */
  private synchronized void number(NodeRequest.Builder request, CompletableFuture<NodeResponse> answer) {
    long id = ++lastRequestId;
    asked.put(id, new Asked(request.setReqId(id).build(), answer));
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!isClosed) {
      ConnectorStream dialled = dial();
      boolean wasWelcome = serve(dialled);
      if (isClosed) {
        return;
      }
      pause = wasWelcome ? FIRST_PAUSE : min(pause.multipliedBy(2), MAX_PAUSE);
      LOG.atWarn().addKeyValue("reason", dialled.endReason()).addKeyValue("unackedEvents", outbox.size())
          .log("no stream to the connector; dialling again");
      long jittered = pause.toNanos() / 2 + random.nextLong(pause.toNanos() / 2);
      sleep(jittered);
    }
  }

  private ConnectorStream dial() {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + TokenIssuer.node(
        nodeSecret, Integer.toUnsignedLong(hello.getNode()), wallMillis.getAsLong(), TOKEN_SECONDS));
    ConnectorStream dialled = new ConnectorStream(outbox, this::answered, commands, thread);
    MediaLinkGrpc.newStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .attach(dialled);
    dialled.greet(hello);
    stream = dialled;
    return dialled;
  }

  /** Sends what there is to send until the stream ends. @return whether the connector welcomed us */
  private boolean serve(ConnectorStream current) {
    long lastRequest = 0;
    long heartbeatNanos = System.nanoTime();
    while (!current.isEnded() && !isClosed) {
      if (!current.isWelcome()) {
        LockSupport.parkNanos(HEARTBEAT_NANOS);
        continue;
      }
      boolean sentEvents = current.sendEvents();
      lastRequest = sendRequests(current, lastRequest);
      if (System.nanoTime() - heartbeatNanos >= 0) {
        current.send(heartbeats.get());
        heartbeatNanos = System.nanoTime() + HEARTBEAT_NANOS;
      }
      if (!sentEvents) {
        LockSupport.parkNanos(HEARTBEAT_NANOS / 5);
      }
    }
    return current.isWelcome();
  }

  /** Sends requests not yet sent on this stream; after a break these are all that have no answer. */
  private long sendRequests(ConnectorStream current, long lastRequest) {
    long last = lastRequest;
    for (Asked waiting : asked.tailMap(lastRequest, false).values()) {
      if (!current.send(waiting.request())) {
        break;
      }
      last = waiting.request().getReqId();
    }
    return last;
  }

  private void answered(NodeResponse response) {
    Asked waiting = asked.remove(response.getReqId());
    if (waiting == null) {
      return;
    }
    if (response.hasError()) {
      waiting.answer().completeExceptionally(
          new ConnectorRefusedException(response.getError().getCode(), response.getError().getMessage()));
    } else {
      waiting.answer().complete(response);
    }
  }

  private void sleep(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !isClosed; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
