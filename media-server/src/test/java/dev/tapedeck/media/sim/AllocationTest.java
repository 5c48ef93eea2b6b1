package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A packet comes in, is decrypted, taped or not, and goes out to ten receivers, encrypted for each, without any garbage. */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WATCHERS = 10;
  private static final int PACKETS = 10_000;

  /** The JIT takes allocations away when it gets to it, which is late on a loaded machine. */
  private static final int MAX_ROUNDS = 30;
  private static final int BURST_PACKETS = 8;

  /** With the window of the defaults, in which packets wait with the worker, and where every turn sends at once. */
  @ParameterizedTest
  @CsvSource({"1000000, false", "0, false", "1000000, true", "0, true"})
  void forwardingAllocatesNothing(long flushWindowNanos, boolean isTaped) {
    WorkerConfig config = WorkerConfig.defaults().withFlushWindowNanos(flushWindowNanos);
    Sim.run(1, 1, config, sim -> {
      assumeThat(sim.server.ciphers.name()).as("the portable cipher allocates").isNotEqualTo("portable");
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      if (isTaped) {
        alice.record(RecordPolicy.getDefaultInstance());
      }
      List<SimWatcher> watchers = new ArrayList<>();
      alice.join();
      for (int i = 0; i < WATCHERS; i++) {
        watchers.add(new SimWatcher(sim, "room0", "watcher" + i, SimFormats.OTHER, 1, "alice"));
        watchers.getLast().join();
      }
      sim.network.run(3 * SECONDS);
      assertThat(watchers).allMatch(watcher -> !watcher.video(0).packets.isEmpty());
      sim.server.discardOutput();
      alice.mute();

      long allocated = Long.MAX_VALUE;
      long forwarded = 0;
      Feed feed = new Feed(alice, sim.network.nowNanos());
      for (int round = 0; round < MAX_ROUNDS && allocated >= Math.max(forwarded, 1); round++) {
        List<byte[]> packets = alice.protectedPackets(PACKETS);
        long forwardedBefore = alice.home.counters.packetsForwarded;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        feed.play(packets);
        allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        forwarded = alice.home.counters.packetsForwarded - forwardedBefore;
      }
      System.out.printf("allocation: %d bytes for %d forwarded packets, window %d us, taped %b%n",
          allocated, forwarded, flushWindowNanos / 1_000, isTaped);
      assertThat(alice.home.counters.packetsTaped > PACKETS).isEqualTo(isTaped);
      assertThat(forwarded).isEqualTo((long) PACKETS * WATCHERS);
      assertThat(allocated).as("bytes for %d forwarded packets", forwarded).isLessThan(forwarded);
    });
  }

  /** Drives the worker as its loop does: bursts of datagrams, then what is due. */
  private static final class Feed {
    private final SimServer.Node node;
    private final SimAddress from;
    private long nowNanos;

    Feed(SimPublisher publisher, long nowNanos) {
      node = publisher.home;
      from = publisher.address();
      this.nowNanos = nowNanos;
    }

    void play(List<byte[]> packets) {
      for (int i = 0; i < packets.size(); i++) {
        receive(packets.get(i));
        if (i % BURST_PACKETS == BURST_PACKETS - 1) {
          node.worker.endOfBatch(nowNanos);
          nowNanos += MILLIS;
          if (node.worker.nextTimeoutNanos() <= nowNanos) {
            node.worker.handleTimeout(nowNanos);
          }
        }
      }
      nowNanos += 2 * MILLIS;
      node.worker.handleTimeout(nowNanos);
    }

    private void receive(byte[] packet) {
      int slot = node.arena.allocate();
      MemorySegment.copy(
          packet, 0, node.arena.memory(), ValueLayout.JAVA_BYTE, PacketArena.offset(slot), packet.length);
      node.worker.receive(nowNanos, nowNanos, 0, 0, from.low(), from.port(), slot, packet.length);
    }
  }
}
