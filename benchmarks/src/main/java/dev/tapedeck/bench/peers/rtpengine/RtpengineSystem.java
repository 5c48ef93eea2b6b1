package dev.tapedeck.bench.peers.rtpengine;

import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.peers.MediaAddress;
import dev.tapedeck.bench.peers.PeerSystem;
import dev.tapedeck.bench.peers.SdpClient;
import dev.tapedeck.bench.peers.process.FreePorts;
import dev.tapedeck.bench.peers.process.ProcessTree;
import dev.tapedeck.bench.process.ChildProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * rtpengine from Debian's package as a child process, forwarding in user space: one publication with subscriptions by
 * its NG protocol. It does not bundle, so a subscribing connection carries one stream.
 */
public final class RtpengineSystem implements PeerSystem {
  private static final Path PROGRAM = Path.of("/usr/bin/rtpengine");
  private static final int MEDIA_PORTS = 4000;
  /** Media ends when the benchmark says so. */
  private static final int SESSION_TIMEOUT_SECONDS = 36_000;

  private final ChildProgram program;
  private final NgClient control;
  private final Duration startUp;
  private final String version;
  private final AtomicLong tags = new AtomicLong();

  private RtpengineSystem(ChildProgram program, NgClient control, Duration startUp, String version) {
    this.program = program;
    this.control = control;
    this.startUp = startUp;
    this.version = version;
  }

  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /** Starts it with its log in a folder of its own; it reads no configuration file. */
  public static RtpengineSystem start(Path folder) throws IOException {
    Files.createDirectories(folder);
    int controlPort = FreePorts.udp();
    String[] mediaPorts = FreePorts.udpRange(MEDIA_PORTS).split("-");
    NgClient control = new NgClient(controlPort);
    long startNanos = System.nanoTime();
    ChildProgram program = ChildProgram.start("rtpengine", List.of(PROGRAM.toString(),
        "--config-file=none", "--foreground", "--log-stderr", "--log-level=3",
        "--table=-1", // no kernel module
        "--interface=" + MediaAddress.get().getHostAddress(),
        "--listen-ng=127.0.0.1:" + controlPort,
        "--port-min=" + mediaPorts[0], "--port-max=" + mediaPorts[1],
        "--timeout=" + SESSION_TIMEOUT_SECONDS, "--silent-timeout=" + SESSION_TIMEOUT_SECONDS,
        "--delete-delay=0"), folder.resolve("rtpengine.log"));
    program.await(control::isAlive);
    return new RtpengineSystem(program, control, Duration.ofNanos(System.nanoTime() - startNanos), versionOf());
  }

  private static String versionOf() throws IOException {
    Process process = new ProcessBuilder(PROGRAM.toString(), "--version").redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes()).strip().replaceFirst("^Version: ", "");
  }

  @Override
  public String name() {
    return "rtpengine";
  }

  @Override
  public String description() {
    return "rtpengine " + version + " (Debian), user space";
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
  public int streamsPerConnection() {
    return 1;
  }

  /** Each publication is a call of its own: who speaks in a room is of no interest to rtpengine. */
  @Override
  public Publication publish(String room, MediaKind kind, SdpClient client) throws IOException {
    String call = room + "-" + tags.incrementAndGet();
    Map<String, Object> publish = webrtc("publish", call);
    publish.put("from-tag", "publisher");
    publish.put("sdp", client.offer());
    client.accept(sdp(control.ask(publish)));
    return new Publication(room, call, kind, () -> control.ask(Map.of("command", "delete", "call-id", call)));
  }

  @Override
  public Leaving subscribe(List<Publication> publications, SdpClient client) throws IOException {
    String call = publications.getFirst().id();
    String tag = "subscriber-" + tags.incrementAndGet();
    Map<String, Object> request = webrtc("subscribe request", call);
    request.put("from-tag", "publisher");
    request.put("to-tag", tag);
    String offer = sdp(control.ask(request));
    Map<String, Object> answer = webrtc("subscribe answer", call);
    answer.put("from-tag", "publisher");
    answer.put("to-tag", tag);
    answer.put("sdp", client.answer(offer));
    control.ask(answer);
    return () -> control.ask(Map.of("command", "unsubscribe", "call-id", call, "to-tag", tag));
  }

  /** ICE, DTLS and one port for RTP and RTCP; keys in the SDP (RFC 4568) are refused. */
  private static Map<String, Object> webrtc(String command, String call) {
    Map<String, Object> message = new HashMap<>();
    message.put("command", command);
    message.put("call-id", call);
    message.put("transport-protocol", "UDP/TLS/RTP/SAVPF");
    message.put("ICE", "force");
    message.put("DTLS", "passive");
    message.put("SDES", List.of("off"));
    message.put("rtcp-mux", List.of("require"));
    message.put("flags", List.of("generate-mid"));
    message.put("codec", Map.of("accept", List.of("opus", "VP8")));
    return message;
  }

  private static String sdp(Map<String, Object> answer) throws IOException {
    if (answer.get("sdp") instanceof String sdp) {
      return sdp;
    }
    throw new IOException("rtpengine sent no SDP: " + answer);
  }

  @Override
  public void close() {
    program.close();
  }
}
