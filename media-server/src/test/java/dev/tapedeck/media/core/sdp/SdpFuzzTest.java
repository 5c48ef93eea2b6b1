package dev.tapedeck.media.core.sdp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.sdp.AnswerParams.Role;
import dev.tapedeck.protocol.fuzz.Mutator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever the bytes: a description or an {@link SdpException}, and an answer that fits what was read. */
class SdpFuzzTest {
  private static final long SEED = 8_866;
  private static final int MUTATIONS = 100_000;
  private static final int VARIANTS = 4;
  private static final Pattern NEEDED = Pattern.compile(
      "^([vosm]=|a=(group|mid|ice-ufrag|ice-pwd|fingerprint|rtcp-mux|send|recv|rid|simulcast|"
          + "rtpmap:(96|111|109|120) ))");

  private int parsed;
  private int answered;

  @Test
  void parsesAndAnswersAnything() {
    Mutator.run("sdp", SEED, offers(), MUTATIONS, bytes -> parseAndAnswer(new String(bytes, ISO_8859_1)));
    assertThat(answered).as("inputs that got as far as an answer").isGreaterThan(MUTATIONS / 25);
  }

  @Test
  void parsesAnyFragment() {
    Mutator.run("sdpfrag", SEED, fragments(), MUTATIONS, bytes -> parseFragment(new String(bytes, ISO_8859_1)));
  }

  /** Captured offers, our answers to them, and short cuts of both with lines left out or exchanged. */
  private static List<byte[]> offers() {
    Random random = new Random(SEED);
    List<String> texts = new ArrayList<>(List.of(Samples.SMALL_OFFER));
    Samples.all().stream().map(Samples::text).forEach(texts::add);
    Samples.PUBLISHERS.stream().map(name -> Samples.publish(Samples.text(name)).answerText()).forEach(texts::add);
    for (String text : List.copyOf(texts)) {
      for (int i = 0; i < VARIANTS; i++) {
        texts.add(variant(text, random, i % 2 == 0));
      }
    }
    return texts.stream().map(text -> text.getBytes(ISO_8859_1)).toList();
  }

  /** The text without most of the lines an answer can do without, so that a mutation hits what matters. */
  private static String variant(String text, Random random, boolean isExchanged) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    lines.removeIf(line -> !NEEDED.matcher(line).find() && random.nextInt(10) != 0);
    if (isExchanged) {
      int at = 1 + random.nextInt(lines.size() - 1);
      Collections.swap(lines, at, Math.min(at + 1, lines.size() - 1));
    }
    return String.join("\r\n", lines) + "\r\n";
  }

  private static List<byte[]> fragments() {
    Random random = new Random(SEED);
    List<byte[]> fragments = new ArrayList<>();
    for (int i = 0; i < Mutator.MIN_CORPUS; i++) {
      StringBuilder text = new StringBuilder("a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n");
      for (int line = random.nextInt(3); line >= 0; line--) {
        text.append("m=audio 9 RTP/AVP 0\r\na=mid:").append(line).append("\r\n");
        for (int candidate = random.nextInt(4); candidate > 0; candidate--) {
          text.append("a=candidate:").append(random.nextInt(1_000)).append(" 1 udp ").append(random.nextInt(1 << 30))
              .append(" 192.0.2.").append(random.nextInt(256)).append(' ').append(random.nextInt(65_536))
              .append(" typ host generation 0\r\n");
        }
        text.append(random.nextBoolean() ? "a=end-of-candidates\r\n" : "");
      }
      fragments.add(text.toString().getBytes(ISO_8859_1));
    }
    return fragments;
  }

  private void parseAndAnswer(String text) {
    SessionDescription offer;
    try {
      offer = SdpParser.parse(text);
    } catch (SdpException refused) {
      return;
    }
    assertThat(SdpParser.parse(SdpWriter.write(offer))).isEqualTo(offer);
    Role role = Role.values()[parsed++ % 2];
    Optional<SctpDescription> sctp = parsed % 4 < 2 ? Optional.empty() : Optional.of(new SctpDescription(5000, 0));
    try {
      assertFits(OfferAnswer.negotiate(offer, Samples.params(role, sctp)), offer);
      answered++;
    } catch (SdpException refused) {
      // as good an end as an answer
    }
  }

  private static void assertFits(Negotiated negotiated, SessionDescription offer) {
    SessionDescription answer = SdpParser.parse(negotiated.answerText());
    assertThat(answer).isEqualTo(negotiated.answer());
    assertThat(answer.media()).hasSameSizeAs(offer.media());
    assertThat(offer.bundle()).containsAll(answer.bundle());
    for (NegotiatedMedia line : negotiated.media()) {
      assertThat(answer.media().get(line.index()).port() == 0).isEqualTo(line.isRejected());
      assertThat(line.codecs().isEmpty()).isEqualTo(line.isRejected() || line.isData());
    }
  }

  private static void parseFragment(String text) {
    try {
      SdpFragment fragment = SdpFragment.parse(text);
      assertThat(SdpFragment.parse(fragment.write())).isEqualTo(fragment);
    } catch (SdpException refused) {
      // as good an end as a fragment
    }
  }
}
