package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressBatchTest {
  private static final int OUTPUT_BYTES = 200_000;
  private static final Path ALICE = new Path(0, 0, 1, 5000, new InetSocketAddress(5000));
  private static final Path BOB = new Path(1, 0, 2, 5001, new InetSocketAddress(5001));

  /** One message as the kernel would get it. */
  private record Run(Path path, int bytes, int segmentBytes, int segments) {}

  /** One datagram as it would leave. */
  private record Datagram(Path path, List<Byte> bytes) {}

  private final PacketArena arena = new PacketArena(Arena.ofAuto(), 4, OUTPUT_BYTES);
  private final List<Run> runs = new ArrayList<>();
  private final List<Datagram> sent = new ArrayList<>();
  private final EgressBatch batch = new EgressBatch(arena, OUTPUT_BYTES, 128, this::send);

  private void send(EgressBatch full) {
    for (int i = 0; i < full.runs(); i++) {
      runs.add(new Run(full.paths[i], full.bytes[i], full.segmentBytes[i], full.segments[i]));
      int segments = 0;
      for (int done = 0; done < full.bytes[i]; done += full.segmentBytes[i]) {
        int length = Math.min(full.segmentBytes[i], full.bytes[i] - done);
        sent.add(new Datagram(full.paths[i], bytes(full.offsets[i] + done, length)));
        segments++;
      }
      assertThat(segments).as("segments the kernel would cut").isEqualTo(full.segments[i]);
    }
  }

  private List<Byte> bytes(long offset, int length) {
    List<Byte> bytes = new ArrayList<>();
    for (byte b : arena.memory().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)) {
      bytes.add(b);
    }
    return bytes;
  }

  private void queue(Path path, int... lengths) {
    for (int length : lengths) {
      batch.reserve(path, 1500);
      batch.commit(length);
    }
  }

  @Test
  void equalDatagramsToOneReceiverLeaveAsOneRun() {
    queue(ALICE, 1200, 1200, 1200);
    batch.flush();
    assertThat(runs).containsExactly(new Run(ALICE, 3600, 1200, 3));
  }

  @Test
  void datagramsAreCompletedBeforeTheyLeave() {
    batch.beforeSend(() -> arena.memory().asSlice(arena.outputOffset(), 2).fill((byte) 7));
    queue(ALICE, 2);
    batch.flush();
    batch.flush();
    assertThat(sent).containsExactly(new Datagram(ALICE, List.of((byte) 7, (byte) 7)));
  }

  @Test
  void aShorterDatagramEndsARun() {
    queue(ALICE, 1200, 1200, 300, 1200, 300, 300);
    batch.flush();
    assertThat(runs).containsExactly(
        new Run(ALICE, 2700, 1200, 3), new Run(ALICE, 1500, 1200, 2), new Run(ALICE, 300, 300, 1));
  }

  /** As encoders cut a frame: the first packets are a byte shorter than the last. */
  @Test
  void aFrameOfTwoSizesLeavesAsTwoRuns() {
    queue(ALICE, 1150, 1150, 1150, 1151, 1151, 300);
    batch.flush();
    assertThat(runs).containsExactly(new Run(ALICE, 3450, 1150, 3), new Run(ALICE, 2602, 1151, 3));
  }

  @Test
  void aLongerDatagramBeginsARun() {
    queue(ALICE, 300, 1200, 1200);
    batch.flush();
    assertThat(runs).containsExactly(new Run(ALICE, 300, 300, 1), new Run(ALICE, 2400, 1200, 2));
  }

  @Test
  void receiversAreKeptApart() {
    queue(ALICE, 1200);
    queue(BOB, 1200);
    queue(ALICE, 1200);
    batch.flush();
    assertThat(runs).extracting(Run::path).containsExactly(ALICE, BOB, ALICE);
  }

  @Test
  void aRunHasAtMost64DatagramsAnd60000Bytes() {
    for (int i = 0; i < 65; i++) {
      queue(ALICE, 100);
    }
    for (int i = 0; i < 51; i++) {
      queue(BOB, 1200);
    }
    batch.flush();
    assertThat(runs).containsExactly(new Run(ALICE, 6400, 100, 64), new Run(ALICE, 100, 100, 1),
        new Run(BOB, 60_000, 1200, 50), new Run(BOB, 1200, 1200, 1));
  }

  @Test
  void whatHasGatheredLeavesBeforeTheNextReceiversTurnAndNotWithinOne() {
    for (int i = 0; i < 60; i++) {
      queue(ALICE, 1200);
    }
    assertThat(runs).as("one receiver's datagrams stay together").isEmpty();
    queue(BOB, 1200);
    assertThat(runs).containsExactly(new Run(ALICE, 60_000, 1200, 50), new Run(ALICE, 12_000, 1200, 10));
  }

  @Test
  void aReservationThatIsNotCommittedLeavesNothing() {
    batch.reserve(ALICE, 1500);
    queue(BOB, 10);
    batch.flush();
    assertThat(runs).containsExactly(new Run(BOB, 10, 10, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everythingLeavesOnceAndInOrder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Datagram> queued = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Path path = random.nextInt(4) == 0 ? ALICE : BOB;
      int length = random.nextInt(3) == 0 ? 1 + random.nextInt(1500) : 1200;
      long at = batch.reserve(path, 1500);
      assertThat(at + 1500).isLessThanOrEqualTo(arena.outputOffset() + OUTPUT_BYTES);
      for (int b = 0; b < length; b++) {
        arena.memory().set(ValueLayout.JAVA_BYTE, at + b, (byte) random.nextInt());
      }
      queued.add(new Datagram(path, bytes(at, length)));
      batch.commit(length);
      if (random.nextInt(50) == 0) {
        batch.flush();
      }
    }
    batch.flush();
    assertThat(sent).as("seed %d", seed).isEqualTo(queued);
  }
}
