package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.PacketKind;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.ice.StunCodec;
import dev.tapedeck.media.core.room.CachedPackets;
import dev.tapedeck.media.core.room.RoomDirectory;
import dev.tapedeck.media.core.room.RoomEnvironment;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One core's whole SFU as one pure object: datagrams, commands and the time go in; datagrams go to the sink, events to
 * their queue. The same inputs give the same outputs. Owned by one thread.
 */
public final class Worker {
  private final WorkerConfig config;
  private final WorkerContext context;
  private final PacketArena arena;
  private final WorkerCounters counters;
  private final TimerHeap timers = new TimerHeap();
  private final PathTable paths = new PathTable();
  private final Map<Long, PeerSession> sessions = new HashMap<>();
  private final Map<Long, PeerSession> sessionsByUfrag = new HashMap<>();

  /** Sessions that are over, while their clients still take the last words. */
  private final Map<Long, PeerSession> departing = new HashMap<>();

  /** The request to end everything, once it has come; answered when nobody is departing any more. */
  private Optional<WorkerCommand.Shutdown> shutdown = Optional.empty();
  private final EgressSchedule egress;
  private final SessionEnvironment sessionEnvironment;
  private final RoomDirectory rooms;
  private final WorkerEvents events;

  public Worker(WorkerConfig config, WorkerContext context) {
    this.config = config;
    this.context = context;
    arena = context.arena();
    counters = context.counters();
    egress = new EgressSchedule(config.flushPackets(), config.flushWindowNanos());
    events = new WorkerEvents(context.events());
    sessionEnvironment = new SessionEnvironment(arena, context.sink(), timers, counters, context.ciphers(),
        context.dtls(), egress, new Registry(), context.random(),
        config.connectTimeoutNanos(), config.consentTimeoutNanos(), config.limits());
    RoomEnvironment roomEnvironment = new RoomEnvironment(arena, timers, counters, context.wallClock(), context.random(),
        context.joinGate(), new CachedPackets(arena, config.cacheAgeNanos()),
        config.videoCachePackets(), config.audioCachePackets(), config.limits());
    rooms = new RoomDirectory(roomEnvironment, context.tapeDeck(), events, config.destroyAfterNanos());
  }

  /**
   * One datagram.
   *
   * @param arrivalNanos when it reached this machine: about {@code nowNanos}, but measured more closely
   * @param socket       index of the local socket it came in on
   * @param high   first half of the remote address, see {@link Path}
   * @param slot   slot it lies in, from its first byte; the worker takes over the caller's reference.
   *               {@link PacketArena#NONE} if there was none for it, and its bytes are gone
   */
  public void receive(
      long nowNanos, long arrivalNanos, int socket, long high, long low, int port, int slot, int length) {
    counters.datagramsReceived++;
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
    PathTable.Binding binding = paths.find(socket, high, low, port);
    switch (PacketKind.of(arena.memory(), offset, length)) {
      case RTP -> {
        if (binding != null) {
          binding.session.handleRtp(nowNanos, arrivalNanos, slot, offset, length);
        } else {
          counters.drop(DropReason.UNKNOWN_PATH);
        }
      }
      case RTCP -> {
        if (binding != null) {
          binding.session.handleRtcp(nowNanos, arrivalNanos, offset, length);
        } else {
          counters.drop(DropReason.UNKNOWN_PATH);
        }
      }
      case STUN -> handleStun(nowNanos, binding, socket, high, low, port, offset, length);
      case DTLS -> {
        if (binding != null) {
          binding.session.handleDtls(nowNanos, offset, length);
        } else {
          counters.drop(DropReason.UNKNOWN_PATH);
        }
      }
      case UNKNOWN -> counters.drop(DropReason.UNKNOWN_KIND);
    }
  }

  /** Called after each batch of datagrams: sends what is full or has waited long enough. */
  public void endOfBatch(long nowNanos) {
    egress.flushDue(nowNanos);
  }

  public void handleTimeout(long nowNanos) {
    timers.fireDue(nowNanos);
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
    } catch (RuntimeException e) {
      events.tell(WorkerEvent.Answer.failed(
          command.request(), WorkerEvent.Outcome.FAILED, "the server failed; its log says why"));
      throw e;
    }
  }

  private void carryOut(long nowNanos, WorkerCommand command) {
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
      case WorkerCommand.PumpDtls pump -> {
        PeerSession session = sessions.getOrDefault(pump.session(), departing.get(pump.session()));
        if (session != null) {
          session.pumpDtls(nowNanos);
        }
      }
      case WorkerCommand.Drain drain -> {
        rooms.drain(nowNanos, drain.remainingNanos());
        events.tell(WorkerEvent.Answer.done(drain.request()));
      }
      case WorkerCommand.Shutdown last -> {
        for (PeerSession session : List.copyOf(sessions.values())) {
          session.close(nowNanos, CloseReason.SHUTDOWN);
        }
        rooms.closeAll(nowNanos);
        shutdown = Optional.of(last);
        answerShutdown();
      }
    }
    egress.flushDue(nowNanos);
  }

  private void answerShutdown() {
    if (departing.isEmpty()) {
      shutdown.ifPresent(last -> events.tell(WorkerEvent.Answer.done(last.request())));
    }
  }

  private void addSession(long nowNanos, WorkerCommand.AddSession add) {
    SessionSpec spec = add.spec();
    if (shutdown.isPresent()) {
      events.tell(WorkerEvent.Answer.failed(add.request(), WorkerEvent.Outcome.LIMIT,
          "this server is about to stop; connect to another"));
      return;
    }
    if (sessions.size() >= config.maxSessions()) {
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
    PeerSession session =
        new PeerSession(spec, sessionEnvironment, () -> context.wakeForDtls().accept(spec.id()), nowNanos);
    sessions.put(spec.id(), session);
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
      PathTable.Binding binding,
      int socket,
      long high,
      long low,
      int port,
      long offset,
      int length) {
    long ufrag = StunCodec.peekLocalUfrag(arena.memory(), offset, length);
    // A client may come back from the same address and port with a new session: the username decides, not the path.
    PeerSession session =
        binding != null && binding.session.ownsUfrag(ufrag) ? binding.session : sessionsByUfrag.get(ufrag);
    if (session == null) {
      counters.drop(DropReason.BAD_STUN);
      return;
    }
    Path path = binding != null ? binding.path : new Path(socket, high, low, port, address(high, low, port));
    session.handleStun(nowNanos, path, offset, length);
  }

  private void withSession(long request, long id, Function<PeerSession, WorkerEvent.Answer> action) {
    PeerSession session = sessions.get(id);
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
    }

    @Override
    public void pathRemoved(PeerSession session, Path path) {
      paths.unbind(path, session);
    }

    @Override
    public void ufragAdded(PeerSession session, long ufragKey) {
      sessionsByUfrag.put(ufragKey, session);
    }

    @Override
    public void ufragRetired(long ufragKey) {
      sessionsByUfrag.remove(ufragKey);
    }

    @Override
    public void connected(PeerSession session, long nowNanos) {
      events.tell(new WorkerEvent.SessionConnected(session.spec().app(), session.spec().id(),
          nowNanos - session.createdNanos(), session.path().remote().getAddress().getHostAddress()));
    }

    @Override
    public void closed(PeerSession session, long nowNanos, CloseReason reason) {
      SessionSpec spec = session.spec();
      sessions.remove(spec.id());
      departing.put(spec.id(), session);
      rooms.sessionClosed(nowNanos, session);
      events.tell(new WorkerEvent.SessionClosed(
          spec.app(), spec.id(), reason, session.wasConnected(), nowNanos - session.createdNanos()));
    }

    @Override
    public void gone(PeerSession session) {
      departing.remove(session.spec().id());
      sessionsByUfrag.values().removeIf(other -> other == session);
      paths.unbindAll(session);
      answerShutdown();
    }
  }
}
