package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.Participant;
import dev.tapedeck.standalone.browser.Participant.Publishing;
import dev.tapedeck.standalone.browser.Participant.Wanted;
import dev.tapedeck.standalone.browser.Performer;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three browsers publish themselves and watch each other. */
@ExtendWith(BrowserExtension.class)
class BrowserMeetingTest {
  private static final int OTHERS = 2;

  @ParameterizedTest
  @ValueSource(strings = {"video/VP8", "video/VP9", "video/H264", "video/AV1"})
  void everybodySeesAndHearsEverybodyElse(String codec, BrowserRoom room) {
    List<Participant> participants =
        List.of(room.enter(Performer.RED), room.enter(Performer.GREEN), room.enter(Performer.BLUE));
    for (Participant participant : participants) {
      participant.publish(Publishing.of(codec));
      participant.watch(OTHERS, OTHERS);
    }
    for (Participant watcher : participants) {
      watcher.assign(slotsFor(others(watcher, participants)));
    }
    for (Participant watcher : participants) {
      List<Participant> others = others(watcher, participants);
      for (int i = 0; i < OTHERS; i++) {
        Performer expected = others.get(i).performer();
        watcher.awaitTone(i, expected);
        watcher.awaitColour(OTHERS + i, expected);
        watcher.awaitMoreFrames(OTHERS + i, 30);
        assertThat(watcher.slot(OTHERS + i).codec()).isEqualTo(codec);
      }
    }
  }

  private static List<Participant> others(Participant self, List<Participant> all) {
    return all.stream().filter(participant -> participant != self).toList();
  }

  /** Audio slots come first, in the same order of peers as the video slots. */
  private static Wanted[] slotsFor(List<Participant> others) {
    Wanted[] wanted = new Wanted[2 * OTHERS];
    for (int i = 0; i < OTHERS; i++) {
      wanted[i] = Wanted.of(i, others.get(i).performer());
      wanted[OTHERS + i] = Wanted.of(OTHERS + i, others.get(i).performer());
    }
    return wanted;
  }
}
