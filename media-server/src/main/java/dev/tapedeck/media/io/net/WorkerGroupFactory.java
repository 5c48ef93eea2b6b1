package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Revocations;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.worker.Colleagues;
import dev.tapedeck.media.core.worker.Worker;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerContext;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Builds workers with their sockets and threads.
 *
 * @param addresses   local addresses to bind, at least one
 * @param firstPort   UDP port of worker 0, the next one for worker 1 and so on; 0 for any that is free
 * @param packetSlots packets that one worker can hold at a time
 * @param forceNio    use Java's channels even where the faster way exists
 */
public record WorkerGroupFactory(
    List<InetAddress> addresses, int firstPort, int packetSlots, boolean forceNio, WorkerConfig config) {
  /** Datagrams written before they are sent: some 1,600 of full size. */
  private static final int OUTPUT_BYTES = 2 << 20;

  /**
   * @param tapeDeck makes the tape deck of a worker, by its number
   * @param random   secure
   * @param revocations asked on the workers' threads
   * @param events   hears what the workers tell, on their threads; only queues
   */
  public WorkerGroup start(
      int workers,
      SrtpCipherFactory ciphers,
      DtlsTransport.Factory dtls,
      TapeDeck tapeDeck,
      RandomGenerator random,
      JoinGate joinGate,
      Revocations revocations,
      Consumer<WorkerEvent> events) throws IOException {
    AtomicReference<WorkerGroup> group = new AtomicReference<>();
    List<WorkerUnit> units = new ArrayList<>();
    for (int number = 0; number < workers; number++) {
      int worker = number;
      WorkerCounters counters = new WorkerCounters();
      Consumer<WorkerEvent> heard = event -> {
        group.get().heard(worker, event);
        events.accept(event);
      };
      units.add(unit(number, counters, ciphers, dtls, tapeDeck, random, joinGate, new GroupColleagues(worker, group),
          revocations, heard));
    }
    List<UdpTransport> transports = units.stream().map(WorkerUnit::transport).toList();
    transports.forEach(transport -> transport.join(transports));
    group.set(new WorkerGroup(units, config.limits().rooms()));
    units.forEach(unit -> unit.loop().start());
    return group.get();
  }

  private WorkerUnit unit(
      int number,
      WorkerCounters counters,
      SrtpCipherFactory ciphers,
      DtlsTransport.Factory dtls,
      TapeDeck tapeDeck,
      RandomGenerator random,
      JoinGate joinGate,
      Colleagues colleagues,
      Revocations revocations,
      Consumer<WorkerEvent> events) throws IOException {
    PacketArena arena = new PacketArena(Arena.ofShared(), packetSlots, OUTPUT_BYTES);
    int port = firstPort == 0 ? 0 : firstPort + number;
    UdpTransport transport = UdpTransport.open(arena, OUTPUT_BYTES, addresses, port, forceNio);
    SrtpCipherFactory workersCiphers = ciphers.forWorker();
    transport.beforeSend(workersCiphers::completePackets);
    AtomicReference<WorkerLoop> loop = new AtomicReference<>();
    WorkerContext context = new WorkerContext(arena, transport.sink(), counters, workersCiphers, dtls, tapeDeck,
        tapeDeck.wallClock(), random, joinGate, colleagues, revocations, events,
        session -> loop.get().submit(new WorkerCommand.PumpDtls(session)));
    // Packets wait for company once: in their socket where the loop can rest, else with the worker.
    boolean gathers = transport.canRest();
    Worker core = new Worker(gathers ? config.withFlushWindowNanos(0) : config, context);
    loop.set(new WorkerLoop("worker-" + number, core, transport, arena, new DatagramInbox(Arena.ofShared()),
        gathers ? config.flushWindowNanos() : 0));
    return new WorkerUnit(loop.get(), transport, counters);
  }
}
