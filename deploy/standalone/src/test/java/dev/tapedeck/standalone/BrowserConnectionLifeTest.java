package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.ConnectionDescription;
import dev.tapedeck.standalone.browser.Participant.Publishing;
import dev.tapedeck.standalone.browser.Participant.Wanted;
import dev.tapedeck.standalone.browser.Participant;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.browser.SlotStats;
import dev.tapedeck.standalone.browser.SlotView;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What may happen to a connection while media flows. */
@ExtendWith(BrowserExtension.class)
class BrowserConnectionLifeTest {
  private static final int VIDEO = 0;

  /** Frames of the publisher that may pass before a late watcher sees one: two seconds of a camera. */
  private static final long MAX_FRAMES_TO_FIRST_PICTURE = 60;

  @Test
  void iceRestartKeepsPublishersStream(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    Participant watcher = room.enter(Performer.GREEN);
    publisher.publish(Publishing.USUAL);
    watcher.watch(0, 1);
    watcher.awaitColour(VIDEO, Performer.RED);
    String ufrag = publisher.publisherConnection().iceUfrag();
    long sentSsrc = publisher.publisherStats().layers().getFirst().ssrc();
    long receivedSsrc = watcher.slot(VIDEO).ssrc();

    assertThat(publisher.restartPublisherIce()).isEqualTo(200);

    awaitOtherIceSession(publisher::publisherConnection, ufrag);
    watcher.awaitMoreFrames(VIDEO, 60);
    watcher.awaitColour(VIDEO, Performer.RED);
    assertThat(publisher.publisherStats().layers().getFirst().ssrc()).isEqualTo(sentSsrc);
    assertThat(watcher.slot(VIDEO).ssrc()).isEqualTo(receivedSsrc);
  }

  @Test
  void iceRestartKeepsWatchersStream(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    Participant watcher = room.enter(Performer.GREEN);
    publisher.publish(Publishing.USUAL);
    watcher.watch(0, 1);
    watcher.awaitColour(VIDEO, Performer.RED);
    String ufrag = watcher.watcherConnection().iceUfrag();
    long ssrc = watcher.slot(VIDEO).ssrc();

    assertThat(watcher.restartWatcherIce()).isEqualTo(200);

    awaitOtherIceSession(watcher::watcherConnection, ufrag);
    watcher.awaitMoreFrames(VIDEO, 60);
    assertThat(watcher.slot(VIDEO).ssrc()).isEqualTo(ssrc);
  }

  @Test
  void trickledCandidatesAreTaken(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    publisher.publish(Publishing.USUAL);

    assertThat(publisher.trickle(null)).isEqualTo(204);
    publisher.awaitPublished();
  }

  @Test
  void slotEmptiesWhenItsPublisherLeaves(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    Participant watcher = room.enter(Performer.GREEN);
    publisher.publish(Publishing.USUAL);
    watcher.watch(0, 1);
    watcher.awaitColour(VIDEO, Performer.RED);
    assertThat(watcher.slots()).extracting(SlotView::peer, SlotView::state)
        .containsExactly(tuple(Performer.RED.peer(), "active"));

    assertThat(publisher.unpublish()).isEqualTo(200);

    Await.until("the slot to be empty", () -> watcher.slots().getFirst(), slot -> slot.state().equals("empty"));
    assertThat(watcher.slots().getFirst().peer()).isEmpty();
    assertThat(watcher.unwatch()).isEqualTo(200);
  }

  @Test
  void slotChangesItsSourceWithinOneStream(BrowserRoom room) {
    Participant red = room.enter(Performer.RED);
    Participant blue = room.enter(Performer.BLUE);
    Participant watcher = room.enter(Performer.GREEN);
    red.publish(Publishing.USUAL);
    blue.publish(Publishing.USUAL);
    watcher.watch(0, 1, Performer.RED.peer());
    watcher.awaitColour(VIDEO, Performer.RED);
    SlotStats before = watcher.slot(VIDEO);

    for (Performer next : new Performer[] {Performer.BLUE, Performer.RED, Performer.BLUE}) {
      watcher.assign(Wanted.of(VIDEO, next));
      watcher.awaitColour(VIDEO, next);
      watcher.awaitMoreFrames(VIDEO, 30);
    }

    SlotStats after = watcher.slot(VIDEO);
    System.out.println("slot switched three times: " + watcher.timeline(VIDEO) + ", " + after);
    assertThat(after.ssrc()).isEqualTo(before.ssrc());
    assertThat(after.framesDecoded()).isGreaterThan(before.framesDecoded());
    assertThat(after.keyFrameRequests())
        .as("pictures the decoder could not go on from")
        .isEqualTo(before.keyFrameRequests());
  }

  @Test
  void latecomerSeesThePictureSoon(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    publisher.publish(Publishing.USUAL);
    Participant early = room.enter(Performer.BLUE);
    early.watch(0, 1);
    early.awaitMoreFrames(VIDEO, 60);
    Participant late = room.enter(Performer.GREEN);
    late.watch(0, 1);
    late.awaitWatching();
    long encodedAtJoin = publisher.publisherStats().framesEncoded();

    late.awaitColour(VIDEO, Performer.RED);

    assertThat(publisher.publisherStats().framesEncoded() - encodedAtJoin)
        .isLessThan(MAX_FRAMES_TO_FIRST_PICTURE);
    early.awaitMoreFrames(VIDEO, 30);
  }

  /** Media flow under new credentials. */
  private static void awaitOtherIceSession(Callable<ConnectionDescription> connection, String ufrag) {
    Await.until("a path of another ICE session than " + ufrag, connection,
        now -> now.connectionState().equals("connected") && !now.iceUfrag().isEmpty()
            && !now.iceUfrag().equals(ufrag));
  }
}
