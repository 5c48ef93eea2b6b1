package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.Reliability;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserLab;
import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.DataEchoServer;
import dev.tapedeck.standalone.browser.Performer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chromium's own data channels through ICE, DTLS and SCTP of a real session. */
@ExtendWith(BrowserExtension.class)
class BrowserDataChannelTest {
  private static final String OFFER = """
      const done = arguments[arguments.length - 1];
      window.pc = new RTCPeerConnection();
      window.data = pc.createDataChannel('data', { negotiated: true, id: 0 });
      window.chat = pc.createDataChannel('chat', { ordered: false, maxRetransmits: 2, protocol: 'p' });
      pc.createOffer().then((offer) => pc.setLocalDescription(offer)).then(() => done(pc.localDescription.sdp));
      """;

  private static final String TALK = """
      const [answer, done] = arguments;
      const event = (target, name) => new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));
      const opened = (channel) => (channel.readyState === 'open' ? undefined : event(channel, 'open'));
      const echo = async (channel, message) => {
        channel.binaryType = 'arraybuffer';
        const reply = event(channel, 'message');
        channel.send(message);
        return (await reply).data;
      };
      const talk = async () => {
        const result = {};
        await pc.setRemoteDescription({ type: 'answer', sdp: answer });
        await opened(data);
        await opened(chat);
        result.maxMessageSize = pc.sctp.maxMessageSize;
        result.ids = [data.id, chat.id];
        result.text = await echo(data, 'grüße');
        result.empty = await echo(data, '');
        const large = new Uint8Array(262144).map((_, i) => i * 7 + (i >> 8));
        const back = new Uint8Array(await echo(data, large));
        result.largeIsEqual = back.length === large.length && back.every((byte, i) => byte === large[i]);
        result.emptyBinary = (await echo(data, new Uint8Array(0))).byteLength;
        result.chat = await echo(chat, 'unordered');
        const coming = event(pc, 'datachannel');
        data.send('!open theirs');
        const theirs = (await coming).channel;
        await opened(theirs);
        result.theirs = [theirs.label, theirs.id, theirs.ordered, await echo(theirs, 'on theirs')];
        const theirEnd = event(theirs, 'close');
        theirs.send('!close');
        await theirEnd;
        const ourEnd = event(chat, 'close');
        chat.close();
        await ourEnd;
        const burst = [];
        data.onmessage = (message) => burst.push(message.data);
        for (let i = 0; i < 200; i++) data.send(String(i));
        while (burst.length < 200) await event(data, 'message');
        result.burstIsInOrder = burst.every((text, i) => text === String(i));
        pc.close();
        return result;
      };
      talk().then(done, (problem) => done({ problem: String(problem) }));
      """;

  @Test
  @SuppressWarnings("unchecked")
  void channelsOfChromiumOpenEchoAndClose(BrowserLab lab) throws Exception {
    ChromiumPage page = lab.browser(Performer.BLUE);
    page.open("about:blank");
    try (DataEchoServer server = new DataEchoServer()) {
      String offer = (String) page.driver().executeAsyncScript(OFFER);
      Map<String, Object> result =
          (Map<String, Object>) page.driver().executeAsyncScript(TALK, server.answer(offer));

      assertThat(result).doesNotContainKey("problem")
          .containsEntry("maxMessageSize", 262_144L)
          .containsEntry("ids", List.of(0L, 2L))
          .containsEntry("text", "grüße")
          .containsEntry("empty", "")
          .containsEntry("largeIsEqual", true)
          .containsEntry("emptyBinary", 0L)
          .containsEntry("chat", "unordered")
          .containsEntry("theirs", List.of("theirs", 1L, true, "on theirs"))
          .containsEntry("burstIsInOrder", true);
      assertThat(server.events).contains(new SctpEvent.Up(), new SctpEvent.ChannelClosed(1), new SctpEvent.ChannelClosed(2),
          new SctpEvent.ChannelOpened(2,
              new ChannelParameters("chat", "p", false, new Reliability.Retransmits(2), 256), true));
    }
  }
}
