package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Participant.Publishing;
import dev.tapedeck.standalone.browser.Participant;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.browser.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A watcher gets the best layer that flows, and its picture never stands still while layers come and go. */
@ExtendWith(BrowserExtension.class)
class BrowserSimulcastTest {
  private static final int VIDEO = 0;
  private static final int Q_WIDTH = 320;
  private static final int H_WIDTH = 640;
  private static final int F_WIDTH = 1280;
  private static final double MAX_FREEZE_MILLIS = 500;

  @Test
  void goesUpThroughTheLayersAndDownWhenTheTopOneStops(BrowserRoom room) {
    Participant publisher = room.enter(Performer.MAGENTA);
    Participant watcher = room.enter(Performer.GREEN);
    watcher.watch(0, 1);
    watcher.awaitWatching();
    publisher.publish(Publishing.inThreeLayers());
    awaitWidth(watcher, Q_WIDTH);
    watcher.awaitColour(VIDEO, Performer.MAGENTA);
    raise(publisher, watcher, "h", H_WIDTH);
    raise(publisher, watcher, "f", F_WIDTH);
    watcher.awaitColour(VIDEO, Performer.MAGENTA);
    Timeline risen = watcher.timeline(VIDEO);
    assertThat(risen.widths()).containsExactly(Q_WIDTH, H_WIDTH, F_WIDTH);

    publisher.setActive("f", false);
    awaitWidth(watcher, H_WIDTH);
    watcher.awaitMoreFrames(VIDEO, 30);

    Timeline fallen = watcher.timeline(VIDEO);
    System.out.println("simulcast up: " + risen + ", then down: " + fallen);
    assertThat(fallen.widths()).containsExactly(Q_WIDTH, H_WIDTH, F_WIDTH, H_WIDTH);
    assertThat(fallen.longestGapMillis()).isLessThan(MAX_FREEZE_MILLIS);
  }

  private static void raise(Participant publisher, Participant watcher, String rid, int width) {
    publisher.setActive(rid, true);
    awaitWidth(watcher, width);
    watcher.awaitMoreFrames(VIDEO, 30);
  }

  private static void awaitWidth(Participant watcher, int width) {
    Await.until("pictures " + width + " wide", () -> watcher.timeline(VIDEO),
        timeline -> !timeline.widths().isEmpty() && timeline.widths().getLast() == width);
  }
}
