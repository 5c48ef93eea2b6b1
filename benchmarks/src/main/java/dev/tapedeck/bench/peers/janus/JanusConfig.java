package dev.tapedeck.bench.peers.janus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The configuration of one Janus for a measurement: VideoRoom and the HTTP transport, without a log and without a
 * STUN server; ICE-lite, as servers with a known address run it and as this project's server does.
 */
final class JanusConfig {
  private static final Path LIBRARIES = Path.of("/usr/lib");

  private JanusConfig() {}

  /** Where Debian's package put the plugins; empty if it is not installed. */
  static Optional<Path> installation() {
    try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES, "*-linux-gnu*")) {
      for (Path architecture : architectures) {
        Path janus = architecture.resolve("janus");
        if (Files.isExecutable(Path.of("/usr/bin/janus"))
            && Files.exists(janus.resolve("plugins/libjanus_videoroom.so"))) {
          return Optional.of(janus);
        }
      }
    } catch (IOException e) {
      // No such folder on this machine, so no such package.
    }
    return Optional.empty();
  }

  /** @param folder gets the files
   *  @param mediaAddress for ICE; loopback would be passed over
   *  @param mediaPorts first and last port of RTP, as in {@code 20000-24999} */
  static void write(Path folder, Path installation, int httpPort, String mediaAddress, String mediaPorts)
      throws IOException {
    Files.writeString(folder.resolve("janus.jcfg"), """
        general: {
          configs_folder = "%s"
          plugins_folder = "%s/plugins"
          transports_folder = "%s/transports"
          events_folder = "%s/events"
          debug_level = 2
          debug_colors = false
          # Clients of a benchmark send no keep-alive by signalling.
          session_timeout = 0
        }
        media: {
          rtp_port_range = "%s"
        }
        nat: {
          ice_lite = true
          ice_enforce_list = "%s"
          nice_debug = false
        }
        plugins: {
          disable = "%s"
        }
        transports: {
          disable = "%s"
        }
        events: {
          broadcast = false
        }
        """.formatted(folder, installation, installation, installation, mediaPorts, mediaAddress,
        othersThan("libjanus_videoroom.so", installation.resolve("plugins")),
        othersThan("libjanus_http.so", installation.resolve("transports"))));
    Files.writeString(folder.resolve("janus.transport.http.jcfg"), """
        general: {
          json = "compact"
          base_path = "/janus"
          http = true
          port = %d
          ip = "127.0.0.1"
          https = false
        }
        admin: {
          admin_http = false
        }
        """.formatted(httpPort));
    Files.writeString(folder.resolve("janus.plugin.videoroom.jcfg"), "general: {}\n");
  }

  private static String othersThan(String wanted, Path folder) throws IOException {
    StringBuilder names = new StringBuilder();
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(folder, "*.so")) {
      for (Path library : libraries) {
        String name = library.getFileName().toString();
        if (!name.equals(wanted)) {
          names.append(names.isEmpty() ? "" : ",").append(name);
        }
      }
    }
    return names.toString();
  }
}
