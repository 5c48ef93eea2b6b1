package dev.tapedeck.connector.io.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.core.hook.HookSignature;
import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.core.hook.SampleEvents;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.wire.HookEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our bodies and signatures before a real Express, in a handler as backends write it. Needs node and npm. */
class NodeReceiverTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Redacted SECRET = Redacted.of("wh-secret");
  private static final String EXPRESS = "express@5.1.0";

  private static Process receiver;
  private static BufferedReader judged;
  private static String url;

  private final HookPost post =
      new HookPost(OutboundPolicy.of(Set.of("http"), List.of("127.0.0.1")), Duration.ofSeconds(10));

  @BeforeAll
  static void startReceiver() throws Exception {
    Path modules = Path.of("target", "node-receiver").toAbsolutePath();
    Files.createDirectories(modules);
    if (Files.notExists(modules.resolve("node_modules/express/package.json"))) {
      run(modules, "npm", "install", "--no-audit", "--no-fund", "--prefix", modules.toString(), EXPRESS);
    }
    ProcessBuilder node = new ProcessBuilder("node", Path.of("src/test/node/receiver.mjs").toAbsolutePath().toString(),
        modules.toString());
    node.environment().put("WEBHOOK_SECRET", SECRET.reveal());
    node.redirectError(ProcessBuilder.Redirect.INHERIT);
    receiver = node.start();
    judged = new BufferedReader(new InputStreamReader(receiver.getInputStream(), UTF_8));
    url = "http://127.0.0.1:" + judged.readLine() + "/webhooks/recording-completed";
  }

  @AfterAll
  static void stopReceiver() throws Exception {
    receiver.getOutputStream().close();
    assertThat(receiver.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void acceptsEveryEventInBothJsonStyles() throws Exception {
    for (HookStyle style : List.of(HookStyle.REFERENCE, HookStyle.PROTO3)) {
      for (HookEvent event : SampleEvents.all()) {
        byte[] body = style.body(event);

        assertThat(send(body, HookSignature.ofBody(SECRET, body))).as(new String(body, UTF_8)).isEqualTo(200);
        JsonNode verdict = JSON.readTree(judged.readLine());
        assertThat(verdict.get("valid").booleanValue()).isTrue();
        assertThat(verdict.get("body").textValue()).isEqualTo(new String(body, UTF_8));
      }
    }
  }

  @Test
  void refusesABodyWithOneByteChanged() throws Exception {
    byte[] body = HookStyle.REFERENCE.body(SampleEvents.all().getFirst());
    String signature = HookSignature.ofBody(SECRET, body);
    int digit = new String(body, UTF_8).indexOf("\"ts\":") + 6;
    body[digit] = (byte) (body[digit] == '1' ? '2' : '1');

    assertThat(send(body, signature)).isEqualTo(401);
    assertThat(JSON.readTree(judged.readLine()).get("valid").booleanValue()).isFalse();
  }

  private int send(byte[] body, String signature) throws Exception {
    return post.send(url, Map.of("content-type", "application/json", "x-webhook-signature", signature,
        "x-webhook-id", "1"), body);
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + " failed: " + output).isZero();
  }
}
