package dev.tapedeck.standalone.browser;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.PacketKind;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SctpLimits;
import dev.tapedeck.media.core.sctp.SctpTimes;
import dev.tapedeck.media.core.sdp.AnswerParams;
import dev.tapedeck.media.core.sdp.IceCandidate;
import dev.tapedeck.media.core.sdp.Negotiated;
import dev.tapedeck.media.core.sdp.OfferAnswer;
import dev.tapedeck.media.core.sdp.SctpDescription;
import dev.tapedeck.media.core.sdp.SdpParser;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.SessionData;
import dev.tapedeck.media.core.session.SessionEnvironment;
import dev.tapedeck.media.core.session.SessionHandler;
import dev.tapedeck.media.core.session.SessionRegistry;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.media.io.dtls.BcDtlsTransportFactory;
import dev.tapedeck.media.io.dtls.DtlsCertificate;
import dev.tapedeck.media.io.dtls.DtlsSettings;
import dev.tapedeck.media.io.net.AddressDiscovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server for one browser: the real session with ICE, DTLS and SCTP on a socket of its own, and data channels that echo.
 * The string {@code !open LABEL} has it open a channel, {@code !close} close the one it came on.
 */
public final class DataEchoServer implements AutoCloseable {
  private static final int SLOTS = 4;
  private static final int MAX_DATAGRAM_BYTES = 1500;
  private static final long CONNECT_NANOS = 60_000_000_000L;

  /** Everything the session's handler was told of data channels. */
  public final Queue<SctpEvent> events = new ConcurrentLinkedQueue<>();

  private final SecureRandom random = new SecureRandom();
  private final PacketArena arena = new PacketArena(Arena.ofShared(), SLOTS, MAX_DATAGRAM_BYTES);
  private final TimerHeap timers = new TimerHeap();
  private final Map<InetSocketAddress, Path> paths = new HashMap<>();
  private final DtlsTransport.Factory dtls = new BcDtlsTransportFactory(
      DtlsCertificate.create(random, Instant.now()), DtlsSettings.defaults());
  private final Selector selector = Selector.open();
  private final DatagramChannel socket = DatagramChannel.open();
  private PeerSession session;
  private volatile boolean isClosing;
  private Thread loop;

  public DataEchoServer() throws IOException {
    socket.bind(new InetSocketAddress(AddressDiscovery.localAddresses(false).getFirst(), 0));
    socket.configureBlocking(false);
    socket.register(selector, SelectionKey.OP_READ);
  }

  /** Starts the session and returns the answer. */
  public String answer(String offer) throws IOException {
    IceCredentials local = IceCredentials.create(random);
    SctpLimits limits = SctpLimits.defaults();
    Negotiated negotiated = OfferAnswer.negotiate(SdpParser.parse(offer), new AnswerParams(
        AnswerParams.Role.PUBLISH, local, dtls.localFingerprint(),
        IceCandidate.hosts(List.of((InetSocketAddress) socket.getLocalAddress())), 1, 1, "echo", () -> 1,
        Optional.of(new SctpDescription(SctpConfig.DEFAULT_PORT, limits.maxMessageBytes()))));
    SctpDescription remote = negotiated.remoteSctp().orElseThrow();
    SctpConfig sctp = new SctpConfig(SctpConfig.DEFAULT_PORT, remote.port(), false, true, remote.maxMessageBytes(),
        limits, SctpTimes.defaults());
    SessionSpec spec = new SessionSpec(1L << 32, "echo", SessionSpec.Role.PUBLISH, "app", Optional.empty(), local,
        negotiated.remoteUfrag(), negotiated.remoteFingerprint(), false, negotiated.media(), "", "", Optional.of(sctp),
        Optional.empty());
    session = new PeerSession(spec, environment(), selector::wakeup, System.nanoTime());
    session.attach(new Echo());
    loop = Thread.ofPlatform().daemon().name("data-echo").start(this::run);
    return negotiated.answerText();
  }

  private SessionEnvironment environment() {
    return new SessionEnvironment(arena, new Sink(), timers, new WorkerCounters(), CipherChoice.choose(Optional.empty()),
        dtls, _ -> {}, new NoRegistry(), random, CONNECT_NANOS, CONNECT_NANOS, withoutDataRate());
  }

  /** What a browser can send is to be seen, not what a server lets it. */
  private static Limits withoutDataRate() {
    Limits usual = Limits.defaults();
    return new Limits(usual.sessions(), usual.appSessions(), usual.rooms(), usual.roomSessions(), usual.sessionTracks(),
        usual.sessionLabels(), usual.roomLabels(), usual.messageBytes(), usual.sessionRequests(), Integer.MAX_VALUE,
        usual.sessionDeliveries(), usual.addressRequests(), usual.appRequests());
  }

  private void run() {
    try {
      while (!isClosing) {
        long waitMillis = (timers.nextNanos() - System.nanoTime()) / 1_000_000;
        selector.select(Math.clamp(waitMillis, 1, 100));
        selector.selectedKeys().clear();
        receiveAll();
        session.pumpDtls(System.nanoTime());
        timers.fireDue(System.nanoTime());
      }
      session.close(System.nanoTime(), CloseReason.SHUTDOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receiveAll() throws IOException {
    MemorySegment slot = arena.memory().asSlice(0, MAX_DATAGRAM_BYTES);
    var buffer = slot.asByteBuffer();
    InetSocketAddress from;
    while ((from = (InetSocketAddress) socket.receive(buffer.clear())) != null) {
      Path path = paths.computeIfAbsent(from, remote -> new Path(0, 0, remote.hashCode(), remote.getPort(), remote));
      switch (PacketKind.of(slot, 0, buffer.position())) {
        case STUN -> session.handleStun(System.nanoTime(), path, 0, buffer.position());
        case DTLS -> session.handleDtls(System.nanoTime(), 0, buffer.position());
        case RTP, RTCP, UNKNOWN -> {}
      }
    }
  }

  @Override
  public void close() throws Exception {
    isClosing = true;
    selector.wakeup();
    if (loop != null) {
      loop.join();
    }
    socket.close();
    selector.close();
  }

  /** Answers on the channel a message came on. */
  private final class Echo implements SessionHandler {
    @Override
    public void connected(long nowNanos) {
      channels().openNegotiated(nowNanos, 0, ChannelParameters.reliable("data"));
    }

    @Override
    public void data(long nowNanos, SctpEvent event) {
      events.add(event);
      if (event instanceof SctpEvent.Message(int channel, boolean isBinary, byte[] data)) {
        String text = isBinary ? "" : new String(data, StandardCharsets.UTF_8);
        if (text.startsWith("!open ")) {
          channels().open(nowNanos, ChannelParameters.reliable(text.substring("!open ".length())));
        } else if (text.equals("!close")) {
          channels().close(nowNanos, channel);
        } else {
          channels().send(nowNanos, channel, isBinary, data);
        }
      }
    }

    private SessionData channels() {
      return session.data().orElseThrow();
    }

    @Override
    public void rtp(long nowNanos, long arrivalNanos, int slot, long offset, int length) {}

    @Override
    public void rtcp(long nowNanos, long arrivalNanos, long offset, int length) {}

    @Override
    public void closed(long nowNanos, CloseReason reason) {}
  }

  /** Sends at once; the output region holds one datagram. */
  private final class Sink implements DatagramSink {
    private static final long OUTPUT = (long) SLOTS * PacketArena.SLOT_BYTES;
    private Path path;

    @Override
    public MemorySegment memory() {
      return arena.memory();
    }

    @Override
    public long reserve(Path path, int maxBytes) {
      this.path = path;
      return OUTPUT;
    }

    @Override
    public void commit(int bytes) {
      try {
        socket.send(arena.memory().asSlice(OUTPUT, bytes).asByteBuffer(), path.remote());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** There is one session, and all datagrams are its own. */
  private static final class NoRegistry implements SessionRegistry {
    @Override
    public void pathAdded(PeerSession session, Path path) {}

    @Override
    public void pathRemoved(PeerSession session, Path path) {}

    @Override
    public void ufragAdded(PeerSession session, long ufragKey) {}

    @Override
    public void ufragRetired(long ufragKey) {}

    @Override
    public void connected(PeerSession session, long nowNanos) {}

    @Override
    public void closed(PeerSession session, long nowNanos, CloseReason reason) {}

    @Override
    public void gone(PeerSession session) {}
  }
}
