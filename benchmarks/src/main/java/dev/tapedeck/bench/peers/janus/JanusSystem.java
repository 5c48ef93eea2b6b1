package dev.tapedeck.bench.peers.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.peers.MediaAddress;
import dev.tapedeck.bench.peers.PeerSystem;
import dev.tapedeck.bench.peers.SdpClient;
import dev.tapedeck.bench.peers.process.FreePorts;
import dev.tapedeck.bench.peers.process.ProcessTree;
import dev.tapedeck.bench.process.ChildProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Janus from Debian's package as a child process: its VideoRoom plugin over its HTTP API. */
public final class JanusSystem implements PeerSystem {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MEDIA_PORTS = 4000;

  private final ChildProgram program;
  private final URI address;
  private final HttpClient http;
  private final Duration startUp;
  private final String version;
  private final Map<String, Integer> rooms = new HashMap<>();

  private JanusSystem(ChildProgram program, URI address, HttpClient http, Duration startUp, String version) {
    this.program = program;
    this.address = address;
    this.http = http;
    this.startUp = startUp;
    this.version = version;
  }

  public static boolean isInstalled() {
    return JanusConfig.installation().isPresent();
  }

  /** Starts it with files in a folder of its own. */
  public static JanusSystem start(Path folder) throws IOException {
    Path installation = JanusConfig.installation().orElseThrow(() -> new IOException("Janus is not installed"));
    int httpPort = FreePorts.tcp();
    Files.createDirectories(folder);
    JanusConfig.write(
        folder, installation, httpPort, MediaAddress.get().getHostAddress(), FreePorts.udpRange(MEDIA_PORTS));
    HttpClient http = HttpClient.newHttpClient();
    URI address = URI.create("http://127.0.0.1:" + httpPort + "/janus");
    long startNanos = System.nanoTime();
    ChildProgram program = ChildProgram.start("Janus",
        List.of("/usr/bin/janus", "-F", folder.toString(), "-C", folder.resolve("janus.jcfg").toString()),
        folder.resolve("janus.log"));
    program.await(() -> answers(http, address));
    Duration startUp = Duration.ofNanos(System.nanoTime() - startNanos);
    return new JanusSystem(program, address, http, startUp, JanusSession.version(http, address));
  }

  private static boolean answers(HttpClient http, URI address) {
    try {
      return !JanusSession.version(http, address).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String name() {
    return "janus";
  }

  @Override
  public String description() {
    return "Janus " + version + " (Debian), VideoRoom, ICE-lite, libsrtp2";
  }

  @Override
  public ProcessTree processes() {
    return new ProcessTree(program.pid());
  }

  @Override
  public Optional<Duration> startUp() {
    return Optional.of(startUp);
  }

  @Override
  public Publication publish(String room, MediaKind kind, SdpClient client) throws IOException {
    JanusSession session = JanusSession.open(http, address);
    int number = roomNumber(room, session);
    ObjectNode join = request("joinandconfigure").put("ptype", "publisher").put("room", number);
    JsonNode joined = session.demand(join, Optional.of(new JanusSession.Sdp("offer", client.offer())));
    client.accept(sdp(joined));
    String feed = joined.path("plugindata").path("data").path("id").asText();
    return new Publication(room, feed, kind, session::destroy);
  }

  /** Creates the room at its first use. */
  private synchronized int roomNumber(String room, JanusSession session) throws IOException {
    Integer known = rooms.get(room);
    if (known != null) {
      return known;
    }
    int number = rooms.size() + 1;
    session.ask(request("create").put("room", number).put("publishers", 100)
        .put("audiocodec", "opus").put("videocodec", "vp8").put("bitrate", 0).put("notify_joining", false));
    rooms.put(room, number);
    return number;
  }

  @Override
  public Leaving subscribe(List<Publication> publications, SdpClient client) throws IOException {
    JanusSession session = JanusSession.open(http, address);
    ObjectNode join = request("join").put("ptype", "subscriber")
        .put("room", roomNumber(publications.getFirst().room(), session));
    publications.forEach(wanted -> join.withArray("streams").addObject().put("feed", Long.parseLong(wanted.id())));
    JsonNode attached = session.demand(join, Optional.empty());
    String answer = client.answer(sdp(attached));
    session.demand(request("start"), Optional.of(new JanusSession.Sdp("answer", answer)));
    return session::destroy;
  }

  private static ObjectNode request(String name) {
    return JSON.createObjectNode().put("request", name);
  }

  private static String sdp(JsonNode event) throws IOException {
    String sdp = event.path("jsep").path("sdp").asText();
    if (sdp.isEmpty()) {
      throw new IOException("Janus sent no SDP: " + event);
    }
    return sdp;
  }

  @Override
  public void close() {
    program.close();
    http.close();
  }
}
