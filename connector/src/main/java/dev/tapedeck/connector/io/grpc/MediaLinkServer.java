package dev.tapedeck.connector.io.grpc;

import dev.tapedeck.connector.io.life.Intake;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.ConnectorMessage;
import dev.tapedeck.protocol.wire.MediaLinkGrpc;
import dev.tapedeck.protocol.wire.NodeMessage;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Listens for media servers (service MediaLink of connector.proto). */
public final class MediaLinkServer implements AutoCloseable {
  /**
   * Far above the close of a tape with all the tracks and gaps there can be. An event that is too large would come again
   * and again, and hold up all that follow it.
   */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final Server server;
  private final NodeStreams streams;

  private MediaLinkServer(Server server, NodeStreams streams) {
    this.server = server;
    this.streams = streams;
  }

  /**
   * @param address  port 0 for any
   * @param onStored called after events of media servers were stored
   * @throws IOException when the address cannot be bound
   */
  public static MediaLinkServer start(InetSocketAddress address, TokenVerifier tokens, Intake intake, ChunkDesk desk,
      Runnable onStored) throws IOException {
    NodeStreams streams = new NodeStreams(onStored);
    Server server = NettyServerBuilder.forAddress(address)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        // A media server that lost its power sends nothing; it is noticed after 15 s.
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .permitKeepAliveTime(4, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .intercept(new NodeAuth(tokens))
        .addService(new MediaLinkGrpc.MediaLinkImplBase() {
          @Override
          public StreamObserver<NodeMessage> attach(StreamObserver<ConnectorMessage> out) {
            NodeStream stream = new NodeStream(NodeAuth.NODE.get(), intake, desk, streams,
                (ServerCallStreamObserver<ConnectorMessage>) out);
            streams.start(stream);
            return stream;
          }
        })
        .build()
        .start();
    return new MediaLinkServer(server, streams);
  }

  public int port() {
    return server.getPort();
  }

  public NodeStreams streams() {
    return streams;
  }

  /** Tells media servers to dial again later, and waits a little for what is under way. */
  @Override
  public void close() {
    server.shutdown();
    try {
      streams.closeAll("the connector stops", Duration.ofSeconds(5));
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
