package dev.tapedeck.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.wire.ClockState;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.ConnectorMessage;
import dev.tapedeck.protocol.wire.EventAck;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.MediaLinkGrpc;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeMessage;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.NodeResponse;
import dev.tapedeck.protocol.wire.RoomOpened;
import dev.tapedeck.protocol.wire.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Media server and connector work one release apart, in either order: whatever the newer one says that the older one does
 * not know is passed over, and nothing behind it is lost. What the next release will say nobody knows; here it is fields and
 * kinds of messages with numbers that are not taken.
 */
class NextReleaseTest {
  private static final int NOT_TAKEN = 900;
  private static final long NODE = 7;
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path folder;

  @Test
  void connectorPassesOverWhatANewerMediaServerSays() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", rig.link.port()).usePlaintext().build();
      try {
        Heard<ConnectorMessage> heard = new Heard<>();
        StreamObserver<NodeMessage> out = MediaLinkGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(authorization(rig))).attach(heard);
        out.onNext(NodeMessage.newBuilder().setHello(
            newer(NodeHello.newBuilder().setNode((int) NODE).setIncarnation(1).setVersion("next"))).build());
        out.onNext(newer(NodeMessage.newBuilder()).build());
        out.onNext(NodeMessage.newBuilder().setHeartbeat(newer(Heartbeat.newBuilder()
            .setClock(newer(ClockState.newBuilder().setSynchronized(true))))).build());
        out.onNext(event(NodeEvent.newBuilder().setSeq(1).setRoomOpened(
            newer(RoomOpened.newBuilder().setApp("acme").setRoom("first").setInstance(1L << 33)))));
        out.onNext(event(NodeEvent.newBuilder().setSeq(2)));
        out.onNext(NodeMessage.newBuilder().setRequest(newer(NodeRequest.newBuilder().setReqId(5))).build());
        out.onNext(event(NodeEvent.newBuilder().setSeq(3).setRoomOpened(
            RoomOpened.newBuilder().setApp("acme").setRoom("last").setInstance(2L << 33))));

        boolean isRefused = false;
        long acked = 0;
        while (!isRefused || acked < 3) {
          ConnectorMessage message = heard.next();
          acked = message.hasAck() ? message.getAck().getSeq() : acked;
          isRefused |= message.hasResponse() && isRefusal(message.getResponse());
        }
        assertThat(rig.kinds("acme")).containsExactly("room.started", "room.started");
        out.onCompleted();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void mediaServerPassesOverWhatANewerConnectorSays() throws Exception {
    BlockingQueue<NodeMessage> told = new LinkedBlockingQueue<>();
    Server connector = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
        .addService(new NewerConnector(told)).build().start();
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of());
        ConnectorClient client = rig.client(connector.getPort(), 1, new EventOutbox(1000))) {
      NodeScript script = new NodeScript(client, rig, "acme", "room", 1L << 34);
      script.openRoom(1L << 33);
      script.join("Ann", 1L << 35);

      assertThat(client.flush(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
      assertThat(client.isAttached()).isTrue();
      Await.until("an answer to the command", () -> told.stream().anyMatch(message ->
          message.hasCommandResult() && message.getCommandResult().getCommandId() == NOT_TAKEN));
      assertThat(told.stream().filter(NodeMessage::hasHello)).as("the stream never broke").hasSize(1);
    } finally {
      connector.shutdownNow();
    }
  }

  /** Says more than anybody understands before each word that counts. */
  private static final class NewerConnector extends MediaLinkGrpc.MediaLinkImplBase {
    private final BlockingQueue<NodeMessage> told;

    NewerConnector(BlockingQueue<NodeMessage> told) {
      this.told = told;
    }

    @Override
    public StreamObserver<NodeMessage> attach(StreamObserver<ConnectorMessage> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(NodeMessage message) {
          told.add(message);
          if (message.hasHello()) {
            out.onNext(newer(ConnectorMessage.newBuilder()).build());
            out.onNext(ConnectorMessage.newBuilder().setWelcome(newer(Welcome.newBuilder())).build());
            out.onNext(ConnectorMessage.newBuilder()
                .setCommand(newer(Command.newBuilder().setCommandId(NOT_TAKEN))).build());
          } else if (message.hasEvent()) {
            out.onNext(newer(ConnectorMessage.newBuilder()).build());
            out.onNext(ConnectorMessage.newBuilder()
                .setAck(newer(EventAck.newBuilder().setSeq(message.getEvent().getSeq()))).build());
          }
        }

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {
          out.onCompleted();
        }
      };
    }
  }

  private static final class Heard<T> implements StreamObserver<T> {
    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private volatile Throwable broken;

    T next() throws InterruptedException {
      T message = messages.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertThat(message).as("the next message; the stream ended with %s", broken).isNotNull();
      return message;
    }

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable cause) {
      broken = cause;
    }

    @Override
    public void onCompleted() {}
  }

  private static boolean isRefusal(NodeResponse response) {
    assertThat(response.getReqId()).isEqualTo(5);
    assertThat(response.getError().getMessage()).contains("does not know");
    return true;
  }

  private static NodeMessage event(NodeEvent.Builder event) {
    return NodeMessage.newBuilder().setEvent(newer(event.setTs(1_800_000_000_000L))).build();
  }

  /** Adds a field that no release has yet. */
  private static <B extends Message.Builder> B newer(B message) {
    message.setUnknownFields(UnknownFieldSet.newBuilder().addField(NOT_TAKEN, UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFromUtf8("of the next release")).build()).build());
    return message;
  }

  private static Metadata authorization(Rig rig) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + TokenIssuer.node(Rig.NODE_SECRET, NODE, rig.clock.get(), 300));
    return headers;
  }
}
