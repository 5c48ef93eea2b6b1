package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;

import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.WallClock;
import dev.tapedeck.media.core.room.Slot;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.room.UnfinishedRecordings;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SdkError;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.media.core.worker.Worker;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerContext;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/** Real workers with their arenas, around which only time, sockets and DTLS are simulated. */
final class SimServer {
  /** 2026-01-01T00:00:00Z at the monotonic moment 0. */
  static final long EPOCH_NANOS = 1_767_225_600L * SECONDS;

  static final int PACKET_SLOTS = 8192;
  static final long GRACE_NANOS = 15 * SECONDS;
  private static final int OUTPUT_BYTES = 2048;

  /** One worker with what surrounds it. */
  final class Node {
    final PacketArena arena = new PacketArena(Arena.ofAuto(), PACKET_SLOTS, OUTPUT_BYTES);
    final WorkerCounters counters = new WorkerCounters();
    final List<WorkerEvent> events = new ArrayList<>();
    final Worker worker;
    final int number;

    /** Datagrams of other workers that have not been taken yet. */
    int passedOnWaiting;

    private long timerNanos = TimerHeap.NEVER;

    private Node(int number, int workers, WorkerConfig config, SplittableRandom random) {
      this.number = number;
      SimDtls.Factory dtls = new SimDtls.Factory(network, () -> dtlsHangs.getAsBoolean());
      WallClock wallClock = nowNanos -> EPOCH_NANOS + nowNanos;
      TapeDeck deck = new TapeDeck(1, RecordLimits.DEFAULT, tapes, wallClock, random, GRACE_NANOS,
          (app, room, wantsTape) -> unfinished.take(app, room, wantsTape));
      worker = new Worker(config, new WorkerContext(arena, new CopyingSink(arena), counters, ciphers, dtls, deck,
          wallClock, random, gate, new SimColleagues(network, SimServer.this, number, workers), revocations,
          events::add, session -> handle(new WorkerCommand.PumpDtls(session))));
    }

    void receive(SimAddress from, byte[] datagram) {
      worker.receive(network.nowNanos(), network.nowNanos(), number, 0, from.low(), from.port(), slot(datagram),
          datagram.length);
      worker.endOfBatch(network.nowNanos());
      planTimer();
    }

    void receivePassedOn(long arrivalNanos, int socket, long low, int port, byte[] datagram) {
      passedOnWaiting--;
      worker.receivePassedOn(
          network.nowNanos(), arrivalNanos, socket, 0, low, port, slot(datagram), datagram.length);
      worker.endOfBatch(network.nowNanos());
      planTimer();
    }

    private int slot(byte[] datagram) {
      int slot = arena.allocate();
      if (slot != PacketArena.NONE) {
        MemorySegment.copy(
            datagram, 0, arena.memory(), ValueLayout.JAVA_BYTE, PacketArena.offset(slot), datagram.length);
      }
      return slot;
    }

    void handle(WorkerCommand command) {
      worker.handle(network.nowNanos(), command);
      planTimer();
    }

    WorkerEvent.Answer ask(LongFunction<WorkerCommand> command) {
      long request = ++requests;
      handle(command.apply(request));
      network.runUntil(() -> answer(request).isPresent(), SECONDS); // another worker may have to answer
      return answer(request).orElseThrow();
    }

    private Optional<WorkerEvent.Answer> answer(long request) {
      return nodes.stream().flatMap(node -> node.events(WorkerEvent.Answer.class).stream())
          .filter(answer -> answer.request() == request)
          .findFirst();
    }

    /** Events of one kind, in order. */
    <T extends WorkerEvent> List<T> events(Class<T> kind) {
      return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void planTimer() {
      long next = worker.nextTimeoutNanos();
      if (next < timerNanos) {
        timerNanos = next;
        network.at(next, () -> fire(next));
      }
    }

    private void fire(long planned) {
      if (planned != timerNanos) {
        return; // an earlier one took its place
      }
      timerNanos = TimerHeap.NEVER;
      if (worker.nextTimeoutNanos() <= network.nowNanos()) {
        worker.handleTimeout(network.nowNanos());
      }
      planTimer();
    }
  }

  /** What the workers tape, all together. */
  UnfinishedRecordings unfinished = UnfinishedRecordings.NONE;
  final SimTapes tapes = new SimTapes();

  final SimRevocations revocations = new SimRevocations();

  final SrtpCipherFactory ciphers = CipherChoice.choose(Optional.empty());
  private final SimNetwork network;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Node> homes = new HashMap<>();
  private final Map<SimAddress, SimClient> clients = new HashMap<>();
  private long requests;

  /** Rooms that are given a worker on a join over a data channel. */
  int maxRooms = Integer.MAX_VALUE;

  /** Whether a DTLS association that is closed never comes to its end. */
  BooleanSupplier dtlsHangs = () -> false;

  /** In how many messages all of it left. */
  final SimMessages messages = new SimMessages();

  /** How often workers hold on to the homes of rooms now. */
  int holds;

  /** Datagrams of other workers that each can queue. */
  int inboxDatagrams = 512;
  private boolean isDiscarding;

  SimServer(SimNetwork network, int workers, WorkerConfig config) {
    this.network = network;
    for (int i = 0; i < workers; i++) {
      nodes.add(new Node(i, workers, config, new SplittableRandom(network.seed + i)));
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Stays that were granted and did not begin. */
  final List<Join> givenBack = new ArrayList<>();

  private final JoinGate gate = new JoinGate() {
    @Override
    public Decision decide(String app, String connection, RoomJoin info, String token) {
      return SimServer.decide(info, token);
    }

    @Override
    public void giveBack(String app, String connection, Join join) {
      givenBack.add(join);
    }
  };

  /** Lets everybody in whose token is the id of the stay, negative for one that is not taped. */
  private static JoinGate.Decision decide(RoomJoin info, String token) {
    return !token.matches("-?[1-9][0-9]{0,15}")
        ? new JoinGate.Decision.Refused(SdkError.TOKEN_INVALID, token)
        : new JoinGate.Decision.Granted(new Join(Math.abs(Long.parseLong(token)), info.getRoom(), info.getPeer(),
            !token.startsWith("-"), false, Optional.empty(), presence(info)));
  }

  private static Presence presence(RoomJoin info) {
    return info.getRole().getHidden() || info.getRole().getRecorder()
        ? Presence.hidden(info.getRole().getRecorder() ? Visibility.RECORDER : Visibility.HIDDEN, Optional.empty())
        : new Presence(info.getPublish().getPeer(), info.getPublish().getTracks(),
            info.getSubscribe().getPeers(), info.getSubscribe().getTracks(),
            info.hasMetadata() ? Optional.of(info.getMetadata()) : Optional.empty(), Optional.empty());
  }

  /** The worker of this room; rooms without one are dealt out in turn. */
  Node home(String room) {
    return homes.computeIfAbsent(room, name -> nodes.get(homes.size() % nodes.size()));
  }

  /** The worker of this room, which gets it if it has none. */
  Node home(String room, int claimant) {
    return homes.computeIfAbsent(room, name -> nodes.get(claimant));
  }

  /** Whether the room has a worker, or could be given one. */
  boolean hasRoomFor(String room) {
    return homes.containsKey(room) || homes.size() < maxRooms;
  }

  WorkerEvent.Answer assign(SimClient watcher, Slot... slots) {
    return home(watcher.room).ask(
        request -> new WorkerCommand.AssignSlots(request, watcher.spec.id(), List.of(slots)));
  }

  /** From now on what workers send is lost at once, which allocates nothing. */
  void discardOutput() {
    isDiscarding = true;
    tapes.discard();
  }

  /** Datagrams to this address are for this client. */
  void route(SimAddress address, SimClient client) {
    clients.put(address, client);
  }

  void unroute(SimAddress address) {
    clients.remove(address);
  }

  /** Copies what the worker sends out of its memory and puts it on the receiver's link. */
  private final class CopyingSink implements DatagramSink {
    private final PacketArena arena;
    private Path path;

    CopyingSink(PacketArena arena) {
      this.arena = arena;
    }

    @Override
    public MemorySegment memory() {
      return arena.memory();
    }

    @Override
    public long reserve(Path path, int maxBytes) {
      this.path = path;
      return arena.outputOffset();
    }

    @Override
    public void commit(int bytes) {
      messages.sent(network.nowNanos(), path, bytes);
      if (isDiscarding) {
        return;
      }
      byte[] datagram = arena.memory().asSlice(arena.outputOffset(), bytes).toArray(ValueLayout.JAVA_BYTE);
      SimAddress to = SimAddress.of(path);
      SimClient client = clients.get(to);
      if (client != null && client.home.number == path.socket()) { // else it hears from somebody it does not know
        client.down.send(datagram, arrived -> client.receive(to, arrived));
      }
    }
  }
}
