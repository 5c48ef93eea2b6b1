package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;

import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.WallClock;
import dev.tapedeck.media.core.room.Slot;
import dev.tapedeck.media.core.room.TapeDeck;
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
    private long timerNanos = TimerHeap.NEVER;

    private Node(WorkerConfig config, SplittableRandom random) {
      SimDtls.Factory dtls = new SimDtls.Factory(network);
      WallClock wallClock = nowNanos -> EPOCH_NANOS + nowNanos;
      TapeDeck deck = new TapeDeck(1, RecordLimits.DEFAULT, tapes, wallClock, random, GRACE_NANOS);
      worker = new Worker(config, new WorkerContext(arena, new CopyingSink(arena), counters, ciphers, dtls, deck,
          wallClock, random, SimServer::decide, revocations, events::add,
          session -> handle(new WorkerCommand.PumpDtls(session))));
    }

    void receive(SimAddress from, byte[] datagram) {
      int slot = arena.allocate();
      if (slot != PacketArena.NONE) {
        MemorySegment.copy(
            datagram, 0, arena.memory(), ValueLayout.JAVA_BYTE, PacketArena.offset(slot), datagram.length);
      }
      worker.receive(network.nowNanos(), network.nowNanos(), 0, 0, from.low(), from.port(), slot, datagram.length);
      worker.endOfBatch(network.nowNanos());
      planTimer();
    }

    void handle(WorkerCommand command) {
      worker.handle(network.nowNanos(), command);
      planTimer();
    }

    WorkerEvent.Answer ask(LongFunction<WorkerCommand> command) {
      long request = ++requests;
      handle(command.apply(request));
      return events.stream()
          .filter(WorkerEvent.Answer.class::isInstance)
          .map(WorkerEvent.Answer.class::cast)
          .filter(answer -> answer.request() == request)
          .findFirst().orElseThrow();
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
  final SimTapes tapes = new SimTapes();

  final SimRevocations revocations = new SimRevocations();

  final SrtpCipherFactory ciphers = CipherChoice.choose(Optional.empty());
  private final SimNetwork network;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Node> homes = new HashMap<>();
  private final Map<SimAddress, SimClient> clients = new HashMap<>();
  private long requests;
  private boolean isDiscarding;

  SimServer(SimNetwork network, int workers, WorkerConfig config) {
    this.network = network;
    for (int i = 0; i < workers; i++) {
      nodes.add(new Node(config, new SplittableRandom(network.seed + i)));
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Lets everybody in whose token is the id of the stay. */
  private static JoinGate.Decision decide(String app, String connection, RoomJoin info, String token) {
    return !token.matches("[1-9][0-9]{0,15}")
        ? new JoinGate.Decision.Refused(SdkError.TOKEN_INVALID, token)
        : new JoinGate.Decision.Granted(new Join(Long.parseLong(token), info.getRoom(), info.getPeer(), true, false,
            Optional.empty(), presence(info)));
  }

  private static Presence presence(RoomJoin info) {
    return info.getRole().getHidden()
        ? Presence.hidden(Visibility.HIDDEN, Optional.empty())
        : new Presence(info.getPublish().getPeer(), info.getPublish().getTracks(),
            info.getSubscribe().getPeers(), info.getSubscribe().getTracks(),
            info.hasMetadata() ? Optional.of(info.getMetadata()) : Optional.empty(), Optional.empty());
  }

  /** The worker of this room; rooms are dealt out in turn. */
  Node home(String room) {
    return homes.computeIfAbsent(room, name -> nodes.get(homes.size() % nodes.size()));
  }

  WorkerEvent.Answer assign(SimClient watcher, Slot... slots) {
    return home(watcher.room).ask(
        request -> new WorkerCommand.AssignSlots(request, watcher.spec.id(), List.of(slots)));
  }

  /** From now on what workers send is lost at once, which allocates nothing. */
  void discardOutput() {
    isDiscarding = true;
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
      if (isDiscarding) {
        return;
      }
      byte[] datagram = arena.memory().asSlice(arena.outputOffset(), bytes).toArray(ValueLayout.JAVA_BYTE);
      SimAddress to = SimAddress.of(path);
      SimClient client = clients.get(to);
      if (client != null) {
        client.down.send(datagram, arrived -> client.receive(to, arrived));
      }
    }
  }
}
