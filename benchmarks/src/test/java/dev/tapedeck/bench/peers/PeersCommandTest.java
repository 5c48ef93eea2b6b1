package dev.tapedeck.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PeersCommandTest {
  private static String refusal(String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine command = new CommandLine(new PeersCommand()).setErr(new PrintWriter(said));
    assertThat(command.execute(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
    return said.toString();
  }

  @Test
  void namesThePeersItKnows() {
    assertThat(refusal("--peers", "janus,medooze")).contains("--peers has medooze, must be of", "janus", "rtpengine");
  }

  @Test
  void saysWhatAnOptionMayBe() {
    assertThat(refusal("--load", "screen")).contains("--load is screen, must be video or audio");
    assertThat(refusal("--subscribers", "0")).contains("--subscribers is 0, must be 1..500");
    assertThat(refusal("--profile", "aes")).contains("--profile is aes, must be gcm or cm");
  }

  @Test
  void aLoadSaysWhoHearsWhom() {
    assertThat(LoadShape.audio(8, 10).heardBy(3)).hasSize(9).doesNotContain(3);
    assertThat(LoadShape.audio(8, 10).forwardedPerSecond()).isEqualTo(8 * 10 * 9 * 50);
    assertThat(LoadShape.video(50, 1000).heardBy(49)).containsExactly(0);
    assertThat(LoadShape.video(50, 1000).forwardedPerSecond()).isEqualTo(50_000);
  }
}
