package dev.tapedeck.standalone;

import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.media.io.net.AddressDiscovery;
import dev.tapedeck.media.io.net.UdpTransport;
import dev.tapedeck.protocol.config.Problems;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tries, on this machine, everything that the programs will need, and says what to do about what does not work. */
final class Doctor {
  private static final int WANTED_JAVA = 25;
  private static final int WANTED_CORES = 2;
  private static final int UDP_TIMEOUT_MILLIS = 1000;
  private static final long WANTED_SOCKET_BUFFER_BYTES = 4L << 20;
  private static final long LITTLE_DISK_BYTES = 10L << 30;
  private static final long TOO_LITTLE_DISK_BYTES = 1L << 30;
  private static final int FORCED_BYTES = 1 << 20;
  private static final long SLOW_FORCE_MILLIS = 200;
  private static final long CLOCK_WATCH_MILLIS = 200;
  private static final long CLOCK_TOLERANCE_MILLIS = 20;
  /** No clock can be right that is before the first release of this program. */
  private static final Instant EARLIEST = Instant.parse("2025-09-01T00:00:00Z");

  private final Path data;
  private final int httpPort;
  private final List<Finding> findings = new ArrayList<>();

  /** How bad a finding is; only {@code FAIL} keeps the programs from working. */
  enum Level { OK, WARN, FAIL }

  /** @param fix what to do, "" if nothing */
  record Finding(Level level, String subject, String found, String fix) {}

  private Doctor(Path data, int httpPort) {
    this.data = data.toAbsolutePath();
    this.httpPort = httpPort;
  }

  /**
   * Tries everything; takes about a second.
   *
   * @param data     folder that standalone would use; not made here
   * @param httpPort that standalone would listen on
   */
  static List<Finding> examine(Path data, int httpPort) {
    Doctor doctor = new Doctor(data, httpPort);
    doctor.java();
    doctor.maven();
    doctor.cores();
    doctor.http();
    doctor.udp();
    doctor.sending();
    doctor.socketBuffers();
    doctor.crypto();
    doctor.disk();
    doctor.clock();
    return List.copyOf(doctor.findings);
  }

  private void java() {
    String found = Runtime.version() + " in " + System.getProperty("java.home");
    if (Runtime.version().feature() >= WANTED_JAVA) {
      ok("JDK", found);
    } else {
      fail("JDK", found, "install JDK " + WANTED_JAVA + " and set JAVA_HOME to its folder");
    }
  }

  private void maven() {
    Optional<Path> maven = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, "mvn")).filter(Files::isExecutable).findFirst();
    if (maven.isPresent()) {
      ok("Maven", maven.get().toString());
    } else {
      warn("Maven", "not on the PATH", "needed only to build: apt-get install maven, or brew install maven");
    }
  }

  private void cores() {
    int cores = Runtime.getRuntime().availableProcessors();
    if (cores >= WANTED_CORES) {
      ok("Cores", Integer.toString(cores));
    } else {
      warn("Cores", Integer.toString(cores), "media and conversions share one core; give it " + WANTED_CORES);
    }
  }

  private void http() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort));
      ok("HTTP port", httpPort + " is free");
    } catch (IOException e) {
      if (DataFolder.isHeld(data)) {
        ok("HTTP port", httpPort + " is in use, and Tapedeck runs on " + data);
      } else {
        fail("HTTP port", httpPort + ": " + Problems.say(e), "stop the other program, or give --http.port=PORT");
      }
    }
  }

  private void udp() {
    try {
      for (InetAddress address : AddressDiscovery.localAddresses(true)) {
        udp(address);
      }
    } catch (IOException e) {
      fail("UDP", "no list of addresses: " + Problems.say(e), "look at the network interfaces");
    }
  }

  private void udp(InetAddress address) {
    String subject = "UDP " + address.getHostAddress();
    byte[] sent = {1, 2, 3, 4};
    byte[] received = new byte[16];
    try (DatagramSocket socket = new DatagramSocket(0, address)) {
      socket.setSoTimeout(UDP_TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(sent, sent.length, socket.getLocalSocketAddress()));
      DatagramPacket packet = new DatagramPacket(received, received.length);
      socket.receive(packet);
      if (Arrays.equals(sent, Arrays.copyOf(received, packet.getLength()))) {
        ok(subject, "a datagram went out and came back");
      } else {
        fail(subject, "another datagram came back", "look at the firewall of this machine");
      }
    } catch (IOException e) {
      fail(subject, Problems.say(e), "allow UDP on this address, or leave it out with --media.addresses");
    }
  }

  private void sending() {
    try (Arena memory = Arena.ofShared();
        UdpTransport transport = UdpTransport.open(new PacketArena(memory, 1024, 1 << 16), 1 << 16,
            AddressDiscovery.localAddresses(true), 0, false)) {
      switch (transport.sendMethod()) {
        case "gso" -> ok("UDP sending", "sendmmsg with UDP GSO");
        case "sendmmsg" ->
            warn("UDP sending", "sendmmsg without UDP GSO", "costs more CPU; Linux 4.18 or newer has GSO");
        default -> warn("UDP sending", "Java channels", "good for trying out; use Linux for production");
      }
    } catch (IOException e) {
      fail("UDP sending", Problems.say(e), "look at the addresses above");
    }
  }

  private void socketBuffers() {
    Path limit = Path.of("/proc/sys/net/core/rmem_max");
    if (!Files.isReadable(limit)) {
      return;
    }
    try {
      long bytes = Long.parseLong(Files.readString(limit).strip());
      if (bytes == 0) {
        return; // a sandboxed kernel that does not tell
      }
      if (bytes >= WANTED_SOCKET_BUFFER_BYTES) {
        ok("UDP buffers", bytes / 1024 + " KiB");
      } else {
        warn("UDP buffers", bytes / 1024 + " KiB", "enough for small rooms; else sysctl -w net.core.rmem_max="
            + WANTED_SOCKET_BUFFER_BYTES + " net.core.wmem_max=" + WANTED_SOCKET_BUFFER_BYTES);
      }
    } catch (IOException | NumberFormatException e) {
      warn("UDP buffers", limit + " cannot be read", "");
    }
  }

  private void crypto() {
    String name = CipherChoice.choose(Optional.empty()).name();
    List<String> obstacles = CipherChoice.obstacles();
    if (obstacles.isEmpty()) {
      ok("SRTP", name);
    } else {
      warn("SRTP", name, "costs more CPU than it need: " + String.join("; ", obstacles));
    }
  }

  private void disk() {
    Path folder = data;
    while (Files.notExists(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    try {
      long usable = Files.getFileStore(folder).getUsableSpace();
      String found = usable / (1 << 20) + " MiB free in " + folder;
      if (usable < TOO_LITTLE_DISK_BYTES) {
        fail("Disk space", found, "free some, or give another folder with --data");
      } else if (usable < LITTLE_DISK_BYTES) {
        warn("Disk space", found, "an hour of one participant takes about 1 GiB");
      } else {
        ok("Disk space", found);
      }
      long millis = writeAndForce(folder);
      if (millis <= SLOW_FORCE_MILLIS) {
        ok("Disk writing", "1 MiB written and forced in " + millis + " ms");
      } else {
        warn("Disk writing", "1 MiB written and forced in " + millis + " ms",
            "a busy or slow disk; what is taped stays in memory longer");
      }
    } catch (IOException e) {
      fail("Disk", Problems.say(e), "give a folder you may write to with --data");
    }
  }

  private static long writeAndForce(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, ".tapedeck-doctor-", "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      channel.write(ByteBuffer.allocate(FORCED_BYTES));
      channel.force(true);
      return (System.nanoTime() - start) / 1_000_000;
    } finally {
      Files.delete(file);
    }
  }

  private void clock() {
    Instant now = Instant.now();
    if (now.isBefore(EARLIEST)) {
      fail("Clock", "says " + now, "set it; tokens and signatures of the store need the right time");
      return;
    }
    long monotonic = System.nanoTime();
    long wall = System.currentTimeMillis();
    try {
      Thread.sleep(CLOCK_WATCH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long differenceMillis = System.currentTimeMillis() - wall - (System.nanoTime() - monotonic) / 1_000_000;
    String found = now + ", " + String.format(Locale.ROOT, "%+d ms", differenceMillis) + " against the monotonic one";
    if (Math.abs(differenceMillis) <= CLOCK_TOLERANCE_MILLIS) {
      ok("Clock", found);
    } else {
      warn("Clock", found, "something sets it in steps; let a time service slew it");
    }
  }

  private void ok(String subject, String found) {
    findings.add(new Finding(Level.OK, subject, found, ""));
  }

  private void warn(String subject, String found, String fix) {
    findings.add(new Finding(Level.WARN, subject, found, fix));
  }

  private void fail(String subject, String found, String fix) {
    findings.add(new Finding(Level.FAIL, subject, found, fix));
  }
}
