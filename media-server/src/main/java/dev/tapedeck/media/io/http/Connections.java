package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpLimits;
import dev.tapedeck.media.core.sdp.AnswerParams;
import dev.tapedeck.media.core.sdp.IceCandidate;
import dev.tapedeck.media.core.sdp.MediaDescription;
import dev.tapedeck.media.core.sdp.Negotiated;
import dev.tapedeck.media.core.sdp.OfferAnswer;
import dev.tapedeck.media.core.sdp.SctpDescription;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.sdp.SdpParser;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Meeting;
import dev.tapedeck.media.core.session.Negotiation;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.Reoffer;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.net.RoomHomes;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.session.JoinRole;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * The HTTP resources of live sessions: makes a session from an offer, finds it again by its unguessable name, forgets it
 * when the worker says it has ended. Used by request threads.
 */
public final class Connections {
  /** 144 bits that nobody guesses (RFC 9725 §5). */
  private static final int NAME_BYTES = 18;

  private final WorkerGroup workers;
  private final TokenJoinGate gate;
  private final Fingerprint fingerprint;
  private final List<InetAddress> advertised;
  private final SecureRandom random;
  private final Admission admission;
  private final Limits limits;
  private final SctpConfig sctp;
  private final Map<String, Connection> byName = new ConcurrentHashMap<>();
  private final Map<Long, String> names = new ConcurrentHashMap<>();

  /**
   * @param advertised addresses clients reach us by besides those the sockets are bound to, such as a NAT's
   * @param sctp       our side of data channels
   */
  public Connections(
      WorkerGroup workers,
      TokenJoinGate gate,
      Fingerprint fingerprint,
      List<InetAddress> advertised,
      SecureRandom random,
      Admission admission,
      Limits limits,
      SctpLimits sctp) {
    this.workers = workers;
    this.gate = gate;
    this.fingerprint = fingerprint;
    this.advertised = List.copyOf(advertised);
    this.random = random;
    this.admission = admission;
    this.limits = limits;
    this.sctp = SctpConfig.defaults().withLimits(sctp);
  }

  /**
   * Answers an offer and starts the session.
   *
   * @param requestAddress see {@link SessionSpec#requestAddress}
   * @param watchedPeer    see {@link SessionSpec#watchedPeer}
   * @param visibility     of a watcher; a publisher is always shown
   * @throws dev.tapedeck.media.core.sdp.SdpException when the offer cannot be answered
   */
  Connection create(
      SessionSpec.Role role,
      TokenClaims claims,
      String offer,
      String requestAddress,
      String watchedPeer,
      Visibility visibility) {
    if (!gate.grants(claims, visibility, claims.requireRoom(), claims.peer().orElse(""))) {
      throw new HttpProblem(403, "not_granted", TokenJoinGate.refusal(visibility) + "; ask the app for one that has");
    }
    try (RoomHomes.Home home = enter(claims.app(), claims.requireRoom())) {
      return create(home.worker(), role, claims, offer, requestAddress, watchedPeer, visibility);
    }
  }

  private RoomHomes.Home enter(String app, String room) {
    return workers.enter(app, room).orElseThrow(() -> {
      admission.refusals.count(Limit.ROOMS);
      return new HttpProblem(503, "limit_reached", "this server has its " + limits.rooms()
          + " rooms; connect to another, try again later, or raise limits.rooms", HttpProblem.RETRY_SECONDS);
    });
  }

  private Connection create(
      int worker,
      SessionSpec.Role role,
      TokenClaims claims,
      String offer,
      String requestAddress,
      String watchedPeer,
      Visibility visibility) {
    String room = claims.requireRoom();
    String name = name();
    String peer = claims.peer().orElse("whep-" + name.substring(0, 8));
    long session = Ids.draw(random);
    IceCredentials local = IceCredentials.create(random);
    boolean publishes = role == SessionSpec.Role.PUBLISH;
    Negotiated negotiated = OfferAnswer.negotiate(SdpParser.parse(offer), new AnswerParams(
        publishes ? AnswerParams.Role.PUBLISH : AnswerParams.Role.WATCH,
        local, fingerprint, candidates(worker), session, 1, name.substring(0, 16), this::ssrc,
        Optional.empty()));
    requireTracks((int) negotiated.media().stream().filter(media -> !media.isRejected()).count());
    Join join = new Join(session, room, peer, publishes && claims.record() && !claims.recordExclude(),
        claims.recordExclude(), claims.recordPolicy(), visibility.isHidden()
            ? Presence.hidden(visibility, claims.extraData())
            : Presence.of(claims.extraData()), Optional.of(claims.fingerprint()));
    SessionSpec spec = new SessionSpec(session, name, role, claims.app(), Optional.of(join), local,
        negotiated.remoteUfrag(), negotiated.remoteFingerprint(), agreedOnReducedSize(negotiated), negotiated.media(),
        requestAddress, watchedPeer, Optional.empty(), Optional.empty());
    Connection connection = new Connection(spec, worker, negotiated, publishes ? "whip" : "whep");
    start(connection, claims, "");
    return connection;
  }

  private void requireTracks(int tracks) {
    if (tracks > limits.sessionTracks()) {
      admission.refusals.count(Limit.SESSION_TRACKS);
      throw new HttpProblem(400, "too_many_tracks", "the offer has " + tracks + " tracks; offer "
          + limits.sessionTracks() + " at most, or raise limits.session-tracks");
    }
  }

  /**
   * Answers the offer of a client that speaks the session protocol, and starts its session.
   *
   * @param before name of the connection it comes from, "" for none
   * @throws dev.tapedeck.media.core.sdp.SdpException when the offer cannot be answered
   */
  Connection meet(TokenClaims claims, ConnectRequest request, String requestAddress, String before) {
    requireTracks(Math.max(request.getTracks().getSendersCount(), request.getTracks().getReceiversCount()));
    if (!request.hasJoin()) {
      return meet(workers.leastLoaded(), claims, request, Optional.empty(), requestAddress, before);
    }
    requireSilence(request);
    Join join = switch (gate.decide(claims, request.getJoin(), Ids.draw(random))) {
      case JoinGate.Decision.Granted granted -> granted.join();
      case JoinGate.Decision.Refused refused -> throw refused.error() == SdkError.NOT_GRANTED
          ? new WebrtcHandler.SdkProblem(403, refused.why())
          : new WebrtcHandler.SdkProblem(refused.error());
    };
    try (RoomHomes.Home home = enter(claims.app(), join.room())) {
      return meet(home.worker(), claims, request, Optional.of(join), requestAddress, before);
    }
  }

  /** What is sent tells who is there. */
  private static void requireSilence(ConnectRequest request) {
    JoinRole role = request.getJoin().getRole();
    if (TokenJoinGate.visibility(role.getHidden(), role.getRecorder()).isHidden()
        && request.getTracks().getSendersList().stream().anyMatch(sender -> sender.getState().hasSource())) {
      throw new WebrtcHandler.SdkProblem(403, "who is hidden sends nothing: leave out the sources of the senders");
    }
  }

  private Connection meet(
      int worker,
      TokenClaims claims,
      ConnectRequest request,
      Optional<Join> join,
      String requestAddress,
      String before) {
    String name = name();
    long session = join.map(Join::session).orElseGet(() -> Ids.draw(random));
    IceCredentials local = IceCredentials.create(random);
    Negotiation negotiation = new Negotiation(new AnswerParams(AnswerParams.Role.MEET, local, fingerprint,
        candidates(worker), session, 1, name.substring(0, 16), this::ssrc,
        Optional.of(new SctpDescription(sctp.localPort(), sctp.limits().maxMessageBytes()))), request.getSdp());
    Negotiated negotiated = negotiation.agreed();
    SctpDescription remote = negotiated.remoteSctp().orElseThrow(() ->
        new SdpException("the offer has no data channel; the session protocol needs one, negotiated with id 0"));
    SessionSpec spec = new SessionSpec(session, name, SessionSpec.Role.MEET, claims.app(), join, local,
        negotiated.remoteUfrag(), negotiated.remoteFingerprint(), agreedOnReducedSize(negotiated), negotiated.media(),
        requestAddress, "", Optional.of(sctp.withPeer(remote.port(), remote.maxMessageBytes())),
        Optional.of(new Meeting(negotiation, request.getTracks(), request.getJoin().getFeatures())));
    Connection connection = new Connection(spec, worker, negotiated, "webrtc");
    start(connection, claims, before);
    return connection;
  }

  private void start(Connection connection, TokenClaims claims, String before) {
    SessionSpec spec = connection.spec;
    admission.tokens.require(claims, spec.connection(), before);
    try {
      admission.sessions.take(spec.app());
      start(connection);
    } catch (RuntimeException e) {
      admission.tokens.giveBack(claims, spec.connection(), before);
      throw e;
    }
  }

  private void start(Connection connection) {
    SessionSpec spec = connection.spec;
    byName.put(spec.connection(), connection);
    names.put(spec.id(), spec.connection());
    try {
      ask(connection, request -> new WorkerCommand.AddSession(request, spec));
    } catch (RuntimeException e) {
      forget(spec.id());
      // A worker that did not answer in time may make the session yet, and nobody would know of it.
      workers.tell(connection.worker,
          request -> new WorkerCommand.CloseSession(request, spec.id(), CloseReason.CONNECT_TIMEOUT));
      throw e;
    }
  }

  /** Restarts ICE of a session with a new offer; returns the answer, empty if the session has just ended. */
  Optional<String> restart(Connection connection, TokenClaims claims, ConnectRequest request) {
    IceCredentials local = IceCredentials.create(random);
    WorkerEvent.Answer answer = workers.ask(connection.worker, number -> new WorkerCommand.RestartMeeting(number,
        connection.spec.id(), new Reoffer(claims.room(), claims.peer(), local, request.getTracks(), request.getSdp())));
    return switch (answer.outcome()) {
      case DONE -> Optional.of(answer.sdp());
      case NOT_FOUND -> Optional.empty();
      case CONFLICT -> throw new WebrtcHandler.SdkProblem(403, answer.error());
      case INVALID -> throw new WebrtcHandler.SdkProblem(SdkError.INVALID_SDP);
      default -> throw problem(answer);
    };
  }

  Optional<Connection> find(String name, SessionSpec.Role role) {
    return Optional.ofNullable(byName.get(name)).filter(connection -> connection.spec.role() == role);
  }

  /** The live connection of this name, or a 404. */
  Connection require(String name, SessionSpec.Role role) {
    return find(name, role).orElseThrow(() -> new HttpProblem(
        404, "connection_not_found", "there is no such connection; it may have ended, connect anew"));
  }

  /** New ICE credentials for a live session; returns ours. */
  IceCredentials restartIce(Connection connection, String remoteUfrag) {
    IceCredentials local = IceCredentials.create(random);
    ask(connection, request ->
        new WorkerCommand.RestartIce(request, connection.spec.id(), local, remoteUfrag));
    connection.restarted(remoteUfrag);
    return local;
  }

  void close(Connection connection) {
    ask(connection, request ->
        new WorkerCommand.CloseSession(request, connection.spec.id(), CloseReason.LEFT));
  }

  /** Asks the connection's worker; anything but success becomes the fitting status. */
  WorkerEvent.Answer ask(Connection connection, LongFunction<WorkerCommand> command) {
    WorkerEvent.Answer answer = workers.ask(connection.worker, command);
    if (answer.outcome() != WorkerEvent.Outcome.DONE) {
      throw problem(answer);
    }
    return answer;
  }

  /** Host candidates of a worker: its own addresses, then the advertised ones with the same port. */
  List<IceCandidate> candidates(int worker) {
    List<InetSocketAddress> addresses = new ArrayList<>(workers.addresses(worker));
    int port = addresses.getFirst().getPort();
    for (InetAddress address : advertised) {
      InetSocketAddress candidate = new InetSocketAddress(address, port);
      if (!addresses.contains(candidate)) {
        addresses.add(candidate);
      }
    }
    return IceCandidate.hosts(addresses);
  }

  /** The worker has ended this session. */
  public void forget(long session) {
    String name = names.remove(session);
    if (name != null) {
      admission.sessions.giveBack(byName.remove(name).spec.app());
    }
  }

  public int count() {
    return byName.size();
  }

  private static boolean agreedOnReducedSize(Negotiated negotiated) {
    return negotiated.answer().media().stream()
        .filter(line -> line.port() > 0 && line.isRtp())
        .allMatch(MediaDescription::rtcpRsize);
  }

  private static HttpProblem problem(WorkerEvent.Answer answer) {
    return switch (answer.outcome()) {
      case NOT_FOUND -> new HttpProblem(404, "not_found", answer.error());
      case CONFLICT, INVALID -> new HttpProblem(409, "conflict", answer.error());
      case REVOKED -> new HttpProblem(401, "unauthorized", answer.error());
      case FAILED -> new HttpProblem(500, "internal_error", answer.error());
      case LIMIT, DONE -> new HttpProblem(503, "limit_reached", answer.error(), HttpProblem.RETRY_SECONDS);
      case FULL -> new HttpProblem(429, "limit_reached", answer.error(), HttpProblem.RETRY_SECONDS);
    };
  }

  private String name() {
    byte[] bytes = new byte[NAME_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private long ssrc() {
    return Integer.toUnsignedLong(random.nextInt(1, Integer.MAX_VALUE));
  }
}
