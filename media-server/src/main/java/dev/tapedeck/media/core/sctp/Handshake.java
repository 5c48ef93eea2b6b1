package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.util.Optional;

/**
 * How an association comes to be (RFC 9260 §5): INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, either side first or both at
 * once, and anew when the peer has lost its state.
 */
final class Handshake {
  /** What a chunk led to. */
  enum Outcome {
    NOTHING,
    ESTABLISHED,
    /** The peer set up anew an association that was established. */
    RESTARTED
  }

  private static final int NANOS_PER_MICRO = 1000;

  /** One parameter is missing, and its type (RFC 9260 §3.3.10.2). */
  private static final byte[] MISSING_COOKIE = {0, 0, 0, 1, 0, ParameterType.STATE_COOKIE};

  private final ControlBlock block;
  private final CookieSigner signer;
  private final InitCodec codec = new InitCodec();

  /** T1-init and T1-cookie: never both. */
  private final RetryTimer t1 = new RetryTimer();

  private byte[] peerCookie = {};

  Handshake(ControlBlock block) {
    this.block = block;
    signer = new CookieSigner(block.random);
  }

  void connect(long nowNanos) {
    if (block.state == AssociationState.CLOSED) {
      block.state = AssociationState.COOKIE_WAIT;
      codec.writeInit(block.outbox, block.local);
      t1.start(nowNanos, delayNanos());
    }
  }

  long deadlineNanos() {
    return t1.deadlineNanos();
  }

  void handleTimeout(long nowNanos) {
    if (!t1.expire(nowNanos)) {
      return;
    }
    if (t1.expirations() > block.config.times().maxInitRetransmits()) {
      block.close(SctpCloseReason.NOT_ESTABLISHED, "no answer in state " + block.state);
      return;
    }
    if (block.state == AssociationState.COOKIE_WAIT) {
      codec.writeInit(block.outbox, block.local);
    } else {
      sendCookie();
    }
    long delayNanos = delayNanos() << Math.min(t1.expirations(), 16);
    t1.startAgain(nowNanos, Math.min(delayNanos, block.config.times().maxRtoNanos()));
  }

  private long delayNanos() {
    return block.config.times().initialRtoNanos();
  }

  /** The INIT stood alone in a packet with tag 0, which the caller has checked. */
  void onInit(long nowNanos, Tlv chunk) {
    InitCodec.Result result = codec.read(chunk);
    if (result == InitCodec.Result.MALFORMED) {
      block.drop(SctpDropReason.MALFORMED);
      return;
    }
    Endpoint peer = codec.endpoint();
    if (result == InitCodec.Result.INVALID) {
      block.drop(SctpDropReason.MALFORMED);
      refuse(peer.tag());
      return;
    }
    switch (block.state) {
      case CLOSED, COOKIE_WAIT -> answer(nowNanos, block.local, peer, 0, 0);
      case COOKIE_ECHOED -> answer(nowNanos, block.local, peer, block.local.tag(), block.peer.tag());
      case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED ->
          answer(nowNanos, block.freshLocal(), peer, block.local.tag(), block.peer.tag());
      case SHUTDOWN_ACK_SENT -> block.outbox.begin(ChunkType.SHUTDOWN_ACK, 0, 0); // §9.2
    }
  }

  private void refuse(int tag) {
    int at = block.outbox.beginAlone(tag, ChunkType.ABORT, 0, Tlv.HEADER_BYTES);
    block.outbox.parameter(at, CauseCode.INVALID_PARAMETER, 0);
    block.outbox.endAlone();
  }

  private void answer(long nowNanos, Endpoint local, Endpoint peer, int localTieTag, int peerTieTag) {
    StateCookie cookie = new StateCookie(nowNanos, local, peer, localTieTag, peerTieTag);
    codec.writeInitAck(block.outbox, peer.tag(), local, signer.sign(cookie), codec.unrecognized());
  }

  void onInitAck(long nowNanos, Tlv chunk) {
    if (block.state != AssociationState.COOKIE_WAIT) {
      block.drop(SctpDropReason.UNEXPECTED);
      return;
    }
    if (codec.read(chunk) != InitCodec.Result.READ) {
      block.drop(SctpDropReason.MALFORMED);
      return; // T1 asks again
    }
    block.setPeer(codec.endpoint());
    if (codec.cookie().length == 0) {
      block.abort(SctpCloseReason.PROTOCOL_VIOLATION, CauseCode.MISSING_PARAMETER, MISSING_COOKIE,
          "INIT ACK without a state cookie");
      return;
    }
    peerCookie = codec.cookie();
    if (peerCookie.length > block.outbox.maxValueBytes()) {
      block.abort(SctpCloseReason.OUT_OF_RESOURCE, CauseCode.OUT_OF_RESOURCE, "cookie longer than a packet");
      return;
    }
    block.state = AssociationState.COOKIE_ECHOED;
    sendCookie();
    for (byte[] parameter : codec.unrecognized()) {
      block.reportError(CauseCode.UNRECOGNIZED_PARAMETERS, parameter);
    }
    t1.start(nowNanos, delayNanos());
  }

  private void sendCookie() {
    int at = block.outbox.begin(ChunkType.COOKIE_ECHO, 0, peerCookie.length);
    block.outbox.put(at, peerCookie, 0, peerCookie.length);
  }

  Outcome onCookieAck() {
    if (block.state != AssociationState.COOKIE_ECHOED) {
      return Outcome.NOTHING; // §5.2.5
    }
    return establish();
  }

  private Outcome establish() {
    t1.stop();
    peerCookie = new byte[0];
    block.state = AssociationState.ESTABLISHED;
    return Outcome.ESTABLISHED;
  }

  /** Our cookie was too old when it came back: begin again (RFC 9260 §5.2.6). The retries before still count. */
  void onStaleCookie(long nowNanos) {
    if (block.state == AssociationState.COOKIE_ECHOED) {
      block.state = AssociationState.COOKIE_WAIT;
      codec.writeInit(block.outbox, block.local);
      t1.startAgain(nowNanos, delayNanos());
    }
  }

  /** @param tag of the packet it came in */
  Outcome onCookieEcho(long nowNanos, Tlv chunk, int tag) {
    Optional<StateCookie> opened = signer.open(chunk.value(0));
    if (opened.isEmpty()) {
      block.drop(SctpDropReason.BAD_COOKIE);
      return Outcome.NOTHING;
    }
    StateCookie cookie = opened.get();
    if (cookie.local().tag() != tag) {
      block.drop(SctpDropReason.WRONG_TAG);
      return Outcome.NOTHING;
    }
    boolean isOurTag = cookie.local().tag() == block.local.tag();
    boolean isPeersTag = block.peer != null && cookie.peer().tag() == block.peer.tag();
    if (isOurTag && isPeersTag) {
      return onKnownCookie(); // action D of §5.2.4; its age does not matter (§5.1.5)
    }
    if (isStale(nowNanos, cookie)) {
      return Outcome.NOTHING;
    }
    if (isOurTag) {
      return onNewPeer(cookie); // the first cookie, or action B
    }
    if (!isPeersTag && isOfThisAssociation(cookie)) {
      return onRestart(cookie); // action A
    }
    block.drop(SctpDropReason.BAD_COOKIE); // action C, and all the rest
    return Outcome.NOTHING;
  }

  private boolean isOfThisAssociation(StateCookie cookie) {
    return block.state.isEstablished() && cookie.hasTieTags()
        && cookie.localTieTag() == block.local.tag() && cookie.peerTieTag() == block.peer.tag();
  }

  private boolean isStale(long nowNanos, StateCookie cookie) {
    long lateNanos = nowNanos - cookie.createdNanos() - block.config.times().cookieLifetimeNanos();
    if (lateNanos <= 0) {
      return false;
    }
    block.drop(SctpDropReason.BAD_COOKIE);
    int at = block.outbox.beginAlone(cookie.peer().tag(), ChunkType.ERROR, 0, Tlv.HEADER_BYTES + 4);
    at = block.outbox.parameter(at, CauseCode.STALE_COOKIE, 4);
    Bytes.put32(block.outbox.memory(), at, (int) Math.min(lateNanos / NANOS_PER_MICRO, 0xFFFF_FFFFL));
    block.outbox.endAlone();
    return true;
  }

  private Outcome onKnownCookie() {
    Outcome outcome = block.state.isEstablished() ? Outcome.NOTHING : establish();
    sendCookieAck();
    return outcome;
  }

  private Outcome onNewPeer(StateCookie cookie) {
    if (block.state.isEstablished()) {
      // A peer that names itself differently in INIT and INIT ACK; its data goes on as it was.
      Endpoint known = block.peer;
      block.setPeer(new Endpoint(cookie.peer().tag(), known.initialTsn(), known.windowBytes(),
          known.outboundStreams(), known.inboundStreams(), known.features()));
      sendCookieAck();
      return Outcome.NOTHING;
    }
    block.setPeer(cookie.peer());
    sendCookieAck();
    return establish();
  }

  private Outcome onRestart(StateCookie cookie) {
    if (block.state == AssociationState.SHUTDOWN_ACK_SENT) {
      block.outbox.begin(ChunkType.SHUTDOWN_ACK, 0, 0);
      block.reportError(CauseCode.COOKIE_DURING_SHUTDOWN, new byte[0]);
      return Outcome.NOTHING;
    }
    block.local = cookie.local();
    block.setPeer(cookie.peer());
    sendCookieAck();
    establish();
    return Outcome.RESTARTED;
  }

  private void sendCookieAck() {
    block.outbox.begin(ChunkType.COOKIE_ACK, 0, 0);
  }
}
