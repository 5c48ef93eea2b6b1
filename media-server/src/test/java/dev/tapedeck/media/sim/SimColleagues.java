package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;

import dev.tapedeck.media.core.worker.Colleagues;
import dev.tapedeck.media.core.worker.WorkerCommand;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What threads do to workers that speak with each other, played by the seed: each hears of another's commands and
 * datagrams some time later, in order, a datagram never before a command that was told earlier.
 */
final class SimColleagues implements Colleagues {
  private static final long SLOWEST_NANOS = 3 * MILLIS;

  private final SimNetwork network;
  private final SimServer server;
  private final int number;
  private final SplittableRandom random;
  private final long[] lastCommandNanos;
  private final long[] lastDatagramNanos;

  SimColleagues(SimNetwork network, SimServer server, int number, int workers) {
    this.network = network;
    this.server = server;
    this.number = number;
    random = new SplittableRandom(network.seed + 1_000 + number);
    lastCommandNanos = new long[workers];
    lastDatagramNanos = new long[workers];
  }

  @Override
  public int here() {
    return number;
  }

  @Override
  public int hold(String app, String room) {
    server.holds++;
    return server.home(room, number).number;
  }

  @Override
  public boolean claim(String app, String room) {
    boolean hasRoom = server.hasRoomFor(room);
    if (hasRoom) {
      hold(app, room);
    }
    return hasRoom;
  }

  @Override
  public void release(String app, String room) {
    server.holds--;
  }

  @Override
  public void tell(int worker, WorkerCommand command) {
    lastCommandNanos[worker] = Math.max(lastCommandNanos[worker], network.nowNanos() + delayNanos());
    network.at(lastCommandNanos[worker], () -> server.nodes().get(worker).handle(command));
  }

  @Override
  public boolean passOn(
      int worker, long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    SimServer.Node node = server.nodes().get(worker);
    if (node.passedOnWaiting >= server.inboxDatagrams) {
      return false;
    }
    node.passedOnWaiting++;
    byte[] datagram = server.nodes().get(number).arena.memory().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    long earliest = Math.max(lastCommandNanos[worker], lastDatagramNanos[worker]);
    lastDatagramNanos[worker] = Math.max(earliest, network.nowNanos() + delayNanos());
    network.at(lastDatagramNanos[worker], () -> node.receivePassedOn(arrivalNanos, socket, low, port, datagram));
    return true;
  }

  private long delayNanos() {
    return random.nextLong(SLOWEST_NANOS);
  }
}
