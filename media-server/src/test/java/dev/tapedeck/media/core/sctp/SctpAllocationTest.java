package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a message costs the garbage collector, both sides together: its packets, its bytes, a few small objects. */
class SctpAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MESSAGES = 20_000;
  private static final int MESSAGE_BYTES = 100;
  private static final int MAX_BYTES_PER_MESSAGE = 2_000;

  @Test
  void aMessageCostsLittle() {
    SctpWorld world = new SctpWorld(1, SctpWorld.Weather.FAIR);
    for (SctpPeer peer : new SctpPeer[] {world.server, world.client}) {
      peer.association.openNegotiated(0, 0, ChannelParameters.reliable("data"), peer);
    }
    world.connect();
    byte[] data = new byte[MESSAGE_BYTES];
    long allocated = 0;
    for (int round = 0; round < 3; round++) { // until the compiler has seen it all
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MESSAGES; i++) {
        world.server.association.send(world.nowNanos, 0, true, data, world.server);
        exchange(world);
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    System.out.println("sctp: " + allocated / MESSAGES + " bytes allocated per message of " + MESSAGE_BYTES);
    assertThat(world.client.association.counters().receivedMessages()).isEqualTo(3 * MESSAGES);
    assertThat(allocated / MESSAGES).isLessThan(MAX_BYTES_PER_MESSAGE);
  }

  /** Packets both ways without a network between. */
  private static void exchange(SctpWorld world) {
    world.nowNanos += SctpWorld.MILLISECOND;
    byte[] packet;
    while ((packet = world.server.packets.poll()) != null) {
      world.client.receive(world.nowNanos, packet);
    }
    while ((packet = world.client.packets.poll()) != null) {
      world.server.receive(world.nowNanos, packet);
    }
    world.client.events.clear();
  }
}
