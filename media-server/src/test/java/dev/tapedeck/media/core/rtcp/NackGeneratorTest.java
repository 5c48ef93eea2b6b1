package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.rtcp.NackGenerator.Arrival;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NackGeneratorTest {
  private static final long MS = 1_000_000;

  private final RoundTripEstimator roundTrip = new RoundTripEstimator();
  private final NackGenerator nack = new NackGenerator(roundTrip);

  private void setRoundTripNanos(long nanos) {
    for (int i = 0; i < 200; i++) {
      roundTrip.add(nanos);
    }
    assertThat(roundTrip.retryNanos()).isEqualTo(Math.max(nanos, RoundTripEstimator.MIN_RETRY_NANOS));
  }

  @Test
  void asksForNothingWhileNothingIsMissing() {
    for (int i = 0; i < 5000; i++) {
      assertThat(nack.onPacket(i * MS, i + 65_000 & 0xFFFF)).isEqualTo(Arrival.NEW);
      assertThat(nack.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
    }
    assertThat(nack.handleTimeout(6000 * MS)).isZero();
  }

  @Test
  void asksAtOnceWhenTwoNewerPacketsHaveCome() {
    nack.onPacket(0, 65535);
    nack.onPacket(MS, 1);
    assertThat(nack.nextTimeoutNanos()).isEqualTo(MS + NackGenerator.REORDER_NANOS);
    assertThat(ask(MS)).isEmpty();
    nack.onPacket(2 * MS, 2);
    assertThat(nack.nextTimeoutNanos()).isEqualTo(2 * MS);
    assertThat(ask(2 * MS)).containsExactly(0);
  }

  @Test
  void asksAfterAWhileWhenNoNewerPacketComes() {
    nack.onPacket(0, 10);
    nack.onPacket(0, 12);
    assertThat(ask(NackGenerator.REORDER_NANOS - 1)).isEmpty();
    assertThat(ask(NackGenerator.REORDER_NANOS)).containsExactly(11);
  }

  @Test
  void asksAgainAfterOneRoundTrip() {
    setRoundTripNanos(60 * MS);
    nack.onPacket(0, 10);
    nack.onPacket(0, 13);
    assertThat(ask(0)).containsExactly(11);
    assertThat(ask(20 * MS)).containsExactly(12);
    assertThat(nack.nextTimeoutNanos()).isEqualTo(60 * MS);
    assertThat(ask(60 * MS)).containsExactly(11);
    assertThat(ask(80 * MS)).containsExactly(12);
  }

  @Test
  void waitsAtLeastTwentyMillisecondsForAnAnswer() {
    setRoundTripNanos(MS);
    nack.onPacket(0, 10);
    nack.onPacket(0, 13);
    ask(15 * MS);
    assertThat(ask(34 * MS)).isEmpty();
    assertThat(ask(35 * MS)).containsExactly(11, 12);
  }

  @Test
  void tellsRepairedLateAndDuplicatePackets() {
    nack.onPacket(0, 10);
    nack.onPacket(0, 13);
    assertThat(nack.onPacket(0, 11)).isEqualTo(Arrival.REPAIRED);
    assertThat(nack.onPacket(0, 11)).isEqualTo(Arrival.DUPLICATE);
    assertThat(nack.onPacket(0, 13)).isEqualTo(Arrival.DUPLICATE);
    assertThat(nack.onPacket(0, 9)).isEqualTo(Arrival.LATE);
    assertThat(nack.onPacket(0, 9)).isEqualTo(Arrival.DUPLICATE);
    assertThat(nack.missingPackets()).isEqualTo(1);
    assertThat(ask(50 * MS)).containsExactly(12);
  }

  @Test
  void givesUpAfterItsTriesAndNeedsAKeyFrame() {
    NackGenerator patient = new NackGenerator(roundTrip, 3, 100_000 * MS);
    setRoundTripNanos(50 * MS);
    patient.onPacket(0, 1);
    patient.onPacket(0, 3);
    for (int i = 1; i <= 3; i++) {
      assertThat(patient.handleTimeout(patient.nextTimeoutNanos())).isEqualTo(1);
      assertThat(patient.takeKeyFrameNeeded()).isFalse();
    }
    assertThat(patient.handleTimeout(patient.nextTimeoutNanos())).isZero();
    assertThat(patient.missingPackets()).isZero();
    assertThat(patient.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(patient.takeKeyFrameNeeded()).isTrue();
    assertThat(patient.takeKeyFrameNeeded()).isFalse();
    assertThat(patient.onPacket(MS, 2)).isEqualTo(Arrival.LATE);
  }

  @Test
  void givesUpPacketsThatAreTooOld() {
    setRoundTripNanos(400 * MS);
    nack.onPacket(0, 1);
    nack.onPacket(0, 3);
    assertThat(ask(15 * MS)).hasSize(1);
    assertThat(ask(999 * MS)).hasSize(1);
    assertThat(ask(1000 * MS)).isEmpty();
    assertThat(nack.missingPackets()).isZero();
    assertThat(nack.takeKeyFrameNeeded()).isTrue();
  }

  @Test
  void asksForAKeyFrameInsteadWhenTooMuchIsMissing() {
    nack.onPacket(0, 0);
    nack.onPacket(0, 1001);
    assertThat(nack.missingPackets()).isEqualTo(1000);
    assertThat(nack.takeKeyFrameNeeded()).isFalse();

    nack.onPacket(0, 1003);
    assertThat(nack.missingPackets()).isZero();
    assertThat(nack.takeKeyFrameNeeded()).isTrue();
    assertThat(ask(50 * MS)).isEmpty();
    assertThat(nack.onPacket(50 * MS, 500)).isEqualTo(Arrival.LATE);
    assertThat(nack.onPacket(50 * MS, 500)).isEqualTo(Arrival.DUPLICATE);
  }

  @Test
  void spreadsManyRequestsOverSeveralCalls() {
    nack.onPacket(0, 0);
    nack.onPacket(0, 601);
    List<Integer> asked = new ArrayList<>();
    assertThat(nack.handleTimeout(20 * MS)).isEqualTo(NackGenerator.MAX_REQUESTS);
    asked.addAll(requests(NackGenerator.MAX_REQUESTS));
    assertThat(nack.nextTimeoutNanos()).isEqualTo(20 * MS);
    asked.addAll(ask(20 * MS));
    asked.addAll(ask(20 * MS));

    assertThat(asked).hasSize(600).doesNotHaveDuplicates().isSorted();
    assertThat(nack.nextTimeoutNanos()).isEqualTo(20 * MS + RoundTripEstimator.UNKNOWN_NANOS);
  }

  @Test
  void followsASenderThatStartedAnew() {
    nack.onPacket(0, 30_000);
    nack.onPacket(0, 30_002);
    assertThat(nack.onPacket(0, 100)).isEqualTo(Arrival.TOO_LATE);
    assertThat(nack.onPacket(0, 30_003)).isEqualTo(Arrival.NEW);
    assertThat(nack.onPacket(0, 101)).isEqualTo(Arrival.TOO_LATE);
    assertThat(nack.onPacket(0, 102)).isEqualTo(Arrival.NEW);
    assertThat(nack.onPacket(0, 103)).isEqualTo(Arrival.NEW);
    assertThat(nack.missingPackets()).isZero();
  }

  @Test
  void asksAfterTheRoundTripThatItsOwnRequestsMeasured() {
    for (int i = 0; i < 50; i++) {
      long now = i * 1000 * MS;
      nack.onPacket(now, 4 * i);
      nack.onPacket(now, 4 * i + 2);
      nack.onPacket(now, 4 * i + 3);
      assertThat(ask(now)).containsExactly(4 * i + 1);
      nack.onPacket(now + 60 * MS, 4 * i + 1, true);
    }
    assertThat(roundTrip.retryNanos()).isBetween(60 * MS, 61 * MS);
  }

  @Test
  void aPacketThatMerelyCameLateTellsNothingOfTheRoundTrip() {
    nack.onPacket(0, 1);
    nack.onPacket(0, 3);
    ask(15 * MS);
    nack.onPacket(16 * MS, 2);
    assertThat(roundTrip.retryNanos()).isEqualTo(RoundTripEstimator.UNKNOWN_NANOS);
  }

  /** D-18: the tape wants a packet that is of no more use to those who watch. */
  @Test
  void asksOnForTheTapeAsLongAsTheSenderMayHaveThePacket() {
    nack.setPatienceNanos(5_000 * MS);
    nack.onPacket(0, 1);
    nack.onPacket(0, 3);
    List<Long> asked = new ArrayList<>();
    while (nack.nextTimeoutNanos() != Long.MAX_VALUE) {
      long now = nack.nextTimeoutNanos();
      if (nack.handleTimeout(now) > 0) {
        asked.add(now);
      }
      assertThat(nack.takeKeyFrameNeeded()).as("at %d ns", now).isEqualTo(now == 1_015 * MS);
    }
    assertThat(asked.stream().filter(at -> at < 1_000 * MS)).as("requests for those who watch").hasSize(10);
    assertThat(asked.stream().filter(at -> at >= 1_000 * MS)).as("requests for the tape").hasSize(16);
    assertThat(asked.getLast()).isLessThan(5_000 * MS);
    assertThat(nack.askedInVain()).isEqualTo(1);
    assertThat(nack.onPacket(6_000 * MS, 2, true)).isEqualTo(Arrival.LATE);
    assertThat(nack.askedInVain()).isZero();
  }

  /** D-18: what is asked for late must not push aside what is sent now. */
  @Test
  void requestsForTheTapeAreLimitedInRate() {
    nack.setPatienceNanos(5_000 * MS);
    nack.onPacket(0, 0);
    nack.onPacket(0, 2001);
    int live = 0;
    int late = 0;
    while (nack.nextTimeoutNanos() != Long.MAX_VALUE) {
      long now = nack.nextTimeoutNanos();
      int count = nack.handleTimeout(now);
      if (now < 1_000 * MS) {
        live += count;
      } else {
        late += count;
      }
    }
    assertThat(live).isGreaterThanOrEqualTo(2_000 * 9);
    assertThat(late).isBetween(4 * NackGenerator.OVERDUE_REQUESTS_PER_SECOND - 10,
        5 * NackGenerator.OVERDUE_REQUESTS_PER_SECOND);
  }

  @Test
  void countsWhatItAskedForInVain() {
    nack.onPacket(0, 1);
    nack.onPacket(0, 5);
    ask(15 * MS);
    assertThat(nack.askedInVain()).isEqualTo(3);
    nack.onPacket(20 * MS, 3, true);
    assertThat(nack.askedInVain()).isEqualTo(2);
    nack.onPacket(30 * MS, 4000); // too much to ask for
    assertThat(nack.askedInVain()).isEqualTo(2);
    assertThat(nack.takeKeyFrameNeeded()).isTrue();
  }

  /** A stream with loss, reordering and duplicates against a set that knows the truth. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void asksForExactlyWhatIsMissing(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double loss = random.nextDouble(0.01, 0.3);
    record Sent(long atNanos, long extended) {}
    PriorityQueue<Sent> network = new PriorityQueue<>((a, b) -> Long.compare(a.atNanos, b.atNanos));
    Set<Long> received = new HashSet<>();
    Set<Long> asked = new HashSet<>();
    long first = random.nextInt(1 << 16);
    long sent = first;
    long highest = first;
    int repaired = 0;
    setRoundTripNanos(40 * MS);
    nack.onPacket(0, (int) first & 0xFFFF);
    received.add(first);

    for (long now = MS; now < 8000 * MS; now += MS) {
      sent++;
      if (random.nextDouble() >= loss) {
        long delay = 20 * MS + (random.nextInt(10) == 0 ? random.nextLong(12 * MS) : 0);
        network.add(new Sent(now + delay, sent));
        if (random.nextInt(50) == 0) {
          network.add(new Sent(now + delay + 5 * MS, sent));
        }
      }
      while (!network.isEmpty() && network.peek().atNanos <= now) {
        long extended = network.poll().extended;
        Arrival arrival = nack.onPacket(now, (int) extended & 0xFFFF);
        boolean isNew = received.add(extended);
        assertThat(arrival == Arrival.DUPLICATE).as("seed %d at %d: %s", seed, extended, arrival).isEqualTo(!isNew);
        assertThat(arrival == Arrival.NEW).isEqualTo(extended > highest);
        repaired += arrival == Arrival.REPAIRED ? 1 : 0;
        highest = Math.max(highest, extended);
      }
      if (nack.nextTimeoutNanos() <= now) {
        int count = nack.handleTimeout(now);
        assertThat(requests(count)).doesNotHaveDuplicates();
        for (int i = 0; i < count; i++) {
          long extended = highest + (short) (nack.requests()[i] - highest);
          assertThat(extended).as("seed %d", seed).isGreaterThan(first).isLessThan(highest).isNotIn(received);
          asked.add(extended);
          if (random.nextDouble() >= loss) {
            network.add(new Sent(now + 40 * MS, extended));
          }
        }
      }
      for (long extended = highest - 20; extended <= highest - NackGenerator.REORDER_PACKETS; extended++) {
        assertThat(extended <= first || received.contains(extended) || asked.contains(extended))
            .as("seed %d: %d is missing and was asked for", seed, extended).isTrue();
      }
    }
    long lost = missing(received, first, highest - 1100);
    assertThat(repaired).as("seed %d", seed).isGreaterThan(50);
    assertThat(lost).as("seed %d, loss %.2f", seed, loss).isLessThan(3);
    assertThat(nack.takeKeyFrameNeeded()).isEqualTo(lost > 0);
  }

  private static long missing(Set<Long> received, long from, long to) {
    return LongStream.range(from, to).filter(extended -> !received.contains(extended)).count();
  }

  private List<Integer> ask(long nowNanos) {
    return requests(nack.handleTimeout(nowNanos));
  }

  private List<Integer> requests(int count) {
    return Arrays.stream(nack.requests()).limit(count).boxed().toList();
  }
}
