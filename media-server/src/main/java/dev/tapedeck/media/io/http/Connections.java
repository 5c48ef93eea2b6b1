package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.sdp.AnswerParams;
import dev.tapedeck.media.core.sdp.IceCandidate;
import dev.tapedeck.media.core.sdp.MediaDescription;
import dev.tapedeck.media.core.sdp.Negotiated;
import dev.tapedeck.media.core.sdp.OfferAnswer;
import dev.tapedeck.media.core.sdp.SdpParser;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.net.RoomHomes;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenClaims;
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
  private final Fingerprint fingerprint;
  private final List<InetAddress> advertised;
  private final SecureRandom random;
  private final Map<String, Connection> byName = new ConcurrentHashMap<>();
  private final Map<Long, String> names = new ConcurrentHashMap<>();

  /** @param advertised addresses clients reach us by besides those the sockets are bound to, such as a NAT's */
  public Connections(
      WorkerGroup workers, Fingerprint fingerprint, List<InetAddress> advertised, SecureRandom random) {
    this.workers = workers;
    this.fingerprint = fingerprint;
    this.advertised = List.copyOf(advertised);
    this.random = random;
  }

  /**
   * Answers an offer and starts the session.
   *
   * @param requestAddress see {@link SessionSpec#requestAddress}
   * @param watchedPeer    see {@link SessionSpec#watchedPeer}
   * @throws dev.tapedeck.media.core.sdp.SdpException when the offer cannot be answered
   */
  Connection create(
      SessionSpec.Role role, TokenClaims claims, String offer, String requestAddress, String watchedPeer) {
    try (RoomHomes.Home home = workers.home(claims.app(), claims.requireRoom())) {
      return create(home.worker(), role, claims, offer, requestAddress, watchedPeer);
    }
  }

  private Connection create(
      int worker, SessionSpec.Role role, TokenClaims claims, String offer, String requestAddress, String watchedPeer) {
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
    Join join = new Join(session, room, peer, publishes && claims.record() && !claims.recordExclude(),
        claims.recordExclude(), claims.recordPolicy(), Presence.of(claims.extraData()));
    SessionSpec spec = new SessionSpec(session, name, role, claims.app(), Optional.of(join), local,
        negotiated.remoteUfrag(), negotiated.remoteFingerprint(), agreedOnReducedSize(negotiated), negotiated.media(),
        requestAddress, watchedPeer, Optional.empty(), Optional.empty());
    Connection connection = new Connection(spec, worker, negotiated, publishes ? "whip" : "whep");
    byName.put(name, connection);
    names.put(session, name);
    WorkerEvent.Answer answer = workers.ask(worker, request -> new WorkerCommand.AddSession(request, spec));
    if (answer.outcome() != WorkerEvent.Outcome.DONE) {
      forget(session);
      throw problem(answer);
    }
    return connection;
  }

  /** The live connection of this name, or a 404. */
  Connection require(String name, SessionSpec.Role role) {
    Connection connection = byName.get(name);
    if (connection == null || connection.spec.role() != role) {
      throw new HttpProblem(404, "connection_not_found", "there is no such connection; it may have ended, connect anew");
    }
    return connection;
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
      byName.remove(name);
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
      case CONFLICT -> new HttpProblem(409, "conflict", answer.error());
      case FAILED -> new HttpProblem(500, "internal_error", answer.error());
      case LIMIT, DONE -> new HttpProblem(503, "limit_reached", answer.error());
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
