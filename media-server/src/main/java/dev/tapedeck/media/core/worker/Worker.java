package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.PacketKind;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.ice.StunCodec;
import dev.tapedeck.media.core.room.CachedPackets;
import dev.tapedeck.media.core.room.RoomDirectory;
import dev.tapedeck.media.core.room.RoomEnvironment;
import dev.tapedeck.media.core.room.Traveller;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.session.SessionRegistry;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.SessionEnvironment;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.token.TokenFingerprint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One core's whole SFU as one pure object: datagrams, commands and the time go in; datagrams go to the sink, events to
 * their queue. The same inputs give the same outputs. Owned by one thread.
 */
public final class Worker {
  /** Sessions that end take less than this each, all at the same time; beyond it something has failed. */
  private static final long SHUTDOWN_NANOS = 6_000_000_000L;

  private final WorkerConfig config;
  private final WorkerContext context;
  private final PacketArena arena;
  private final WorkerCounters counters;
  private final TimerHeap timers = new TimerHeap();
  private final SessionTable sessions = new SessionTable();
  private final PathTable<PeerSession> paths = sessions.paths;
  private final Guests guests;
  private final EgressSchedule egress;
  private final SessionEnvironment sessionEnvironment;
  private final RoomDirectory rooms;
  private final WorkerEvents events;

  /** Sessions whose clients know our sockets, wherever they are. */
  private int ownSessions;

  /** Everybody who comes now is sent away. */
  private boolean isShutDown;

  /** Requests to end everything, until they are answered: when all clients have taken the last words. */
  private final List<WorkerCommand.Shutdown> shutdowns = new ArrayList<>();

  private final TimerHeap.Timer shutdownTimer = new TimerHeap.Timer(this::giveUpShutdowns);

  public Worker(WorkerConfig config, WorkerContext context) {
    this.config = config;
    this.context = context;
    arena = context.arena();
    counters = context.counters();
    guests = new Guests(context.colleagues(), counters);
    egress = new EgressSchedule(config.flushPackets(), config.flushWindowNanos());
    events = new WorkerEvents(context.events());
    sessionEnvironment = new SessionEnvironment(arena, context.sink(), timers, counters, context.ciphers(),
        context.dtls(), egress, new Registry(), context.random(),
        config.connectTimeoutNanos(), config.consentTimeoutNanos(), config.limits());
    RoomEnvironment roomEnvironment = new RoomEnvironment(arena, timers, counters, context.wallClock(), context.random(),
        context.joinGate(), new CachedPackets(arena, config.cacheAgeNanos()),
        config.videoCachePackets(), config.audioCachePackets(), config.limits());
    rooms = new RoomDirectory(
        roomEnvironment, context.colleagues(), context.tapeDeck(), events, config.destroyAfterNanos());
  }

  /**
   * One datagram.
   *
   * @param arrivalNanos when it reached this machine: about {@code nowNanos}, but measured more closely
   * @param socket       number of the local socket it came in on
   * @param high   first half of the remote address, see {@link Path}
   * @param slot   slot it lies in, from its first byte; the worker takes over the caller's reference.
   *               {@link PacketArena#NONE} if there was none for it, and its bytes are gone
   */
  public void receive(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    counters.datagramsReceived++;
    take(nowNanos, arrivalNanos, socket, high, low, port, slot, length);
  }

  /** As {@link #receive}, of a datagram that came in on another worker's socket and was passed on to this one. */
  public void receivePassedOn(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    take(nowNanos, arrivalNanos, socket, high, low, port, slot, length);
  }

  private void take(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    if (slot == PacketArena.NONE) {
      counters.drop(DropReason.ARENA_FULL);
      return;
    }
    try {
      dispatch(nowNanos, arrivalNanos, socket, high, low, port, slot, length);
    } finally {
      arena.release(slot);
    }
  }

  private void dispatch(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    long offset = PacketArena.offset(slot);
    PathTable.Binding<PeerSession> binding = paths.find(socket, high, low, port);
    switch (PacketKind.of(arena.memory(), offset, length)) {
      case RTP -> {
        if (binding != null) {
          binding.owner.handleRtp(nowNanos, arrivalNanos, slot, offset, length);
        } else {
          passOn(arrivalNanos, socket, high, low, port, offset, length);
        }
      }
      case RTCP -> {
        if (binding != null) {
          binding.owner.handleRtcp(nowNanos, arrivalNanos, offset, length);
        } else {
          passOn(arrivalNanos, socket, high, low, port, offset, length);
        }
      }
      case STUN -> handleStun(nowNanos, arrivalNanos, binding, socket, high, low, port, offset, length);
      case DTLS -> {
        if (binding != null) {
          binding.owner.handleDtls(nowNanos, offset, length);
        } else {
          passOn(arrivalNanos, socket, high, low, port, offset, length);
        }
      }
      case UNKNOWN -> counters.drop(DropReason.UNKNOWN_KIND);
    }
  }

  private void passOn(long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    if (!guests.passOn(arrivalNanos, socket, high, low, port, offset, length)) {
      counters.drop(DropReason.UNKNOWN_PATH);
    }
  }

  /** Called after each batch of datagrams: sends what is full or has waited long enough. */
  public void endOfBatch(long nowNanos) {
    settle(nowNanos);
  }

  public void handleTimeout(long nowNanos) {
    timers.fireDue(nowNanos);
    settle(nowNanos);
  }

  /** What is left to do when nothing is in the midst of anything. */
  private void settle(long nowNanos) {
    if (rooms.hasTravellers()) {
      rooms.takeTravellers().forEach(traveller -> send(nowNanos, traveller));
    }
    egress.flushDue(nowNanos);
  }

  /** When {@link #handleTimeout} has something to do, or {@link TimerHeap#NEVER}. */
  public long nextTimeoutNanos() {
    return Math.min(timers.nextNanos(), egress.nextFlushNanos());
  }

  /** Carries out a command; one that fails by a mistake of ours is answered, too, before the exception goes on. */
  public void handle(long nowNanos, WorkerCommand command) {
    try {
      carryOut(nowNanos, command);
    } catch (RuntimeException | Error e) {
      boolean isAnsweredLater = shutdowns.stream().anyMatch(last -> last.request() == command.request());
      if (!isAnsweredLater) {
        events.tell(WorkerEvent.Answer.failed(
            command.request(), WorkerEvent.Outcome.FAILED, "the server failed; its log says why"));
      }
      throw e;
    }
  }

  private void carryOut(long nowNanos, WorkerCommand command) {
    if (command instanceof WorkerCommand.ToSession asked && !sessions.has(asked.session()) && guests.passOn(asked)) {
      return;
    }
    switch (command) {
      case WorkerCommand.AddSession add -> addSession(nowNanos, add);
      case WorkerCommand.RestartIce restart -> withSession(restart.request(), restart.session(), session -> {
        session.restartIce(nowNanos, restart.local(), restart.remoteUfrag());
        return WorkerEvent.Answer.done(restart.request());
      });
      case WorkerCommand.RestartMeeting restart -> withSession(restart.request(), restart.session(),
          session -> restart(nowNanos, session, restart));
      case WorkerCommand.CloseSession close -> withSession(close.request(), close.session(), session -> {
        session.close(nowNanos, close.reason());
        return WorkerEvent.Answer.done(close.request());
      });
      case WorkerCommand.AssignSlots assign -> withSession(assign.request(), assign.session(), session -> {
        String error = rooms.assignSlots(nowNanos, session, assign.slots());
        return error.isEmpty()
            ? slots(assign.request(), session)
            : WorkerEvent.Answer.failed(assign.request(), WorkerEvent.Outcome.CONFLICT, error);
      });
      case WorkerCommand.ReadSlots read ->
          withSession(read.request(), read.session(), session -> slots(read.request(), session));
      case WorkerCommand.KickPeer kick -> kick(nowNanos, kick);
      case WorkerCommand.EndRevoked end -> {
        rooms.endStays(nowNanos, context.revocations()::isRevoked);
        events.tell(WorkerEvent.Answer.done(end.request()));
      }
      case WorkerCommand.MuteTrack mute -> answer(mute.request(),
          rooms.silence(nowNanos, mute.app(), mute.room(), mute.peer(), mute.track(), mute.muted()));
      case WorkerCommand.ReadStats read ->
          events.tell(WorkerEvent.Answer.done(read.request(), new WorkerEvent.Result.Stats(rooms.stats())));
      case WorkerCommand.CloseRoom close ->
          answer(close.request(), rooms.close(nowNanos, close.app(), close.room(), close.reason()));
      case WorkerCommand.StartRecording start -> answer(start.request(), start.room(),
          rooms.startRecording(nowNanos, start.app(), start.room(), start.policy()));
      case WorkerCommand.StopRecording stop ->
          answer(stop.request(), stop.room(), rooms.stopRecording(nowNanos, stop.app(), stop.room()));
      case WorkerCommand.PauseRecording pause -> answer(pause.request(), pause.room(),
          rooms.pauseRecording(nowNanos, pause.app(), pause.room(), pause.paused()));
      case WorkerCommand.ToGuest(int front, WorkerCommand.ToSession asked) -> {
        if (sessions.findAlsoEnded(asked.session()) != null) {
          carryOut(nowNanos, asked);
        } else {
          context.colleagues().tell(front, asked);
        }
      }
      case WorkerCommand.Adopt(int front, Traveller traveller) -> {
        if (guests.receive(front, traveller, !isShutDown)) {
          adopt(nowNanos, traveller);
        }
      }
      case WorkerCommand.Reach reach -> guests.reach(reach).forEach(sessions::unbind);
      case WorkerCommand.GuestEnded(long session) -> {
        guests.forget(session);
        ownSessions--;
      }
      case WorkerCommand.PumpDtls pump -> {
        PeerSession session = sessions.findAlsoEnded(pump.session());
        if (session != null) {
          session.pumpDtls(nowNanos);
        }
      }
      case WorkerCommand.Drain drain -> {
        rooms.drain(nowNanos, drain.remainingNanos());
        events.tell(WorkerEvent.Answer.done(drain.request()));
      }
      case WorkerCommand.Shutdown last -> {
        isShutDown = true;
        shutdowns.add(last);
        shutDown(nowNanos);
      }
    }
    settle(nowNanos);
  }

  /** Parts with a session that goes to a room of another worker. */
  private void send(long nowNanos, Traveller traveller) {
    PeerSession session = traveller.session();
    session.moveOut(nowNanos);
    egress.flushDue(nowNanos); // so that it is on no list of ours
    sessions.remove(session);
    guests.send(traveller);
  }

  private void adopt(long nowNanos, Traveller traveller) {
    PeerSession session = traveller.session();
    session.moveIn(sessionEnvironment, dtlsWake(session.spec()));
    sessions.add(session);
    rooms.receive(nowNanos, traveller);
    if (isShutDown) {
      turnAway(nowNanos, traveller, CloseReason.SHUTDOWN, "");
    } else if (traveller.join().token().filter(context.revocations()::isRevoked).isPresent()) {
      turnAway(nowNanos, traveller, CloseReason.KICKED, "the token was revoked");
    } else {
      rooms.fullness(session.spec().app(), traveller.join().room()).ifPresentOrElse(
          full -> turnAway(nowNanos, traveller, CloseReason.KICKED, full), () -> rooms.enter(nowNanos, traveller));
    }
    session.data().orElseThrow().resume(nowNanos);
    session.pumpDtls(nowNanos);
  }

  /** It was let in where it came from; what this worker alone knows forbids it. */
  private void turnAway(long nowNanos, Traveller traveller, CloseReason reason, String detail) {
    rooms.giveUp(traveller);
    traveller.session().close(nowNanos, reason, detail);
  }

  private Runnable dtlsWake(SessionSpec spec) {
    return () -> context.wakeForDtls().accept(spec.id());
  }

  /** Ends every session, then every room, whatever goes wrong with one of them. */
  private void shutDown(long nowNanos) {
    Attempts attempts = new Attempts();
    sessions.all().forEach(session -> attempts.make(() -> session.close(nowNanos, CloseReason.SHUTDOWN)));
    attempts.make(() -> rooms.closeAll(nowNanos));
    timers.schedule(shutdownTimer, nowNanos + SHUTDOWN_NANOS);
    answerShutdowns();
    attempts.throwFailure();
  }

  private void answerShutdowns() {
    if (sessions.isEmpty()) {
      shutdowns.forEach(last -> events.tell(WorkerEvent.Answer.done(last.request())));
      shutdowns.clear();
      timers.cancel(shutdownTimer);
    }
  }

  private void giveUpShutdowns(long nowNanos) {
    shutdowns.forEach(last -> events.tell(WorkerEvent.Answer.failed(
        last.request(), WorkerEvent.Outcome.FAILED, "not every session came to its end; the log says why")));
    shutdowns.clear();
  }

  private void addSession(long nowNanos, WorkerCommand.AddSession add) {
    SessionSpec spec = add.spec();
    if (isShutDown) {
      events.tell(WorkerEvent.Answer.failed(add.request(), WorkerEvent.Outcome.LIMIT,
          "this server is about to stop; connect to another"));
      return;
    }
    if (ownSessions >= config.maxSessions()) {
      counters.refuse(Limit.WORKER_SESSIONS);
      events.tell(WorkerEvent.Answer.failed(add.request(), WorkerEvent.Outcome.LIMIT,
          "this worker has its " + config.maxSessions() + " sessions; try again later, on another server,"
              + " or raise media.max-sessions"));
      return;
    }
    Optional<String> full = spec.join().flatMap(join -> rooms.fullness(spec.app(), join.room()));
    if (full.isPresent()) {
      events.tell(WorkerEvent.Answer.failed(add.request(), WorkerEvent.Outcome.FULL, full.get()));
      return;
    }
    if (spec.join().flatMap(Join::token).filter(context.revocations()::isRevoked).isPresent()) {
      // Looked at here again, because it may have been revoked while the request was on its way.
      events.tell(WorkerEvent.Answer.failed(add.request(), WorkerEvent.Outcome.REVOKED, "the token was revoked"));
      return;
    }
    PeerSession session = new PeerSession(spec, sessionEnvironment, dtlsWake(spec), nowNanos);
    sessions.add(session);
    ownSessions++;
    rooms.admit(nowNanos, session);
    events.tell(new WorkerEvent.SessionConnecting(spec.app(), spec.id(), spec.requestAddress()));
    events.tell(WorkerEvent.Answer.done(add.request()));
  }

  private WorkerEvent.Answer restart(long nowNanos, PeerSession session, WorkerCommand.RestartMeeting restart) {
    try {
      return rooms.restart(nowNanos, session, restart.reoffer())
          .map(sdp -> WorkerEvent.Answer.done(restart.request(), new WorkerEvent.Result.Sdp(sdp)))
          .orElseGet(() -> WorkerEvent.Answer.failed(
              restart.request(), WorkerEvent.Outcome.CONFLICT, "the token is for another room or peer"));
    } catch (SdpException e) {
      return WorkerEvent.Answer.failed(restart.request(), WorkerEvent.Outcome.INVALID, e.getMessage());
    }
  }

  private void handleStun(
      long nowNanos,
      long arrivalNanos,
      PathTable.Binding<PeerSession> binding,
      int socket,
      long high,
      long low,
      int port,
      long offset,
      int length) {
    long ufrag = StunCodec.peekLocalUfrag(arena.memory(), offset, length);
    // A client may come back from the same address and port with a new session: the username decides, not the path.
    PeerSession session =
        binding != null && binding.owner.ownsUfrag(ufrag) ? binding.owner : sessions.findByUfrag(ufrag);
    if (session == null) {
      if (!guests.passOnCheck(ufrag, arrivalNanos, socket, high, low, port, offset, length)) {
        counters.drop(DropReason.BAD_STUN);
      }
      return;
    }
    Path path = binding != null ? binding.path : new Path(socket, high, low, port, address(high, low, port));
    session.handleStun(nowNanos, path, offset, length);
  }

  private void withSession(long request, long id, Function<PeerSession, WorkerEvent.Answer> action) {
    PeerSession session = sessions.find(id);
    events.tell(session == null
        ? WorkerEvent.Answer.failed(request, WorkerEvent.Outcome.NOT_FOUND, "the session has ended")
        : action.apply(session));
  }

  private WorkerEvent.Answer slots(long request, PeerSession session) {
    return WorkerEvent.Answer.done(request, new WorkerEvent.Result.Slots(rooms.slots(session)));
  }

  /** All in one turn of this thread, so that whom it throws out does not come back with the same token. */
  private void kick(long nowNanos, WorkerCommand.KickPeer kick) {
    List<Join> stays = rooms.kick(nowNanos, kick.app(), kick.room(), kick.peer(), kick.reason());
    List<TokenFingerprint> tokens = stays.stream().flatMap(join -> join.token().stream()).distinct().toList();
    tokens.forEach(context.revocations()::revoke);
    if (stays.isEmpty()) {
      answer(kick.request(), false);
    } else {
      events.tell(WorkerEvent.Answer.done(kick.request(), new WorkerEvent.Result.Tokens(tokens)));
    }
  }

  private void answer(long request, String room, long recording) {
    events.tell(recording == 0
        ? WorkerEvent.Answer.failed(
            request, WorkerEvent.Outcome.NOT_FOUND, "no recording is open in room " + room)
        : WorkerEvent.Answer.done(request, new WorkerEvent.Result.Recording(recording)));
  }

  private void answer(long request, boolean found) {
    events.tell(found
        ? WorkerEvent.Answer.done(request)
        : WorkerEvent.Answer.failed(request, WorkerEvent.Outcome.NOT_FOUND, "there is no such room, peer or track here"));
  }

  private static InetSocketAddress address(long high, long low, int port) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> 56 - 8 * i);
      bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible); // sixteen bytes are always an address
    }
  }

  /** Keeps the worker's tables in step with its sessions. */
  private final class Registry implements SessionRegistry {
    @Override
    public void pathAdded(PeerSession session, Path path) {
      paths.bind(path, session);
      guests.tellReach(session);
    }

    @Override
    public void pathRemoved(PeerSession session, Path path) {
      paths.unbind(path, session);
      guests.tellReach(session);
    }

    @Override
    public void ufragAdded(PeerSession session, long ufragKey) {
      sessions.addUfrag(session, ufragKey);
      guests.tellReach(session);
    }

    @Override
    public void ufragRetired(PeerSession session, long ufragKey) {
      sessions.removeUfrag(ufragKey);
      guests.tellReach(session);
    }

    @Override
    public void connected(PeerSession session, long nowNanos) {
      events.tell(new WorkerEvent.SessionConnected(session.spec().app(), session.spec().id(),
          nowNanos - session.createdNanos(), session.path().remote().getAddress().getHostAddress()));
    }

    @Override
    public void closed(PeerSession session, long nowNanos, CloseReason reason) {
      SessionSpec spec = session.spec();
      sessions.end(session);
      if (!guests.isGuest(session)) {
        ownSessions--;
      }
      rooms.sessionClosed(nowNanos, session);
      events.tell(new WorkerEvent.SessionClosed(
          spec.app(), spec.id(), reason, session.wasConnected(), nowNanos - session.createdNanos()));
    }

    @Override
    public void gone(PeerSession session) {
      sessions.remove(session);
      guests.gone(session);
      answerShutdowns();
    }
  }
}
