package dev.tapedeck.media.core.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.sdp.AnswerParams.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Answers to captured offers, compared byte for byte with those reviewed by hand. */
class OfferAnswerGoldenTest {
  private static final List<String> PUBLISHERS = Samples.PUBLISHERS;
  private static final List<String> WATCHERS = Samples.WATCHERS;

  @ParameterizedTest
  @FieldSource("PUBLISHERS")
  void answersPublisher(String offer) throws IOException {
    assertGolden(offer + "-publish", Samples.publish(Samples.text(offer)).answerText());
  }

  @ParameterizedTest
  @FieldSource("WATCHERS")
  void answersWatcher(String offer) throws IOException {
    assertGolden(offer + "-watch", Samples.watch(Samples.text(offer)).answerText());
  }

  private static void assertGolden(String name, String answer) throws IOException {
    Path golden = Path.of("src/test/resources/sdp/answers", name + ".sdp");
    String expected = Files.exists(golden) ? Files.readString(golden) : "";
    if (!answer.equals(expected)) {
      Path got = Files.createDirectories(Path.of("target/answers")).resolve(name + ".sdp");
      Files.writeString(got, answer);
      assertThat(answer).as("%s differs; see %s", golden, got).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @FieldSource("PUBLISHERS")
  void answersSameOfferTheSameWay(String offer) {
    Negotiated first = OfferAnswer.negotiate(Samples.offer(offer), Samples.params(Role.PUBLISH));
    Negotiated second = OfferAnswer.negotiate(Samples.offer(offer), Samples.params(Role.PUBLISH));
    assertThat(first).isEqualTo(second);
  }
}
