package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.bwe.BandwidthEstimator;
import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.SrtpKeys;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.ice.IceLiteAgent;
import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.rtcp.RtcpWriter;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import dev.tapedeck.media.core.srtp.SrtpSender;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.limit.TokenBucket;
import dev.tapedeck.protocol.rtp.NtpTime;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/**
 * One connection of one peer: ICE, DTLS and SRTP put together. It takes datagrams and gives plain packets to its
 * {@link SessionHandler}; it knows nothing of rooms. Owned by the worker thread.
 */
public final class PeerSession {
  /** SSRCs one session may send or receive; far above what a browser with several cameras needs. */
  private static final int MAX_STREAMS = 256;

  /** Room for the largest datagram we send. */
  private static final int MAX_DATAGRAM_BYTES = 1500;

  /** How long the last messages may take to reach the client after the session has ended: they can be sent three times. */
  private static final long PARTING_NANOS = 1_500_000_000L;

  /** How long DTLS may take to say goodbye, which waits for nothing but a processor. */
  private static final long GOODBYE_NANOS = 3_000_000_000L;

  /** SSRC of our RTCP where we send no media (RFC 3550 lets any number serve). */
  public static final int RTCP_SSRC = 1;

  private final SessionSpec spec;
  private final IceLiteAgent ice;
  private final DtlsTransport dtls;
  private final Optional<SessionData> data;
  private final BandwidthEstimator bandwidth = new BandwidthEstimator();
  private final TokenBucket dataRate;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);
  private final TimerHeap.Timer partingTimer = new TimerHeap.Timer(this::handlePartingTimeout);
  private final long createdNanos;
  private final long ufrag;

  // All of the worker it is on.
  private SessionEnvironment environment;
  private DatagramSink sink;
  private MemorySegment memory;
  private WorkerCounters counters;
  private EgressQueue egress;
  private final SendOrder sendOrder = new SendOrder();

  /** Reaches the worker it is on; called by threads of DTLS. */
  private volatile Runnable dtlsWake;

  private long restartedUfrag;
  private SessionHandler handler;
  private Path path;
  private SrtpReceiver srtpReceiver;
  private SrtpSender srtpSender;
  private int transportSequence;
  private long rtcpOffset;
  private boolean closed;

  /** Closed, while the client still takes the last messages. */
  private boolean isParting;

  private String closeDetail = "";
  private boolean isDtlsOver;
  private boolean isGone;

  public PeerSession(SessionSpec spec, SessionEnvironment environment, Runnable dtlsWake, long nowNanos) {
    this.spec = spec;
    createdNanos = nowNanos;
    use(environment, dtlsWake);
    int dataBytes = environment.limits().sessionDataBytes();
    dataRate = new TokenBucket(dataBytes, dataBytes, nowNanos);
    ice = new IceLiteAgent(
        nowNanos, spec.local(), spec.remoteUfrag(), environment.consentTimeoutNanos(), new Reachability());
    ufrag = spec.local().ufragKey();
    environment.registry().ufragAdded(this, ufrag);
    dtls = environment.dtls().accept(spec.fingerprint(), () -> this.dtlsWake.run());
    data = spec.sctp().map(config -> new SessionData(config, environment, dtls));
    environment.timers().schedule(timer, nowNanos + environment.connectTimeoutNanos());
  }

  private void use(SessionEnvironment environment, Runnable dtlsWake) {
    this.environment = environment;
    this.dtlsWake = dtlsWake;
    sink = environment.sink();
    memory = environment.arena().memory();
    counters = environment.counters();
    egress = new EgressQueue(environment.arena());
  }

  /**
   * Takes the connected session off its worker: nothing of it is left there, in no queue and under no timer. Not in the
   * midst of a packet of its own.
   */
  public void moveOut(long nowNanos) {
    flush(nowNanos);
    srtpSender.moveOut(environment.ciphers());
    environment.timers().cancel(timer);
    data.ifPresent(SessionData::moveOut);
  }

  /**
   * Puts it on another worker, whose thread owns it from now on. What it was sent by DTLS meanwhile is taken by the next
   * {@link #pumpDtls}; what came over data channels is told by {@link SessionData#resume}.
   *
   * @param dtlsWake as for a new session
   */
  public void moveIn(SessionEnvironment environment, Runnable dtlsWake) {
    use(environment, dtlsWake);
    srtpSender.moveIn(environment.ciphers());
    environment.timers().schedule(timer, ice.nextTimeoutNanos());
    data.ifPresent(channels -> channels.moveIn(environment.timers()));
  }

  /** The ways to this client that passed a check. */
  public List<Path> paths() {
    return ice.paths();
  }

  /** Keys of the user name fragments that checks for this session may begin with now. */
  public List<Long> ufrags() {
    return ice.ufragKeys();
  }

  /** Says whom to tell; before the first datagram. */
  public void attach(SessionHandler handler) {
    this.handler = handler;
    data.ifPresent(channels -> channels.attach(handler));
  }

  public SessionSpec spec() {
    return spec;
  }

  /** The data channels, if offer and answer agreed on them. */
  public Optional<SessionData> data() {
    return data;
  }

  /** What the path to this client carries. */
  public BandwidthEstimator bandwidth() {
    return bandwidth;
  }

  public boolean isConnected() {
    return srtpSender != null && !closed;
  }

  /** Whether DTLS was ever complete. */
  public boolean wasConnected() {
    return srtpSender != null;
  }

  public boolean isClosed() {
    return closed;
  }

  /** What whoever closes it, or closed it, has to say; "" for nothing. */
  public String closeDetail() {
    return closeDetail;
  }

  /** Where this session's datagrams go now, or null before the first valid check. */
  public Path path() {
    return path;
  }

  public long createdNanos() {
    return createdNanos;
  }

  /** New ICE credentials for the same session (RFC 8445 §9); the old ones hold until a check with the new ones. */
  public void restartIce(long nowNanos, IceCredentials local, String remoteUfrag) {
    restartedUfrag = local.ufragKey();
    ice.restart(local, remoteUfrag);
    environment.registry().ufragAdded(this, restartedUfrag);
  }

  /** Whether a check whose USERNAME begins with this fragment is meant for this session. */
  public boolean ownsUfrag(long key) {
    return key == ufrag || key == restartedUfrag;
  }

  /** Answers a STUN request that names this session. */
  public void handleStun(long nowNanos, Path from, long offset, int length) {
    long reply = sink.reserve(from, IceLiteAgent.MAX_RESPONSE_BYTES);
    long refused = ice.refusedChecks();
    int bytes = ice.handleRequest(
        nowNanos, from, memory, offset, length, memory, reply, IceLiteAgent.MAX_RESPONSE_BYTES);
    if (bytes == 0 || ice.refusedChecks() > refused) {
      counters.drop(DropReason.BAD_STUN);
    }
    if (bytes > 0) {
      sink.commit(bytes);
      pumpDtls(nowNanos);
    }
  }

  public void handleDtls(long nowNanos, long offset, int length) {
    if (!dataRate.take(nowNanos, length + Limits.DATAGRAM_OVERHEAD_BYTES)) {
      counters.drop(DropReason.DATA_RATE);
      counters.refuse(Limit.SESSION_DATA);
      return;
    }
    byte[] datagram = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, datagram, 0, length);
    dtls.receive(datagram);
    pumpDtls(nowNanos);
  }

  /** Takes what DTLS has ready; called after its wake-up, also when the session has ended: its last words take time. */
  public void pumpDtls(long nowNanos) {
    if (path == null) {
      return; // a flight needs an address; the check that brings one pumps again
    }
    Optional<DtlsOutput> next;
    while (!isDtlsOver && (next = dtls.poll()).isPresent()) {
      switch (next.get()) {
        case DtlsOutput.Send send -> sendPlain(send.datagram());
        case DtlsOutput.Connected connected -> onKeys(nowNanos, connected.keys());
        case DtlsOutput.Data packet -> onData(nowNanos, packet.data());
        case DtlsOutput.Closed end -> onDtlsOver(nowNanos);
      }
    }
  }

  private void onDtlsOver(long nowNanos) {
    isDtlsOver = true;
    if (!closed) {
      close(nowNanos, isConnected() ? CloseReason.LEFT : CloseReason.DTLS_FAILED);
    } else if (isParting) {
      endDtls(nowNanos);
    } else {
      goIfSilent();
    }
  }

  public void handleRtp(long nowNanos, long arrivalNanos, int slot, long offset, int length) {
    if (srtpReceiver == null || closed) {
      counters.drop(DropReason.NO_KEYS);
      return;
    }
    int plain = srtpReceiver.unprotectRtp(memory, offset, length);
    if (plain < 0) {
      dropSrtp(plain);
      if (plain == SrtpReceiver.AUTHENTICATION_FAILED) {
        handler.unauthentic(RtpHeader.ssrc(memory, offset)); // the header is never encrypted
      }
      return;
    }
    handler.rtp(nowNanos, arrivalNanos, slot, offset, plain);
  }

  public void handleRtcp(long nowNanos, long arrivalNanos, long offset, int length) {
    if (srtpReceiver == null || closed) {
      counters.drop(DropReason.NO_KEYS);
      return;
    }
    int plain = srtpReceiver.unprotectRtcp(memory, offset, length);
    if (plain < 0) {
      dropSrtp(plain);
      return;
    }
    handler.rtcp(nowNanos, arrivalNanos, offset, plain);
  }

  /** Owes this receiver a packet; it leaves with the next flush. */
  public void queue(
      long nowNanos,
      EgressWriter writer,
      int slot,
      long offset,
      int headerBytes,
      int payloadBytes,
      int sequenceNumber,
      int epoch) {
    if (egress.size() == 0) {
      environment.flusher().willOwe(this);
    } else if (egress.size() == EgressQueue.CAPACITY) {
      flush(nowNanos); // the flusher still has this session on its list
    }
    egress.add(nowNanos, writer, slot, offset, headerBytes, payloadBytes, sequenceNumber, epoch);
  }

  public int owedPackets() {
    return egress.size();
  }

  public long oldestOwedNanos() {
    return egress.oldestNanos();
  }

  /** Writes, protects and hands over all that this receiver is owed. */
  public void flush(long nowNanos) {
    try {
      if (path != null && isConnected()) {
        writeOwed(nowNanos);
      } else {
        for (int i = 0; i < egress.size(); i++) {
          counters.drop(DropReason.NO_PATH);
        }
      }
    } finally {
      egress.clear(); // also after a mistake of ours, which else came back with every flush
    }
  }

  private void writeOwed(long nowNanos) {
    int absSendTime = NtpTime.absSendTime(nowNanos);
    boolean isOfSeveralStreams = egress.streams() > 1;
    if (isOfSeveralStreams) {
      sendOrder.begin(egress);
    }
    for (int i = 0, size = egress.size(); i < size; i++) {
      write(isOfSeveralStreams ? sendOrder.next() : i, nowNanos, absSendTime);
    }
  }

  private void write(int index, long nowNanos, int absSendTime) {
    EgressWriter writer = egress.writer(index);
    int epoch = egress.epoch(index);
    long dst = sink.reserve(path, MAX_DATAGRAM_BYTES);
    int bytes = writer.write(absSendTime, memory, egress.offset(index), egress.headerBytes(index),
        egress.payloadBytes(index), egress.sequenceNumber(index), epoch, transportSequence, dst, srtpSender);
    if (bytes > 0) {
      sink.commit(bytes);
      if (!writer.isRepeat(epoch)) {
        bandwidth.sent(transportSequence, nowNanos, bytes);
        transportSequence = transportSequence + 1 & 0xFFFF;
      }
    }
  }

  /**
   * Begins an RTCP packet; write behind what stands there already, then call {@link #endRtcp}. Nothing else may be sent
   * between the two.
   *
   * @return offset to write at, room for {@link #RTCP_ROOM} bytes, or -1 if the session cannot send now
   */
  public long beginRtcp() {
    if (path == null || srtpSender == null || closed) {
      return -1;
    }
    rtcpOffset = sink.reserve(path, MAX_DATAGRAM_BYTES);
    return rtcpOffset;
  }

  /** Bytes a caller of {@link #beginRtcp} may write. */
  public static final int RTCP_ROOM = 1200;

  /** Whether feedback must stand behind a report (RFC 3550 §6.1), because reduced-size RTCP was not agreed. */
  public boolean needsCompoundRtcp() {
    return !spec.reducedSizeRtcp();
  }

  /** Begins a packet for feedback alone, with an empty report in front where reduced size was not agreed. */
  public long beginFeedback() {
    long at = beginRtcp();
    if (at < 0 || spec.reducedSizeRtcp()) {
      return at;
    }
    return at + RtcpWriter.emptyReceiverReport(memory, at, RTCP_ROOM, RTCP_SSRC);
  }

  /** Protects and sends what was written from {@link #beginRtcp} up to {@code end}. */
  public void endRtcp(long end) {
    int bytes = srtpSender.protectRtcp(memory, rtcpOffset, (int) (end - rtcpOffset));
    if (bytes > 0) {
      sink.commit(bytes);
    }
  }

  /**
   * Ends the session; the handler is told. The connection lives on until the client has the last messages, for a moment
   * at most, and until DTLS has said goodbye; then the session is gone. Does nothing the second time.
   */
  public void close(long nowNanos, CloseReason reason) {
    close(nowNanos, reason, "");
  }

  /** @param detail what whoever ends it has to say, "" for nothing */
  public void close(long nowNanos, CloseReason reason, String detail) {
    if (closed) {
      return;
    }
    closeDetail = detail;
    handler.closing(nowNanos, reason);
    flush(nowNanos);
    closed = true;
    environment.timers().cancel(timer);
    egress.clear();
    isParting = path != null && !isDtlsOver && reason.leavesClientReachable()
        && data.filter(channels -> channels.part(nowNanos, this::endDtls)).isPresent();
    handler.closed(nowNanos, reason);
    environment.registry().closed(this, nowNanos, reason);
    if (srtpSender != null) {
      srtpSender.close();
      srtpReceiver.close();
    }
    if (isParting) {
      environment.timers().schedule(partingTimer, nowNanos + PARTING_NANOS);
    } else {
      endDtls(nowNanos);
    }
  }

  private void handlePartingTimeout(long nowNanos) {
    if (isParting) {
      endDtls(nowNanos);
    } else {
      isDtlsOver = true; // it hangs: nobody is to wait for it
      goIfSilent();
    }
  }

  private void endDtls(long nowNanos) {
    isParting = false;
    data.ifPresent(SessionData::stop);
    dtls.close();
    environment.timers().schedule(partingTimer, nowNanos + GOODBYE_NANOS);
    pumpDtls(nowNanos);
    goIfSilent();
  }

  /** Nothing will be sent any more. */
  private void goIfSilent() {
    if (!isGone && (path == null || isDtlsOver)) {
      isGone = true;
      environment.timers().cancel(partingTimer);
      environment.registry().gone(this);
    }
  }

  private void handleTimeout(long nowNanos) {
    if (!isConnected()) {
      if (nowNanos - createdNanos >= environment.connectTimeoutNanos()) {
        close(nowNanos, CloseReason.CONNECT_TIMEOUT);
        return;
      }
    } else if (!ice.isConsentFresh(nowNanos)) {
      close(nowNanos, CloseReason.CONSENT_EXPIRED);
      return;
    }
    environment.timers().schedule(timer, isConnected()
        ? ice.nextTimeoutNanos()
        : createdNanos + environment.connectTimeoutNanos());
  }

  private void onKeys(long nowNanos, SrtpKeys keys) {
    if (closed) {
      return; // too late
    }
    SrtpCipherFactory ciphers = environment.ciphers();
    srtpReceiver = new SrtpReceiver(
        keys.profile(), ciphers.create(keys.profile(), keys.remoteKey(), keys.remoteSalt()), MAX_STREAMS);
    srtpSender = new SrtpSender(ciphers.create(keys.profile(), keys.localKey(), keys.localSalt()), MAX_STREAMS);
    srtpSender.moveIn(ciphers);
    environment.timers().schedule(timer, ice.nextTimeoutNanos());
    environment.registry().connected(this, nowNanos);
    handler.connected(nowNanos);
    if (!closed) {
      data.ifPresent(channels -> channels.connect(nowNanos));
    }
  }

  private void onData(long nowNanos, byte[] packet) {
    if (data.isPresent()) {
      data.get().receive(nowNanos, packet);
    } else {
      counters.drop(DropReason.NO_DATA_CHANNEL);
    }
  }

  private void sendPlain(byte[] datagram) {
    long at = sink.reserve(path, datagram.length);
    MemorySegment.copy(datagram, 0, memory, ValueLayout.JAVA_BYTE, at, datagram.length);
    sink.commit(datagram.length);
  }

  private void dropSrtp(int reason) {
    counters.drop(switch (reason) {
      case SrtpReceiver.REPLAYED -> DropReason.REPLAYED;
      case SrtpReceiver.AUTHENTICATION_FAILED -> DropReason.AUTHENTICATION_FAILED;
      case SrtpReceiver.TOO_MANY_STREAMS -> DropReason.TOO_MANY_STREAMS;
      default -> DropReason.MALFORMED;
    });
  }

  /** Takes note of what ICE learns about the ways to this client. */
  private final class Reachability implements IceLiteAgent.Listener {
    @Override
    public void pathAdded(Path added) {
      environment.registry().pathAdded(PeerSession.this, added);
    }

    @Override
    public void pathRemoved(Path removed) {
      environment.registry().pathRemoved(PeerSession.this, removed);
    }

    @Override
    public void pathSelected(Path selected) {
      path = selected;
    }

    @Override
    public void credentialsRetired(IceCredentials retired) {
      environment.registry().ufragRetired(PeerSession.this, retired.ufragKey());
    }
  }
}
