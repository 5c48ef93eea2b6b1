package dev.tapedeck.media;

import dev.tapedeck.media.io.connector.CommandListener;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.NodeHello;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes the link to the connector from a node's settings. */
final class ConnectorDial {
  private static final String VERSION = "0.1.0";

  private ConnectorDial() {}

  /** @throws IllegalArgumentException naming the setting that is missing or wrong */
  static ConnectorClient client(
      MediaConfig.Node node, CommandListener commands, Supplier<Heartbeat> heartbeats, RandomGenerator random) {
    String address = node.connector().orElseThrow(() ->
        new IllegalArgumentException("node.connector is needed: host:port of the connector's gRPC"));
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("node.connector must be host:port, not " + address);
    }
    Redacted secret = node.secret().orElseThrow(() ->
        new IllegalArgumentException("node.secret is needed to dial the connector"));
    NodeHello hello = NodeHello.newBuilder()
        .setNode((int) node.id())
        .setIncarnation(random.nextLong() & Long.MAX_VALUE)
        .setVersion(VERSION)
        .build();
    return new ConnectorClient(
        InetSocketAddress.createUnresolved(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
        hello, secret, new EventOutbox(EventOutbox.DEFAULT_CAPACITY), commands, heartbeats,
        System::currentTimeMillis, random);
  }
}
