package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.peers.process.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A running SFU under measurement, this one or another, behind its own signalling.
 *
 * <p>Signalling calls block; they may come from several threads at a time.
 */
public interface PeerSystem extends AutoCloseable {
  /** What a client or a stream needs to end. */
  @FunctionalInterface
  interface Leaving {
    void leave() throws IOException;
  }

  /**
   * A stream that others can subscribe to.
   *
   * @param id as the system names it, unique in its room
   */
  record Publication(String room, String id, MediaKind kind, Leaving leaving) {}

  /** Name as in {@code --peers}. */
  String name();

  /** Version and what else decides how its figures read, for instance its SRTP library. */
  String description();

  /** The processes whose CPU and memory are the system's. */
  ProcessTree processes();

  /** From the start of its process until it answers requests; empty for one that was running before. */
  Optional<Duration> startUp();

  /** Signals one client that sends one stream; rooms come into being with their first publication. */
  Publication publish(String room, MediaKind kind, SdpClient client) throws IOException;

  /** Signals one client that receives these streams of one room, at most {@link #streamsPerConnection}. */
  Leaving subscribe(List<Publication> publications, SdpClient client) throws IOException;

  /** How many streams one subscribing connection can carry. */
  default int streamsPerConnection() {
    return Integer.MAX_VALUE;
  }

  /** Bytes that its sessions and itself hold at this moment. */
  default long memoryBytes() throws IOException {
    return processes().residentBytes();
  }

  @Override
  void close();
}
