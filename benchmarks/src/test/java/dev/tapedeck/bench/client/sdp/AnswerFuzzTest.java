package dev.tapedeck.bench.client.sdp;

import dev.tapedeck.bench.client.ice.IceCandidate;
import dev.tapedeck.bench.client.ice.IceParameters;
import dev.tapedeck.protocol.fuzz.Mutator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerFuzzTest {
  @Test
  void answersAreReadOrRefused() {
    Mutator.run("client-answer", 3, corpus(), 100_000, input -> {
      try {
        Answer.parse(new String(input, StandardCharsets.UTF_8)).media()
            .forEach(media -> media.payloadTypes().forEach(media::codecName));
      } catch (SdpException e) {
        // Refused with a reason: the only way out but success.
      }
    });
  }

  private static List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      IceParameters ice = new IceParameters("u" + i, "password-of-22-letters" + i,
          List.of(new IceCandidate("1", 1, i, "192.0.2." + i, 4000 + i, "host")));
      OfferedMedia video =
          OfferedMedia.sending("v" + i, MediaKind.VIDEO, Codec.vp8(96 + i % 16, 97 + i % 16), i, i + 1);
      OfferedMedia audio = OfferedMedia.receiving("a", MediaKind.AUDIO, List.of(Codec.opus(111)));
      corpus.add(OfferWriter.write(i % 2 == 0 ? List.of(video) : List.of(audio, video.withRids(List.of("q", "h"))), ice,
          "AB:CD", "me", i).getBytes(StandardCharsets.UTF_8));
    }
    return corpus;
  }
}
