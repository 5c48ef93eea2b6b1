package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Participant;
import dev.tapedeck.standalone.browser.Participant.Publishing;
import dev.tapedeck.standalone.browser.Performer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Publisher and watcher number codecs and header extensions each in their own way. */
@ExtendWith(BrowserExtension.class)
class BrowserPayloadMappingTest {
  private static final String MID = "urn:ietf:params:rtp-hdrext:sdes:mid";
  private static final String TRANSPORT_WIDE_SEQUENCE =
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

  @Test
  void watcherGetsItsOwnNumbers(BrowserRoom room) {
    Participant publisher = room.enter(Performer.RED);
    Participant watcher = room.enter(Performer.GREEN);
    publisher.publish(Publishing.renumbered());
    watcher.watch(1, 1);

    watcher.awaitColour(1, Performer.RED);
    watcher.awaitTone(0, Performer.RED);
    watcher.awaitMoreFrames(1, 30);
    assertThat(publisher.publisherStats().codec()).isEqualTo(watcher.slot(1).codec());
    assertThat(publisher.publisherStats().payloadType()).isNotEqualTo(watcher.slot(1).payloadType());
    Map<String, Integer> sent = publisher.publisherConnection().extensionIds();
    Map<String, Integer> received = watcher.watcherConnection().extensionIds();
    for (String uri : List.of(MID, TRANSPORT_WIDE_SEQUENCE)) {
      assertThat(sent.get(uri)).as(uri).isNotNull().isNotEqualTo(received.get(uri));
      assertThat(received.get(uri)).as(uri).isNotNull();
    }
  }
}
