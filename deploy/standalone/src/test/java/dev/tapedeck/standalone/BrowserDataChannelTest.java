package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.Reliability;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserLab;
import dev.tapedeck.standalone.browser.DataTalk;
import dev.tapedeck.standalone.browser.FirefoxPage;
import dev.tapedeck.standalone.browser.Performer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The data channels of browsers through ICE, DTLS and SCTP of a real session. */
@ExtendWith(BrowserExtension.class)
class BrowserDataChannelTest {
  private static final String EVERYTHING_WORKED = """
      {"maxMessageSize": 262144, "ids": [0, 2], "text": "grüße", "emptyText": "", "emptyBytes": 0, "isLargeEqual": true,
       "chat": "unordered", "theirs": ["theirs", 1, "on theirs"], "isBurstInOrder": true}""";

  @Test
  void channelsOfChromiumOpenEchoAndClose(BrowserLab lab) throws Exception {
    try (DataTalk talk = new DataTalk()) {
      lab.browser(Performer.BLUE).open(talk.url());
      assertEverythingWorked(talk, ChannelParameters.NORMAL_PRIORITY);
    }
  }

  @Test
  void channelsOfFirefoxOpenEchoAndClose() throws Exception {
    try (DataTalk talk = new DataTalk();
        FirefoxPage page = new FirefoxPage(talk.url(), Path.of("target", "browser", "firefox"))) {
      assertEverythingWorked(talk, 0);
    }
  }

  /** @param priority the browser gives a channel when nobody asks for one */
  private static void assertEverythingWorked(DataTalk talk, int priority) throws Exception {
    assertThat(talk.result()).isEqualTo(new ObjectMapper().readTree(EVERYTHING_WORKED));
    assertThat(talk.serverEvents()).contains(new SctpEvent.Up(), new SctpEvent.ChannelClosed(1),
        new SctpEvent.ChannelClosed(2), new SctpEvent.ChannelOpened(2,
            new ChannelParameters("chat", "p", false, new Reliability.Retransmits(2), priority), true));
  }
}
