package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Participant.Publishing;
import dev.tapedeck.standalone.browser.Participant;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.browser.PublisherStats;
import dev.tapedeck.standalone.browser.ThrottledRelay;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Our transport-wide feedback tells a browser what its way to us carries. */
@ExtendWith(BrowserExtension.class)
class BrowserCongestionTest {
  private static final long NARROW_BITS_PER_SECOND = 600_000;

  /** What the way carries at ease; well above the narrow limit, well below what the picture could use. */
  private static final long WIDE_BITS_PER_SECOND = 1_000_000;

  /** Encoded frames over which a rate must hold to count as settled: about five seconds. */
  private static final long SETTLED_FRAMES = 150;

  @Test
  void publisherSettlesBelowANarrowWayAndRisesWhenItWidens(BrowserRoom room) throws Exception {
    Participant publisher = room.enter(Performer.RED);
    Participant watcher = room.enter(Performer.GREEN);
    watcher.watch(1, 1);
    try (ThrottledRelay relay = new ThrottledRelay(watcher.watcherConnection().serverCandidates().getFirst())) {
      publisher.publish(Publishing.through(relay));
      awaitRate(publisher, "above " + WIDE_BITS_PER_SECOND, 1, rate -> rate > WIDE_BITS_PER_SECOND);

      relay.limit(NARROW_BITS_PER_SECOND);
      awaitRate(publisher, "below " + NARROW_BITS_PER_SECOND, SETTLED_FRAMES, rate -> rate < NARROW_BITS_PER_SECOND);
      watcher.awaitMoreFrames(1, 30);
      watcher.awaitColour(1, Performer.RED);

      relay.limit(ThrottledRelay.UNLIMITED);
      awaitRate(publisher, "above " + WIDE_BITS_PER_SECOND, 1, rate -> rate > WIDE_BITS_PER_SECOND);
      assertThat(relay.heldDatagrams()).as("datagrams that found the narrow way occupied").isPositive();
    }
  }

  /** Waits until the publisher's target bitrate has fitted for so many frames in a row. */
  private static void awaitRate(Participant publisher, String what, long frames, DoublePredicate fits) {
    long[] fitsSince = {-1};
    Await.until("a target bitrate " + what + " bit/s", publisher::publisherStats, stats -> {
      boolean isFitting = stats.targetBitsPerSecond() > 0 && fits.test(stats.targetBitsPerSecond());
      fitsSince[0] = !isFitting ? -1 : fitsSince[0] < 0 ? stats.framesEncoded() : fitsSince[0];
      return isFitting && stats.framesEncoded() - fitsSince[0] >= frames;
    });
  }
}
