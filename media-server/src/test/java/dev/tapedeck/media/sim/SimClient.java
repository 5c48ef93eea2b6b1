package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.dtls.SrtpKeys;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.packet.PacketKind;
import dev.tapedeck.media.core.rtcp.RtcpReader;
import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import dev.tapedeck.media.core.rtcp.RtcpWriter;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import dev.tapedeck.media.core.srtp.SrtpSender;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A client with one connection: real STUN checks, scripted DTLS, real SRTP. Media is what {@link SimPublisher} and
 * {@link SimWatcher} add.
 */
abstract class SimClient {
  private static final long CHECK_INTERVAL_NANOS = 100 * MILLIS;
  private static final long CONSENT_INTERVAL_NANOS = 2_500 * MILLIS;
  private static final long DTLS_INTERVAL_NANOS = 300 * MILLIS;

  /** What came in stays whole while answers to it are made: plain here, protected there. */
  private static final long RECEIVED = 0;
  private static final long PLAIN = 2048;
  private static final long PROTECTED = 4096;

  final SimNetwork network;
  final SimServer server;
  final SimServer.Node home;
  SessionSpec spec;
  final String room;
  final SimPipe up;
  final SimPipe down;
  private final MemorySegment memory = Arena.ofAuto().allocate(8192, 64);
  private final SimIce ice;
  private SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
  private SimAddress address;
  private SrtpSender srtpSender;
  private SrtpReceiver srtpReceiver;
  private boolean isReachable;
  private boolean isNominated;
  private byte flight = SimDtls.HELLO;
  private boolean isClosed;
  private int rejectedDatagrams;
  private int checksPlanned;

  SimClient(Sim sim, SessionSpec.Role role, String room, String peer, List<NegotiatedMedia> media, String watched) {
    network = sim.network;
    server = sim.server;
    this.room = room;
    home = server.home(room);
    int number = sim.nextClient();
    String ufrag = "cli" + number;
    spec = new SessionSpec((1L << 32) + number, "connection-" + number, role, "app",
        Optional.of(
            new Join((1L << 32) + number, room, peer, false, false, Optional.empty(), Presence.of(Optional.empty()))),
        IceCredentials.create(network.random), ufrag, new Fingerprint("sha-256", "AB:" + number), true, media,
        "192.0.2.1", watched, Optional.empty(), Optional.empty());
    ice = new SimIce(network.random, ufrag, spec.local());
    String name = peer + "." + number;
    up = new SimPipe(network, name + " up", SimLink.GOOD);
    down = new SimPipe(network, name + " down", SimLink.GOOD);
    address = SimAddress.of(number, 5000);
    server.route(address, this);
  }

  /** What the client sends is taped; before {@link #join}. */
  void record(RecordPolicy policy) {
    spec = new SessionSpec(spec.id(), spec.connection(), spec.role(), spec.app(),
        Optional.of(new Join(spec.id(), room, spec.requireJoin().peer(), true, false, Optional.of(policy),
            spec.requireJoin().presence())), spec.local(), spec.remoteUfrag(), spec.fingerprint(), true, spec.media(),
        spec.requestAddress(), spec.watchedPeer(), spec.sctp(), Optional.empty());
  }

  /** Comes with this token; before {@link #join}. */
  void hold(TokenFingerprint token) {
    Join join = spec.requireJoin();
    spec = new SessionSpec(spec.id(), spec.connection(), spec.role(), spec.app(),
        Optional.of(new Join(join.session(), join.room(), join.peer(), join.record(), join.recordExclude(),
            join.recordPolicy(), join.presence(), Optional.of(token))), spec.local(), spec.remoteUfrag(),
        spec.fingerprint(), true, spec.media(), spec.requestAddress(), spec.watchedPeer(), spec.sctp(), spec.meeting());
  }

  /** Offers and begins to connect; returns the worker's answer. */
  WorkerEvent.Answer join() {
    WorkerEvent.Answer answer = home.ask(request -> new WorkerCommand.AddSession(request, spec));
    if (answer.outcome() == WorkerEvent.Outcome.DONE) {
      check();
    }
    return answer;
  }

  /** The worse profile, which every client must know. */
  void preferSha1() {
    profile = SrtpProfile.AES128_CM_HMAC_SHA1_80;
  }

  void links(SimLink link) {
    up.become(link);
    down.become(link);
  }

  /** Ends the session by DELETE. */
  void leave() {
    isClosed = true;
    home.ask(request -> new WorkerCommand.CloseSession(request, spec.id(), CloseReason.LEFT));
  }

  /** Says goodbye as a page that is closed: by DTLS alone. */
  void sayGoodbye() {
    sendRaw(SimDtls.closeNotify(spec.fingerprint()));
    isClosed = true;
  }

  /** Goes without a word. */
  void vanish() {
    isClosed = true;
    links(SimLink.DEAD);
  }

  /** The same client behind another address from now on, as after a change of networks. */
  void moveTo(SimAddress next) {
    server.unroute(address);
    address = next;
    server.route(address, this);
  }

  /** Takes new credentials for the server (RFC 8445 §9) and checks with them. */
  void restartIce() {
    IceCredentials next = IceCredentials.create(network.random);
    home.ask(request -> new WorkerCommand.RestartIce(request, spec.id(), next, spec.remoteUfrag()));
    ice.restart(next);
    isReachable = false;
    isNominated = false;
    check();
  }

  boolean isConnected() {
    return srtpSender != null && !isClosed;
  }

  boolean isNominated() {
    return isNominated;
  }

  /** Whether this client left, or was told that the server closed the session. */
  boolean isClosed() {
    return isClosed;
  }

  /** STUN checks that were answered with an error. */
  int refusedChecks() {
    return ice.refusals();
  }

  /** SRTP and SRTCP packets that did not authenticate or came twice. */
  int rejectedDatagrams() {
    return rejectedDatagrams;
  }

  SimAddress address() {
    return address;
  }

  /** Sends bytes as they are, from our address. */
  void sendRaw(byte[] datagram) {
    sendRaw(datagram, arrivalNanos -> {});
  }

  void sendForgedCheck() {
    sendRaw(ice.forgedCheck());
  }

  private void sendRaw(byte[] datagram, LongConsumer arrived) {
    SimAddress from = address;
    up.send(datagram, bytes -> {
      arrived.accept(network.nowNanos());
      home.receive(from, bytes);
    });
  }

  private void check() {
    if (isClosed) {
      return;
    }
    sendRaw(ice.check(isReachable));
    network.after(isNominated ? CONSENT_INTERVAL_NANOS : CHECK_INTERVAL_NANOS, this::checkAgain);
    checksPlanned++;
  }

  /** Only the newest chain of checks goes on. */
  private void checkAgain() {
    if (--checksPlanned == 0) {
      check();
    }
  }

  void receive(SimAddress at, byte[] datagram) {
    if (!at.equals(address) || isClosed) {
      return; // nobody lives there any more
    }
    MemorySegment.copy(datagram, 0, memory, ValueLayout.JAVA_BYTE, RECEIVED, datagram.length);
    switch (PacketKind.of(memory, RECEIVED, datagram.length)) {
      case STUN -> receiveStun(datagram);
      case DTLS -> receiveDtls(datagram);
      case RTP -> receiveRtp(datagram.length);
      case RTCP -> receiveRtcp(datagram.length);
      case UNKNOWN -> throw new AssertionError("the server sent garbage");
    }
  }

  private void receiveStun(byte[] datagram) {
    if (!ice.isSuccess(datagram, address)) {
      return;
    }
    if (isReachable && !isNominated) {
      isNominated = true;
      if (srtpSender == null) {
        handshake();
      }
    } else if (!isReachable) {
      isReachable = true;
      sendRaw(ice.check(true));
    }
  }

  private void handshake() {
    if (srtpSender != null || isClosed) {
      return;
    }
    sendRaw(flight == SimDtls.HELLO ? hello() : new byte[] {SimDtls.HANDSHAKE, flight, (byte) profile.ordinal()});
    network.after(DTLS_INTERVAL_NANOS, this::handshake);
  }

  private byte[] hello() {
    byte[] fingerprint = spec.fingerprint().value().getBytes();
    byte[] hello = new byte[2 + fingerprint.length];
    hello[0] = SimDtls.HANDSHAKE;
    hello[1] = SimDtls.HELLO;
    System.arraycopy(fingerprint, 0, hello, 2, fingerprint.length);
    return hello;
  }

  private void receiveDtls(byte[] datagram) {
    if (datagram[0] == SimDtls.ALERT) {
      isClosed = true;
    } else if (datagram[0] == SimDtls.APPLICATION_DATA) {
      data(Arrays.copyOfRange(datagram, 1, datagram.length));
    } else if (datagram[1] == SimDtls.HELLO_DONE && flight == SimDtls.HELLO) {
      flight = SimDtls.FINISHED;
      handshake();
    } else if (datagram[1] == SimDtls.FINISHED && srtpSender == null) {
      SrtpKeys keys = SimDtls.keys(network.seed, spec.fingerprint(), profile);
      srtpSender = new SrtpSender(server.ciphers.create(profile, keys.remoteKey(), keys.remoteSalt()), 64);
      srtpReceiver =
          new SrtpReceiver(profile, server.ciphers.create(profile, keys.localKey(), keys.localSalt()), 64);
      connected();
    }
  }

  private void receiveRtp(int length) {
    int plain = srtpReceiver == null ? -1 : srtpReceiver.unprotectRtp(memory, RECEIVED, length);
    if (plain < 0) {
      rejectedDatagrams++;
      return;
    }
    rtp(memory, RECEIVED, plain);
  }

  private void receiveRtcp(int length) {
    int plain = srtpReceiver == null ? -1 : srtpReceiver.unprotectRtcp(memory, RECEIVED, length);
    if (plain < 0) {
      rejectedDatagrams++;
      return;
    }
    if (!RtcpReader.read(memory, RECEIVED, plain, rtcp())) {
      throw new AssertionError("the server sent broken RTCP");
    }
  }

  /** Protects and sends a plain RTP packet; {@code arrived} hears when each copy of it reaches the server. */
  void sendRtp(byte[] packet, LongConsumer arrived) {
    sendRaw(protect(packet), arrived);
  }

  /** The SRTP packet of a plain RTP packet. */
  byte[] protect(byte[] packet) {
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, PLAIN, packet.length);
    int headerBytes = RtpHeader.headerBytes(memory, PLAIN, packet.length);
    int bytes = srtpSender.protectRtp(
        memory, PLAIN, headerBytes, PLAIN + headerBytes, packet.length - headerBytes, PROTECTED);
    if (bytes < 0) {
      throw new AssertionError("a client may not send a number twice");
    }
    return memory.asSlice(PROTECTED, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Writes RTCP into memory at an offset; returns the bytes written. */
  interface RtcpBody {
    int write(MemorySegment memory, long offset, int capacity);
  }

  void sendRtcp(RtcpBody body) {
    if (isConnected()) {
      int bytes = srtpSender.protectRtcp(memory, PROTECTED, body.write(memory, PROTECTED, 1200));
      sendRaw(memory.asSlice(PROTECTED, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Asks for the packets of a slot that are due to be asked for. */
  void askForMissing(SimSlot slot) {
    int[] missing = slot.requests(network.nowNanos()).stream().mapToInt(Integer::intValue).toArray();
    if (missing.length > 0) {
      sendRtcp((memory, offset, capacity) ->
          RtcpWriter.nack(memory, offset, capacity, 1, slot.ssrc, missing, missing.length));
    }
  }

  /** Calls the action in this interval as long as the session lives. */
  void every(long nanos, Runnable action) {
    network.after(nanos, () -> {
      if (!isClosed) {
        action.run();
        every(nanos, action);
      }
    });
  }

  /** What this client's wall clock shows; everybody's is wrong by something. */
  long wallNanos() {
    return SimServer.EPOCH_NANOS + network.nowNanos() + (spec.id() & 0xFF) * 3_600 * SECONDS;
  }

  /** Sends application data over DTLS. */
  void sendData(byte[] data) {
    sendRaw(SimDtls.record(data));
  }

  /** Application data came. */
  void data(byte[] data) {
    throw new AssertionError("this client agreed on no data channel");
  }

  abstract void connected();

  abstract void rtp(MemorySegment memory, long offset, int length);

  abstract RtcpVisitor rtcp();
}
