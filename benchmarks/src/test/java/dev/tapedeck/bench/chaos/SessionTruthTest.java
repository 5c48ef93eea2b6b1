package dev.tapedeck.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.client.rtp.SentPacket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The judge of chaos runs must see every kind of loss that has no name. */
class SessionTruthTest {
  private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
  /** Ten packets a second for ten seconds. */
  private static final List<SentPacket> SENT = IntStream.range(0, 100)
      .mapToObj(i -> new SentPacket(7, i, 1000L + i, i, 1, START_NANOS + i * 100_000_000L)).toList();
  private static final Predicate<SentPacket> NONE_DROPPED = packet -> false;

  @Test
  void aMissingPacketWithoutANameIsSilent() {
    assertThat(silent("[]", 0, SENT.subList(50, 51), NONE_DROPPED)).hasSize(1);
  }

  @Test
  void receptionNamesAsManyAsItCounts() {
    assertThat(silent("[]", 2, SENT.subList(50, 52), NONE_DROPPED)).isEmpty();
    assertThat(silent("[]", 2, SENT.subList(50, 53), NONE_DROPPED)).hasSize(1);
  }

  @Test
  void receptionCannotNameTheEdgesButTheNetworkCan() {
    assertThat(silent("[]", 9, SENT.subList(0, 2), NONE_DROPPED)).hasSize(2);
    assertThat(silent("[]", 9, SENT.subList(98, 100), NONE_DROPPED)).hasSize(2);
    assertThat(silent("[]", 0, SENT.subList(98, 100), packet -> true)).isEmpty();
  }

  @Test
  void anUnknownTailNamesWhatIsBehindTheLastPacketAndNothingElse() {
    SessionTruth truth = truth("[]", 0, ",'tailUnknownSince':'2026-01-01T00:00:09.700Z'");
    truth.account(SENT, Stream.of(SENT.subList(50, 52), SENT.subList(97, 100)).flatMap(List::stream).toList(), 0,
        NONE_DROPPED);

    assertThat(truth.silent()).containsExactlyElementsOf(SENT.subList(50, 52));
    assertThat(truth.lostByNetwork()).isEqualTo(3);
  }

  @Test
  void aGapNamesItsTimeItsSessionAndItsCount() {
    String gap = "[{'peer':'ann','session':%d,'track':0,'from':'2026-01-01T00:00:05.000Z','to':'2026-01-01T00:00:05.500Z',"
        + "'packets':%d}]";

    assertThat(silent(gap.formatted(1, 3), 0, SENT.subList(50, 53), NONE_DROPPED)).isEmpty();
    assertThat(silent(gap.formatted(1, 0), 0, SENT.subList(50, 53), NONE_DROPPED)).isEmpty();
    assertThat(silent(gap.formatted(1, 2), 0, SENT.subList(50, 53), NONE_DROPPED)).hasSize(1);
    assertThat(silent(gap.formatted(2, 3), 0, SENT.subList(50, 53), NONE_DROPPED)).hasSize(3);
    assertThat(silent(gap.formatted(1, 3), 0, SENT.subList(80, 83), NONE_DROPPED)).hasSize(3);
  }

  @Test
  void aCrashMayNotReachBehindTheRecoveryPoint() {
    String gap = "[{'peer':'ann','session':1,'track':0,'from':'2026-01-01T00:00:05.000Z','to':'2026-01-01T00:00:15.000Z',"
        + "'packets':0}]";
    SessionTruth truth = truth(gap, 0);
    truth.account(SENT, SENT.subList(50, 100), SENT.get(60).sentWallNanos(), NONE_DROPPED);

    assertThat(truth.oldLost()).isEqualTo(10);
    assertThat(truth.inGaps()).isEqualTo(50);
    assertThat(truth.silent()).isEmpty();
  }

  private static List<SentPacket> silent(String gaps, int lost, List<SentPacket> missing, Predicate<SentPacket> dropped) {
    SessionTruth truth = truth(gaps, lost);
    truth.account(SENT, missing, 0, dropped);
    return truth.silent();
  }

  private static SessionTruth truth(String gaps, int lost) {
    return truth(gaps, lost, "");
  }

  private static SessionTruth truth(String gaps, int lost, String moreOfSession) {
    String json = "{'gaps':" + gaps + ",'sessions':[{'peer':'ann','session':1,'tracks':[{'number':1,'ssrc':7,"
        + "'reception':{'lost':" + lost + "}}]" + moreOfSession + "}]}";
    try {
      JsonNode manifest = new ObjectMapper().readTree(json.replace('\'', '"'));
      return new SessionTruth(manifest, manifest.at("/sessions/0"), true);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
