package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.peers.front.FrontSystem;
import dev.tapedeck.bench.peers.janus.JanusSystem;
import dev.tapedeck.bench.peers.rtpengine.RtpengineSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The systems that this one can be compared with. */
final class PeerCatalog {
  private static final Map<String, Kind> KINDS = Map.of(
      "janus", new Kind("apt-get install janus", (folder, address) ->
          JanusSystem.isInstalled() ? Optional.of(JanusSystem.start(folder)) : Optional.empty()),
      "rtpengine", new Kind("apt-get install rtpengine-daemon", (folder, address) ->
          RtpengineSystem.isInstalled() ? Optional.of(RtpengineSystem.start(folder)) : Optional.empty()),
      "mediasoup", new Kind("run a worker behind the HTTP front of docs/benchmarks-peers.md and say where, as in"
          + " mediasoup=http://127.0.0.1:3000", (folder, address) -> address.isPresent()
          ? Optional.of(FrontSystem.connect("mediasoup", URI.create(address.get()))) : Optional.empty()));

  private record Kind(String install, Opener opener) {}

  /** Starts a system, or connects to one that runs. */
  @FunctionalInterface
  private interface Opener {
    /** @return empty if it is not there */
    Optional<PeerSystem> open(Path folder, Optional<String> address) throws IOException;
  }

  /**
   * One entry of {@code --peers}.
   *
   * @param address of one that runs on this machine, for systems that this command does not start
   */
  record Wanted(String name, Optional<String> address) {
    /** @param text {@code name} or {@code name=address} */
    static Wanted parse(String text) {
      int equals = text.indexOf('=');
      return equals < 0
          ? new Wanted(text, Optional.empty())
          : new Wanted(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
    }

    boolean isKnown() {
      return KINDS.containsKey(name);
    }

    /** @param folder for its files
     *  @return empty if it is not found on this machine */
    Optional<PeerSystem> open(Path folder) throws IOException {
      return KINDS.get(name).opener.open(folder, address);
    }

    /** What to do about one that is not found. */
    String install() {
      return KINDS.get(name).install;
    }
  }

  private PeerCatalog() {}

  static Set<String> names() {
    return new TreeSet<>(KINDS.keySet());
  }
}
