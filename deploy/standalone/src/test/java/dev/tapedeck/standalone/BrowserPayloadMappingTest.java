package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Participant;
import dev.tapedeck.standalone.browser.Participant.Publishing;
import dev.tapedeck.standalone.browser.Performer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Publisher and watcher number codecs and header extensions each in their own way. */
@ExtendWith(BrowserExtension.class)
class BrowserPayloadMappingTest {
  private static final String MID = "urn:ietf:params:rtp-hdrext:sdes:mid";

  @Test
  void watcherGetsItsOwnNumbers(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    Participant watcher = room.enter(Performer.GREEN);
    publisher.publish(Publishing.renumbered());
    publisher.awaitPublished();
    Map<String, Integer> usual = watcher.publish(Publishing.USUAL).extensionIds();
    watcher.watch(1, 1, Performer.RED.peer());

    watcher.awaitColour(1, Performer.RED);
    watcher.awaitTone(0, Performer.RED);
    watcher.awaitMoreFrames(1, 30);
    assertThat(publisher.publisherStats().codec()).isEqualTo(watcher.slot(1).codec());
    assertThat(publisher.publisherStats().payloadType()).isNotEqualTo(watcher.slot(1).payloadType());
    assertThat(publisher.extensionIds().get(MID)).isNotNull().isNotEqualTo(usual.get(MID));
  }
}
